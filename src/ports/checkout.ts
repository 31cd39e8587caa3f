/** What `init` needs to know of the user's checkout; nothing in it is changed by looking. */
export interface Checkout {
  /** The top directory. */
  readonly root: string;
  readonly remotes: readonly { readonly name: string; readonly address: string }[];
  /** This clone's own list of ignored paths, `info/exclude`. */
  readonly excludeFile: string;
  /** Those of the paths asked about that git ignores. */
  readonly ignored: readonly string[];
}

export interface CheckoutQuery {
  readonly dir: string;
  /** Relative to the top directory; a directory ends in a slash. */
  readonly paths: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}
