/** What a fleet of the demo works on. */
export interface DemoProject {
  /** Its name on the forge. */
  readonly name: string;
  readonly source:
    | { readonly kind: 'files'; readonly files: Readonly<Record<string, string>> }
    | {
        /** The repository in a directory of this machine, which stays as it is. */
        readonly kind: 'copy';
        readonly from: string;
        readonly defaultBranch: string;
      };
  /** Filed in this order, so that they are numbered from 1. */
  readonly issues: readonly DemoIssue[];
  /** Path of the specification that agents plan from; null where people file the issues. */
  readonly spec: string | null;
  /** HARNESS_SETUP; null lets `init` guess it. */
  readonly setup: string | null;
  /** HARNESS_VERIFY; null lets `init` guess it. */
  readonly verify: string | null;
  /** Proves the default branch in the end; null: it was proven with each merge. */
  readonly tests: readonly [string, ...string[]] | null;
}

export interface DemoIssue {
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
}
