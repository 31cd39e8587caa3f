import type { Project } from '../../context.ts';
import type { Issue } from '../../core/world.ts';
import { EXIT, HarnessError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import type { Engine } from '../../loop/engine.ts';
import type { InjectionVerdict } from '../../loop/inject.ts';
import { renderReasons } from '../../render/additions.ts';
import { describePickUp, whoPicksUp } from './pick-up.ts';

type Refused = Exclude<InjectionVerdict, { kind: 'accepted' }>;

/** What may be made real, or was. Throws `not-added`, with every reason, when it may not. */
export function unlessRefused<A extends { readonly kind: 'accepted' | 'added' }>(verdict: A | Refused): A {
  if (isRefused(verdict)) throw refusal(verdict);
  return verdict;
}

const isRefused = (verdict: { readonly kind: string }): verdict is Refused =>
  verdict.kind === 'refused' || verdict.kind === 'changed';

function refusal(verdict: Refused): HarnessError {
  if (verdict.kind === 'refused') {
    return new HarnessError('not-added', renderReasons("It can't be added:", verdict.problems).trimEnd());
  }
  const head = 'The issues have changed since it was proposed:';
  return new HarnessError('not-added', renderReasons(head, verdict.differences).trimEnd(), {
    fix: 'Nothing was written. Run the command again: it looks at the issues as they are now.',
  });
}

/** Says what was added, and who will take it up. */
export async function tellAdded(
  { project, engine, io }: { readonly project: Project; readonly engine: Engine; readonly io: Invocation },
  {
    repo,
    issues,
    json,
    more,
  }: {
    readonly repo: string;
    readonly issues: readonly (Pick<Issue, 'number' | 'title' | 'labels'> & { readonly repo: string })[];
    readonly json: boolean;
    /** Facts of the command's own, for --json. */
    readonly more: Readonly<Record<string, unknown>>;
  },
): Promise<number> {
  project.ring(`${issues.length} added to ${repo}`);
  const pickUp = await whoPicksUp(project, engine, repo, issues);
  if (json) {
    // Its repository is said where it is another one than asked for.
    const added = issues.map(one => ({
      number: one.number,
      title: one.title,
      ...(one.repo === repo ? {} : { repo: one.repo }),
    }));
    io.out(`${JSON.stringify({ repo, added, ...more, pickUp }, null, 2)}\n`);
    return EXIT.ok;
  }
  for (const one of issues) io.out(`added ${one.repo}#${one.number} ${one.title}\n`);
  io.out(describePickUp(pickUp, project.settings.HARNESS_LEASE_TTL));
  return EXIT.ok;
}
