import { describe, expect, it } from 'vitest';
import { type Remains, type Resumption, resumptionOf } from '../../src/core/resume.ts';

const SESSIONS = ['live', 'over', 'none'] as const;
const OUTCOMES = ['valid', 'invalid', 'missing'] as const;
const WORKTREES = ['dirty', 'clean', 'gone'] as const;
const PULLS = ['none', 'open', 'closed', 'merged'] as const;
const EITHER = [true, false] as const;

/** Every combination, also those that should not come about. */
const ALL: readonly Remains[] = SESSIONS.flatMap(session =>
  OUTCOMES.flatMap(outcome =>
    WORKTREES.flatMap(worktree =>
      EITHER.flatMap(hasCommits =>
        EITHER.flatMap(isPushed =>
          PULLS.map(pull => ({ session, outcome, worktree, hasCommits, isPushed, pull })),
        ),
      ),
    ),
  ),
);

/** The table: of the rows that match, the first one counts. `*` is anything. */
const TABLE = `
  session  outcome  worktree  commits  pushed  pull     then
  live     *        *         *        *       *        wait
  *        *        *         *        yes     merged   go-on
  over     valid    dirty     *        *       *        land
  over     valid    clean     *        *       *        land
  *        *        *         *        yes     *        go-on
  over     valid    gone      *        no      *        land
  *        *        dirty     *        no      *        save
  *        *        clean     yes      no      *        save
  *        *        gone      yes      no      *        save
  *        *        clean     no       no      *        end
  *        *        gone      no       no      *        end
`;

const rows = TABLE.trim()
  .split('\n')
  .slice(1)
  .map(line => line.trim().split(/\s+/));

const yes = (is: boolean) => (is ? 'yes' : 'no');

function expected({ session, outcome, worktree, hasCommits, isPushed, pull }: Remains): Resumption {
  const facts = [session, outcome, worktree, yes(hasCommits), yes(isPushed), pull];
  const row = rows.find(cells => facts.every((fact, at) => cells[at] === '*' || cells[at] === fact));
  return row?.at(-1) as Resumption;
}

describe('what is done about an attempt', () => {
  it('is what the table says, for every combination of what is left', () => {
    expect(ALL).toHaveLength(3 * 3 * 3 * 2 * 2 * 4);
    const wrong = ALL.filter(remains => resumptionOf(remains) !== expected(remains));
    expect(wrong).toEqual([]);
  });

  it('needs every row of the table', () => {
    const used = ALL.map(remains => {
      const facts = [
        remains.session,
        remains.outcome,
        remains.worktree,
        yes(remains.hasCommits),
        yes(remains.isPushed),
        remains.pull,
      ];
      return rows.findIndex(cells => facts.every((fact, at) => cells[at] === '*' || cells[at] === fact));
    });
    expect([...new Set(used)].sort((a, b) => a - b)).toEqual(rows.map((_row, at) => at));
  });

  it('never forgets work: what is not landed from somewhere is saved', () => {
    const hasWork = ({ worktree, hasCommits }: Remains) => worktree === 'dirty' || hasCommits;
    expect(ALL.filter(remains => hasWork(remains) && resumptionOf(remains) === 'end')).toEqual([]);
  });

  it('never touches what an agent is at work on', () => {
    expect(ALL.filter(({ session }) => session === 'live').map(resumptionOf)).toEqual(
      ALL.filter(({ session }) => session === 'live').map(() => 'wait'),
    );
  });
});
