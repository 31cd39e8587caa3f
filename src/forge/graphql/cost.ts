import type { ArgumentNode, DocumentNode, FragmentDefinitionNode, SelectionSetNode } from 'graphql';

/**
 * Points of a query by GitHub's documented formula: the requests that fulfil every connection once, assuming
 * that each page is full, divided by 100 and rounded, at least 1.
 */
export function costOf(document: DocumentNode, variables: Readonly<Record<string, unknown>>): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === 'FragmentDefinition') fragments.set(definition.name.value, definition);
  }
  const requestsOf = (selections: SelectionSetNode | undefined, parents: number): number =>
    (selections?.selections ?? []).reduce((sum, selection) => {
      if (selection.kind === 'FragmentSpread') {
        return sum + requestsOf(fragments.get(selection.name.value)?.selectionSet, parents);
      }
      if (selection.kind === 'InlineFragment') return sum + requestsOf(selection.selectionSet, parents);
      const size = pageSizeOf(selection.arguments ?? [], variables);
      if (size === null) return sum + requestsOf(selection.selectionSet, parents);
      return sum + parents + requestsOf(selection.selectionSet, parents * size);
    }, 0);

  const requests = document.definitions.reduce(
    (sum, definition) =>
      definition.kind === 'OperationDefinition' ? sum + requestsOf(definition.selectionSet, 1) : sum,
    0,
  );
  return Math.max(1, Math.round(requests / 100));
}

function pageSizeOf(
  list: readonly ArgumentNode[],
  variables: Readonly<Record<string, unknown>>,
): number | null {
  const size = list.find(({ name }) => name.value === 'first' || name.value === 'last')?.value;
  if (size?.kind === 'IntValue') return Number(size.value);
  if (size?.kind === 'Variable') return Number(variables[size.name.value]) || 1;
  return null;
}
