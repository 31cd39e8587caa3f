import { openEngine, openProject } from '../context.ts';
import { EXIT, HarnessError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import { answerIssue } from '../loop/answer.ts';
import { parseWorkName } from './issue-name.ts';

export interface AnswerOptions {
  readonly dir?: string | undefined;
  /** `7`, `#7` or `acme/app#7`; the name of a unit means its stages, PLAN and PRD. */
  readonly issue: string;
  readonly answer: string;
  readonly json?: boolean | undefined;
}

/** Answers what an agent asks: at once where it runs on this host, else for the next attempt on whatever host. */
export async function answerCommand(
  { dir, issue, answer: text, json }: AnswerOptions,
  io: Invocation,
): Promise<number> {
  const answer = text.trim();
  if (answer === '' || answer.length > LONGEST) {
    throw new HarnessError('usage-invalid', `Expected an answer of 1 to ${LONGEST} characters.`);
  }
  const project = await openProject(io, dir);
  const { repo, unit, number } = parseWorkName(project.units(), issue);
  const name = number === null ? unit : `${repo}#${number}`;
  const to = await answerIssue(await openEngine(project, io), { repo, unit, number, answer });
  project.ring(`answer to ${name}`);
  if (json) io.out(`${JSON.stringify({ issue: name, to })}\n`);
  else io.out(to === 'live' ? `The agent on ${name} has it.\n` : `The next attempt on ${name} gets it.\n`);
  return EXIT.ok;
}

const LONGEST = 10_000;
