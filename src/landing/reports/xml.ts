import { SaxesParser } from 'saxes';
import { messageOf } from '../../errors.ts';

/** What is told of a document, in its order. */
export interface XmlListener {
  readonly open: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly close: (name: string) => void;
}

// In pieces: the parser copies what it has not understood yet.
const PIECE = 256 * 1024;

const DEPTH_LIMIT = 100;

/**
 * Reads XML that a stranger may have written, in time and memory proportional to its length, and returns why it can't
 * be relied on, or null. A document type is refused; without one there are no entities to expand, and no files to read.
 */
export function readXml(text: string, listener: XmlListener): string | null {
  const parser = new SaxesParser({ xmlns: false });
  let depth = 0;
  let problem: string | null = null;
  parser.on('error', error => {
    throw error;
  });
  parser.on('doctype', () => {
    problem = 'it has a document type';
  });
  parser.on('opentag', ({ name, attributes }) => {
    depth += 1;
    if (depth > DEPTH_LIMIT) problem = 'it is nested too deeply';
    listener.open(name, attributes);
  });
  parser.on('closetag', ({ name }) => {
    depth -= 1;
    listener.close(name);
  });
  try {
    for (let at = 0; at < text.length && problem === null; at += PIECE)
      parser.write(text.slice(at, at + PIECE));
    if (problem === null) parser.close();
    return problem;
  } catch (error) {
    return problem ?? `it is not well-formed XML: ${messageOf(error).slice(0, 200)}`;
  }
}
