import { queueOf } from '../board/queues.ts';
import { addRuleset, removeRuleset, rulesetFrom } from '../board/rulesets.ts';
import { answer, answerNothing } from '../http/answers.ts';
import { pathPart } from '../http/environment.ts';
import { notFound } from '../http/failures.ts';
import { answerPage } from '../http/paging.ts';
import type { Parts } from '../parts.ts';
import { nameOf } from '../records.ts';
import { queueRuleShape } from '../shapes/queue.ts';
import type { ForgeRoutes } from './app.ts';
import { openRepository, readFields } from './open.ts';

/** Rulesets, of which the forge knows those that ask for a merge queue. */
export function addRulesetRoutes(app: ForgeRoutes, parts: Parts): void {
  app.get('/repos/:owner/:repo/rules/branches/:branch{.+}', c => {
    const repository = openRepository(c, parts, 'read');
    const queue = queueOf(repository, pathPart(c, 'branch'));
    return answerPage(c, queue === undefined ? [] : [queue], one => queueRuleShape(repository, one));
  });

  app.post('/repos/:owner/:repo/rulesets', async c => {
    const fields = await readFields(c, 'Ruleset');
    const repository = openRepository(c, parts, 'admin');
    const ruleset = rulesetFrom(fields, repository);
    const id = addRuleset(parts, repository, ruleset);
    const source = nameOf(repository);
    const shape = { id, name: ruleset.name, source_type: 'Repository', source, enforcement: 'active' };
    return answer(c, shape, 201);
  });

  app.delete('/repos/:owner/:repo/rulesets/:ruleset_id', c => {
    const repository = openRepository(c, parts, 'admin');
    if (!removeRuleset(parts, repository, Number(pathPart(c, 'ruleset_id')))) throw notFound();
    return answerNothing(c);
  });
}
