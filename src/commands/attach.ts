import { spawn } from 'node:child_process';
import { openProject, type Project, withReader } from '../context.ts';
import type { Unit } from '../core/units.ts';
import { HarnessError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { parseIssueName } from './issue-name.ts';

export interface AttachOptions {
  readonly dir?: string | undefined;
  readonly unit: string;
  readonly issue?: string | undefined;
  readonly watch?: boolean | undefined;
}

/** Attaches the terminal to the session of an issue's agent, or, without an issue, to the worker of a unit. */
export async function attachCommand(options: AttachOptions, io: Invocation): Promise<number> {
  const project = await openProject(io, options.dir);
  const name =
    options.issue === undefined
      ? await workerOf(project, options.unit)
      : await sessionOn(project, io, { unit: options.unit, issue: options.issue });
  if (!io.isInteractive) {
    throw new HarnessError('usage-invalid', 'attach needs a terminal.', {
      fix: 'Run it in a terminal, or read the log that `harness status --json` names.',
    });
  }
  const { program, argv, env } = project.tmux.attachCommand(name, { readOnly: options.watch === true });
  const child = spawn(program, argv, { env: { ...env, TERM: io.env.TERM ?? 'xterm' }, stdio: 'inherit' });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', code => resolve(code ?? 1));
  });
}

async function sessionOn(
  project: Project,
  io: Invocation,
  { unit, issue }: { readonly unit: string; readonly issue: string },
): Promise<string> {
  const { number } = parseIssueName(unitsNamed(project, unit), issue);
  const sessions = await withReader(project, io, engine => engine.sessions.list());
  const live = sessions.filter(({ state }) => state === 'running');
  const found = live.find(({ plan }) => plan.unit === unit && plan.issue === number);
  if (found) return found.plan.name;
  const names = live.map(({ plan }) => `${plan.unit} ${plan.issue}`).join(', ');
  throw new HarnessError('not-running', `No session works on #${number} of unit ${unit}.`, {
    fix: names ? `These can be attached to: ${names}.` : 'No session is live; see `harness status`.',
  });
}

function unitsNamed(project: Project, id: string): readonly Unit[] {
  const units = project.units();
  const named = units.filter(unit => unit.id === id);
  if (named.length > 0) return named;
  throw new HarnessError('usage-invalid', `There is no unit ${JSON.stringify(id)}.`, {
    fix: `These there are: ${units.map(unit => unit.id).join(', ')}.`,
  });
}

async function workerOf(project: Project, unit: string): Promise<string> {
  const sessions = await project.tmux.listSessions();
  const workers = sessions.map(({ name }) => name).filter(name => name.startsWith(`${project.prefix}-w`));
  const [first] = workers.toSorted();
  if (first) return first;
  throw new HarnessError('not-running', `No worker of unit ${unit} runs.`);
}
