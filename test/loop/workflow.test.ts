import { expect, it } from 'vitest';
import { BASE } from '../../src/simulate/github/remote.ts';
import { aStage, type Stage } from '../helpers/ports.ts';

/** A person's push of a WORKFLOW.md to the base. */
function pushWorkflow({ universe, github: { remote } }: Stage, text: string): void {
  const tip = remote.branches.get(BASE) ?? '';
  const files = new Map(universe.objects.read(tip).tree.files).set('WORKFLOW.md', text);
  remote.branches.set(BASE, universe.objects.commit({ files, parents: [tip], by: 'person alice' }).oid);
  universe.watch.basePushed(remote);
}

it('says to agents what WORKFLOW.md says, and starts none while it is invalid', async () => {
  const stage = aStage({ issues: [{}, {}], config: { HARNESS_CAP: '1' } });
  const prompts: string[] = [];
  const here = stage.fleet('h1', engine => ({
    ...engine,
    prompts: { ...engine.prompts, impl: '{{ISSUE_TEXT}}{{PROJECT}}\n# Rules' },
    sessions: {
      ...engine.sessions,
      launch: (name, launch) => {
        prompts.push(launch.prompt);
        return engine.sessions.launch(name, launch);
      },
    },
  }));
  pushWorkflow(stage, 'Be kind to {{ issue.identifier }}.');
  await here.tick();
  expect(prompts).toHaveLength(1);
  expect(prompts[0]).toContain('\n\nBe kind to sim/app#1.\n\n# Rules');

  pushWorkflow(stage, '---\nagents: 5\n---\nBe quick.');
  await here.untilAgentsStop();
  await here.tick();
  // What was at work lands; nothing new begins.
  expect(stage.github.issue(1).state).toBe('closed');
  const { holds } = await here.tick();
  expect(holds).toMatchObject([
    {
      issue: 2,
      code: 'workflow',
      reason: expect.stringContaining('WORKFLOW.md, line 2: there is no agents'),
    },
  ]);
  expect(prompts).toHaveLength(1);

  pushWorkflow(stage, 'Be quick.');
  await here.finish();
  expect(stage.github.issue(2).state).toBe('closed');
  expect(prompts.at(-1)).toContain('Be quick.');
});
