import { escapePattern } from './text.ts';

/** What a text may tell about the machine it was written on. */
export interface Place {
  /** Absolute, without a slash at its end. */
  readonly home: string;
  readonly hostName: string;
}

/**
 * Takes the home directory and the host's name out of a text that is published: paths below the home begin with `~`
 * then. A name that is a common word (`localhost`, or of fewer than four letters) tells nothing and stays.
 */
export function hidePlace(text: string, { home, hostName }: Place): string {
  const withoutHome =
    home.length < 2 ? text : text.replaceAll(new RegExp(`${escapePattern(home)}(?![\\w.-])`, 'g'), '~');
  const [short = ''] = hostName.split('.');
  if (short.length < 4 || /^localhost$/i.test(short)) return withoutHome;
  const name = new RegExp(`(?<![\\w-])${escapePattern(short)}(?:\\.[\\w-]+)*(?![\\w-])`, 'gi');
  return withoutHome.replaceAll(name, '[host]');
}
