import { withOwnSessions } from '../../context/own-sessions.ts';
import { openEngine, openProject, type Project } from '../../context.ts';
import { EXIT, HarnessError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import type { Engine } from '../../loop/engine.ts';
import {
  asInjector,
  finishInjection,
  type Injection,
  inject,
  injectorProfile,
  judgeInjection,
} from '../../loop/inject.ts';
import { askedFor, type Brief, prepareInjection, proposeInjection } from '../../loop/injection-session.ts';
import { renderAdditions } from '../../render/additions.ts';
import { agree, type Consent, canAgree } from './confirm.ts';
import { tellAdded, unlessRefused } from './outcome.ts';
import { describePickUp, whoPicksUp } from './pick-up.ts';
import { unitNamed } from './unit.ts';

export interface BriefOptions extends Consent {
  readonly dir?: string | undefined;
  readonly wants: Brief['wants'];
  /** What is wanted, in a person's words. */
  readonly brief: string;
  readonly unit?: string | undefined;
}

/**
 * Has an agent propose what to add for a person's words, in a session of its own in the foreground; shows it, and makes
 * it real when the person agrees. Needs no running fleet. Ctrl-C ends the session and leaves nothing behind.
 */
export async function briefCommand(options: BriefOptions, io: Invocation): Promise<number> {
  const project = await openProject(io, options.dir);
  const { repo, id: unit } = unitNamed(project, options.unit);
  const brief = { repo, unit, wants: options.wants, text: options.brief };
  refuseInVain(options, project, io);
  const json = options.json === true;
  const engine = asInjector(await openEngine(project, io));
  const finished = options.dryRun ? null : await finishInjection(engine, brief);
  if (finished?.asked === askedFor(brief)) {
    return tellAdded({ project, engine, io }, { repo, issues: finished.issues, json, more: {} });
  }
  const { signal } = io;
  const say = (text: string) => (json ? undefined : io.out(text));
  for (const one of finished?.issues ?? []) {
    say(`An earlier command had begun it; it is finished now: ${one.repo}#${one.number} ${one.title}\n`);
  }
  const injection = await propose({ project, io, signal, say }, brief);
  if (injection === null || signal.aborted) return interrupted(io);
  const { proposal } = unlessRefused(await judgeInjection(engine, injection));
  say(renderAdditions(repo, proposal));
  if (options.dryRun) {
    const pickUp = await whoPicksUp(project, engine, repo, []);
    if (json) io.out(`${JSON.stringify({ repo, added: [], plan: proposal, pickUp }, null, 2)}\n`);
    say(describePickUp(pickUp, project.settings.HARNESS_LEASE_TTL));
    return EXIT.ok;
  }
  const answer = await agree(options, io);
  if (answer !== 'yes') return answer;
  const { issues } = unlessRefused(await inject(engine, injection));
  return tellAdded({ project, engine, io }, { repo, issues, json, more: { reopened: reopenedBy(proposal) } });
}

/** A session costs money: nothing is asked of an agent that can't be made real in the end. */
function refuseInVain(options: BriefOptions, { settings }: Project, io: Invocation): void {
  if (options.brief.trim() === '') throw new HarnessError('usage-invalid', 'Say what is wanted.');
  if (options.wants !== 'issue' && settings.HARNESS_MODE === 'issue-only') {
    throw new HarnessError('usage-invalid', 'Nobody works on PRDs in HARNESS_MODE=issue-only.', {
      fix: 'Use `harness issue`, or set HARNESS_MODE to prd or planned.',
    });
  }
  if (options.dryRun || canAgree(options, io)) return;
  throw new HarnessError('usage-invalid', 'There is no terminal to ask at, and no agent was started.', {
    fix: 'Add --yes to go ahead, or --dry-run to see what would be added.',
  });
}

interface Foreground {
  readonly project: Project;
  readonly io: Invocation;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

const propose = ({ project, io, signal, say }: Foreground, brief: Brief): Promise<Injection | null> =>
  withOwnSessions(project, io, async (engine: Engine, attach) => {
    const session = await prepareInjection(engine, brief);
    if (session.held !== null) {
      const { reason, until } = session.held;
      throw new HarnessError('not-added', `No agent is asked now: ${reason}.`, {
        fix: `Wait until ${until}.`,
      });
    }
    say(`Asking ${injectorProfile(engine)} what to add to ${brief.repo} …\n`);
    say(`Watch it with: ${attach(session.plan.name)}\n`);
    return proposeInjection(engine, brief, { session, signal });
  });

function interrupted(io: Invocation): number {
  io.err('Interrupted: nothing was written.\n');
  return EXIT.interrupted;
}

const reopenedBy = (proposal: { readonly kind: string; readonly reopen?: readonly number[] }) =>
  proposal.reopen ?? [];
