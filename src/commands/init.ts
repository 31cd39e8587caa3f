import { dirname, resolve } from 'node:path';
import { type ProjectPaths, projectPaths } from '../config.ts';
import { SETTINGS } from '../core/settings.ts';
import { EXIT, HarnessError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import type { Checkout, CheckoutQuery } from '../ports.ts';
import { gatherAnswers, type SettingFlags } from './init/answers.ts';
import { planIgnoreList } from './init/ignore.ts';
import { currentValue, planFiles, readSettingsFile, type SettingsFile } from './init/plan.ts';
import { describeReport, reportInit } from './init/report.ts';
import { writeTexts } from './init/write.ts';

/** The flags of `harness init`. An empty text is an answer too: it leaves the setting blank. */
export interface InitOptions extends SettingFlags {
  /** The directory to look for the checkout from; default the current one. */
  readonly dir?: string | undefined;
  /** Which remote names the repository. */
  readonly remote?: string | undefined;
  /** Ask nothing, take flags and guesses. */
  readonly yes?: boolean | undefined;
  /** Change settings that are set differently, and go on when the repository looks unfit. */
  readonly force?: boolean | undefined;
  /** List the host's files in `.gitignore` instead of the clone's own `info/exclude`. */
  readonly gitignore?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Why a fleet could not work on a repository (archived, no push right …), and what is not known; one line each. */
export interface RepositoryCheck {
  readonly refusals: readonly string[];
  readonly remarks: readonly string[];
}

/** What `init` needs of the world outside; the composition root has the real ones. */
export interface InitSeams {
  readonly readCheckout: (query: CheckoutQuery) => Promise<Checkout | null>;
  readonly checkRepository: (target: {
    readonly repo: string;
    readonly apiUrl: string;
    /** HARNESS_REVIEW and HARNESS_BASE: whether somebody has to approve, and for which branch. */
    readonly review: string;
    readonly base: string;
  }) => Promise<RepositoryCheck>;
}

const CONFIG = '.harness/config';
const HOST_FILES = ['.harness/run/', '.harness/config.local'];

/**
 * Makes a directory a project: finds its repository, proposes settings, writes them and keeps the host's own
 * files out of git. Run again it adds what is missing and changes nothing else. Returns the exit code. Throws
 * `not-a-repository`, `no-remote`, `config-differs`, `config-invalid`, `config-unwritable`, `github-refused`.
 */
export async function initCommand(options: InitOptions, io: Invocation, seams: InitSeams): Promise<number> {
  const dir = resolve(io.cwd, options.dir ?? '.');
  const checkout = await seams.readCheckout({ dir, paths: [CONFIG, ...HOST_FILES], env: io.env });
  if (checkout === null && options.repo === undefined) {
    throw new HarnessError('not-a-repository', `No git checkout in ${dir} or above it.`);
  }
  const paths = projectPaths(checkout?.root ?? dir, io.env);
  refuseHarnessHome(paths);

  const files = [
    await readSettingsFile('host', paths.localFile),
    await readSettingsFile('policy', paths.configFile),
  ];
  const answers = await gatherAnswers({
    flags: options,
    remote: options.remote,
    checkout,
    projectDir: paths.projectDir,
    files,
    canAsk: io.isInteractive && options.yes !== true && options.json !== true,
  });
  if (answers === null) {
    io.err('Nothing was written.\n');
    return EXIT.interrupted;
  }
  const planned = planFiles(files, answers, { force: options.force === true });
  refuseMissingSpec(planned);
  const ignoreList = await planIgnoreList(checkout, {
    hostFiles: HOST_FILES,
    inTree: options.gitignore === true,
  });
  const { refusals, remarks } = await checkRepository(planned, io, seams);
  if (refusals.length > 0 && options.force !== true) {
    throw new HarnessError('github-refused', refusals.join('\n'), {
      fix: 'Mend the repository or choose another one; --force goes on regardless.',
    });
  }

  const written = planned.filter(({ changed }) => changed.length > 0);
  await writeTexts([...(ignoreList === null ? [] : [ignoreList]), ...written]);
  const problems = [...refusals, ...remarks];
  const report = reportInit({ paths, planned, answers, ignoreList, problems, checkout, env: io.env });
  io.out(options.json === true ? `${JSON.stringify(report)}\n` : describeReport(report));
  return EXIT.ok;
}

/** A project in the home directory would share `.harness` with the engine. */
function refuseHarnessHome({ projectDir, runDir, harnessHome }: ProjectPaths): void {
  if (dirname(runDir) !== harnessHome) return;
  throw new HarnessError(
    'config-invalid',
    `${harnessHome} is the home of Harness; it can't be a project too.`,
    {
      fix: `Choose another directory than ${projectDir} with --dir.`,
    },
  );
}

function refuseMissingSpec(files: readonly SettingsFile[]): void {
  if (currentValue(files, 'HARNESS_MODE') !== 'planned') return;
  if (currentValue(files, 'HARNESS_SPEC') !== undefined) return;
  throw new HarnessError(
    'usage-invalid',
    'The planned mode starts from a specification, and none is named.',
    {
      fix: 'Name the path of a file in the repository with --spec.',
    },
  );
}

async function checkRepository(
  files: readonly SettingsFile[],
  { env }: Pick<Invocation, 'env'>,
  seams: InitSeams,
): Promise<RepositoryCheck> {
  const repo = currentValue(files, 'HARNESS_REPO');
  if (repo === undefined) return { refusals: [], remarks: [] };
  const apiUrl =
    currentValue(files, 'HARNESS_API_URL') ?? (env.HARNESS_API_URL || SETTINGS.HARNESS_API_URL.default);
  const review = currentValue(files, 'HARNESS_REVIEW') ?? SETTINGS.HARNESS_REVIEW.default;
  const base = currentValue(files, 'HARNESS_BASE') ?? '';
  return await seams.checkRepository({ repo, apiUrl, review, base });
}
