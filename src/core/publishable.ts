import { hidePlace, type Place } from './hide-place.ts';
import { redact } from './redact.ts';

/** What no text that leaves this host may tell. */
export interface Withheld {
  /** Values that are known to be secret. */
  readonly secrets: readonly string[];
  readonly place: Place;
}

/** A text as it may be published under `refs/harness`, in a comment or in a pull request. */
export const makePublishable = (text: string, { secrets, place }: Withheld): string =>
  hidePlace(redact(text, secrets), place);
