import { labelNames } from '../board/issue-requests.ts';
import { amendIssue } from '../board/issues.ts';
import { labelIds, labelNamed, putLabels, removeLabel } from '../board/labels.ts';
import { answer, answerNothing } from '../http/answers.ts';
import type { ForgeContext } from '../http/environment.ts';
import { pathPart, viewOf } from '../http/environment.ts';
import { ApiFailure, invalid, notFound } from '../http/failures.ts';
import type { Fields } from '../http/fields.ts';
import { checkLength, MAXIMUM } from '../http/fields.ts';
import { answerPage } from '../http/paging.ts';
import type { Parts } from '../parts.ts';
import type { IssueRecord, LabelRecord, RepositoryRecord } from '../records.ts';
import { nameOf } from '../records.ts';
import { labelShape, labelShapes } from '../shapes/label.ts';
import type { ForgeRoutes } from './app.ts';
import { openIssue, openRepository, readFields } from './open.ts';

/** The labels of a repository and those of an issue. */
export function addLabelRoutes(app: ForgeRoutes, parts: Parts): void {
  addRepositoryLabelRoutes(app, parts);
  addIssueLabelRoutes(app, parts);
}

function addRepositoryLabelRoutes(app: ForgeRoutes, parts: Parts): void {
  app.get('/repos/:owner/:repo/labels', c => {
    const repository = openRepository(c, parts, 'read');
    return answerPage(c, repository.labels, label => labelShape(viewOf(c, parts), repository, label));
  });

  app.get('/repos/:owner/:repo/labels/:name', c => {
    const repository = openRepository(c, parts, 'read');
    return answer(c, labelShape(viewOf(c, parts), repository, findLabel(c, repository)));
  });

  app.post('/repos/:owner/:repo/labels', async c => {
    const fields = await readFields(c, 'Label');
    const repository = openRepository(c, parts, 'triage');
    const name = fields.requiredText('name');
    refuseTaken(repository, name);
    const label = labelFrom(fields, { id: parts.store.nextId(), name, color: 'ededed', description: null });
    parts.store.putRepository({ ...repository, labels: [...repository.labels, label] });
    return answer(c, labelShape(viewOf(c, parts), repository, label), 201);
  });

  app.patch('/repos/:owner/:repo/labels/:name', async c => {
    const fields = await readFields(c, 'Label');
    const repository = openRepository(c, parts, 'triage');
    const label = findLabel(c, repository);
    const name = fields.text('new_name') ?? label.name;
    if (name.toLowerCase() !== label.name.toLowerCase()) refuseTaken(repository, name);
    const changed = labelFrom(fields, { ...label, name });
    const labels = repository.labels.map(other => (other.id === label.id ? changed : other));
    parts.store.putRepository({ ...repository, labels });
    return answer(c, labelShape(viewOf(c, parts), repository, changed));
  });

  app.delete('/repos/:owner/:repo/labels/:name', c => {
    const repository = openRepository(c, parts, 'triage');
    removeLabel(parts, repository, findLabel(c, repository));
    return answerNothing(c);
  });
}

function addIssueLabelRoutes(app: ForgeRoutes, parts: Parts): void {
  const path = '/repos/:owner/:repo/issues/:issue_number/labels';

  app.get(path, c => {
    const repository = openRepository(c, parts, 'read');
    const { labels } = openIssue(c, parts, repository);
    return answerPage(c, labelShapes(viewOf(c, parts), repository, labels), shape => shape);
  });

  app.post(path, async c => {
    const names = labelNames(await readFields(c, 'Label')) ?? [];
    const repository = openRepository(c, parts, 'triage');
    const issue = openIssue(c, parts, repository);
    const added = labelIds(parts, nameOf(repository), names);
    return setLabels(c, parts, { issue, labels: [...new Set([...issue.labels, ...added])] });
  });

  app.put(path, async c => {
    const names = labelNames(await readFields(c, 'Label')) ?? [];
    const repository = openRepository(c, parts, 'triage');
    const issue = openIssue(c, parts, repository);
    return setLabels(c, parts, { issue, labels: labelIds(parts, nameOf(repository), names) });
  });

  app.delete(path, c => {
    const repository = openRepository(c, parts, 'triage');
    amendIssue(parts, openIssue(c, parts, repository), { labels: [] });
    return answerNothing(c);
  });

  app.delete(`${path}/:name`, c => {
    const repository = openRepository(c, parts, 'triage');
    const issue = openIssue(c, parts, repository);
    const label = labelNamed(repository, pathPart(c, 'name'));
    if (label === undefined || !issue.labels.includes(label.id))
      throw new ApiFailure(404, 'Label does not exist');
    return setLabels(c, parts, { issue, labels: issue.labels.filter(id => id !== label.id) });
  });
}

function setLabels(
  c: ForgeContext,
  parts: Parts,
  { issue, labels }: { issue: IssueRecord; labels: readonly number[] },
): Response {
  putLabels(parts, issue, labels);
  const repository = parts.store.repository(issue.repository);
  if (repository === undefined) throw notFound();
  return answer(c, labelShapes(viewOf(c, parts), repository, labels));
}

function findLabel(c: ForgeContext, repository: RepositoryRecord): LabelRecord {
  const label = labelNamed(repository, pathPart(c, 'name'));
  if (label === undefined) throw notFound();
  return label;
}

function refuseTaken(repository: RepositoryRecord, name: string): void {
  checkLength('Label', 'name', name, MAXIMUM.label);
  if (labelNamed(repository, name) !== undefined) {
    throw invalid({ resource: 'Label', code: 'already_exists', field: 'name' });
  }
}

function labelFrom(fields: Fields, label: LabelRecord): LabelRecord {
  const color = fields.text('color') ?? label.color;
  if (!/^[0-9a-f]{6}$/i.test(color)) throw invalid({ resource: 'Label', code: 'invalid', field: 'color' });
  const description = fields.nullable('description');
  checkLength('Label', 'description', description, MAXIMUM.labelDescription);
  return { ...label, color, description: description === undefined ? label.description : description };
}
