import type { FilePatch } from '../../../src/ports.ts';

/** A file of a change; a modified one without lines unless said. */
export const aFile = (path: string, facts: Partial<FilePatch> = {}): FilePatch => ({
  path,
  oldPath: null,
  status: 'modified',
  oldKind: facts.status === 'added' ? null : 'file',
  kind: facts.status === 'deleted' ? null : 'file',
  size: facts.status === 'deleted' ? null : 100,
  link: null,
  added: [],
  removed: [],
  isBinary: false,
  isCut: false,
  ...facts,
});

/** Lines as a patch has them, numbered from 1. */
export const lines = (...texts: readonly string[]) => texts.map((text, at) => ({ line: at + 1, text }));
