import { expect, it } from 'vitest';
import type { Client } from '../../../src/adapters/github/client.ts';
import { connect } from '../../../src/adapters/github/connection.ts';
import { addLabel, createRepository, missingLabels } from '../../../src/adapters/github/furnish.ts';
import { APP, aForgeWithRepository, octokitOf } from '../../forge/a-forge.ts';
import { aClock, aLog, aSnapshotsDir, LOST } from './setup.ts';

const LABEL = { name: 'ready-for-agent', color: '0e8a16', description: 'Work for an agent' };

function aClient(apiUrl: string): Client {
  const snapshotsDir = aSnapshotsDir();
  return connect({
    ...{ apiUrl, snapshotsDir, gatesDir: `${snapshotsDir}-gates`, readOnly: false, fetch },
    ...{ token: async () => 'token-acme', clock: aClock(), log: aLog() },
  }).client;
}

it.each(LOST)('adds a label once although the answer is lost: $kind', async effect => {
  const forge = await aForgeWithRepository();
  const client = aClient(forge.apiUrl);
  forge.faults.add({ ...effect, method: 'POST', count: 1 });
  await addLabel(client, 'acme/app', LABEL);
  expect(await missingLabels(client, 'acme/app', [LABEL])).toEqual([]);
  const { data } = await octokitOf(forge).rest.issues.listLabelsForRepo({ ...APP, per_page: 100 });
  expect(data.filter(({ name }) => name === LABEL.name)).toHaveLength(1);
});

it.each(LOST)('creates a repository although the answer is lost: $kind', async effect => {
  const forge = await aForgeWithRepository();
  forge.faults.add({ ...effect, method: 'POST', count: 1 });
  const wanted = { repo: 'acme/new', login: 'acme', description: 'New', isPublic: false, pace: false };
  await createRepository(aClient(forge.apiUrl), wanted);
  const { data } = await octokitOf(forge).rest.repos.get({ owner: 'acme', repo: 'new' });
  expect(data).toMatchObject({ full_name: 'acme/new', description: 'New', private: true });
});

it('says why a repository cannot be created', async () => {
  const forge = await aForgeWithRepository();
  const wanted = { repo: 'acme/app', login: 'acme', description: '', isPublic: false, pace: false };
  const refused = createRepository(aClient(forge.apiUrl), wanted);
  await expect(refused).rejects.toMatchObject({ code: 'github-refused' });
});
