import { readFileSync } from 'node:fs';
import type { GraphQLArgument, GraphQLNamedType } from 'graphql';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { expect, test } from 'vitest';
import { SCHEMA } from '../../src/forge/graphql/schema.ts';

/** Younger than the package with GitHub's schema; docs.github.com has them. */
const YOUNGER = [
  'Issue.blockedBy: GitHub has no such field',
  'Issue.blocking: GitHub has no such field',
  'Issue.issueDependenciesSummary: GitHub has no such field',
  'IssueDependenciesSummary: GitHub has no such type',
];

test('answers only what exists on GitHub, with the same types', () => {
  const github = buildSchema(readFileSync('node_modules/@octokit/graphql-schema/schema.graphql', 'utf8'), {
    assumeValid: true,
  });
  const types = Object.values(SCHEMA.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  const problems = types.flatMap(type => {
    const theirs = github.getType(type.name);
    return theirs === undefined ? [`${type.name}: GitHub has no such type`] : differences(type, theirs);
  });
  expect(problems.sort()).toEqual(YOUNGER);
});

/** What our type says that GitHub's does not. */
function differences(ours: GraphQLNamedType, theirs: GraphQLNamedType): readonly string[] {
  const { name } = ours;
  if (ours.constructor !== theirs.constructor) return [`${name}: another kind of type`];
  if (isEnumType(ours) && isEnumType(theirs)) {
    return beyond(valuesOf(ours.getValues()), valuesOf(theirs.getValues()), `${name}: no value`);
  }
  if (isUnionType(ours) && isUnionType(theirs)) {
    return beyond(valuesOf(ours.getTypes()), valuesOf(theirs.getTypes()), `${name}: no member`);
  }
  if (isInputObjectType(ours) && isInputObjectType(theirs)) {
    return inputDifferences(Object.values(ours.getFields()), Object.values(theirs.getFields()), name);
  }
  if (!(isObjectType(ours) || isInterfaceType(ours)) || !(isObjectType(theirs) || isInterfaceType(theirs))) {
    return [];
  }
  const fields = Object.values(ours.getFields()).flatMap(field => {
    const path = `${name}.${field.name}`;
    const known = theirs.getFields()[field.name];
    if (known === undefined) return [`${path}: GitHub has no such field`];
    if (String(field.type) !== String(known.type)) return [`${path}: ${field.type}, not ${known.type}`];
    return inputDifferences(field.args, known.args, path);
  });
  const implemented = beyond(
    valuesOf(ours.getInterfaces()),
    valuesOf(theirs.getInterfaces()),
    `${name}: does not implement`,
  );
  return [...fields, ...implemented];
}

type InputField = Pick<GraphQLArgument, 'name' | 'type' | 'defaultValue'>;

function inputDifferences(
  ours: readonly InputField[],
  theirs: readonly InputField[],
  path: string,
): readonly string[] {
  const wrong = ours.flatMap(input => {
    const known = theirs.find(({ name }) => name === input.name);
    if (known === undefined) return [`${path}(${input.name}): GitHub has no such input`];
    if (String(input.type) !== String(known.type)) {
      return [`${path}(${input.name}): ${input.type}, not ${known.type}`];
    }
    const isSame = input.defaultValue === undefined || input.defaultValue === known.defaultValue;
    return isSame ? [] : [`${path}(${input.name}): default ${input.defaultValue}, not ${known.defaultValue}`];
  });
  const missing = theirs
    .filter(
      ({ name, type, defaultValue }) =>
        String(type).endsWith('!') && defaultValue === undefined && !ours.some(input => input.name === name),
    )
    .map(({ name }) => `${path}(${name}): required on GitHub`);
  return [...wrong, ...missing];
}

const valuesOf = (rows: readonly { readonly name: string }[]) => rows.map(({ name }) => name);

const beyond = (ours: readonly string[], theirs: readonly string[], what: string) =>
  ours.filter(name => !theirs.includes(name)).map(name => `${what} ${name} on GitHub`);
