import type { Withheld } from '../core/publishable.ts';
import type { Settings } from '../core/settings.ts';
import type { Target } from '../core/world.ts';
import type { Train } from '../landing/train.ts';
import type { Proofs } from '../leases/proofs.ts';
import type { PlanStep } from '../pipeline/deepen-plan.ts';
import type { Identity, Ports } from '../ports.ts';

/** What a worker works with: the ports to the outside and what is fixed for its lifetime. */
export interface Engine extends Ports {
  readonly settings: Settings;
  /** The effective `HARNESS_*` values as text, for the World. */
  readonly config: Readonly<Record<string, string>>;
  /** SHA-256 over the settings that every host of a repository must share. */
  readonly policyDigest: string;
  /** Rows of targets.tsv; empty for a single repository. */
  readonly targets: readonly Target[];
  /** Prefix of session names. */
  readonly prefix: string;
  /** Author and committer of the agents' commits. */
  readonly identity: Identity;
  readonly worktreesDir: string;
  readonly checkoutsDir: string;
  /** How many finished journals are gathered before they go to the archive, in one push. */
  readonly archiveBatch: number;
  readonly train: Train;
  /** When each lease was last proven; without a recent proof nothing public is done under it. */
  readonly proofs: Proofs;
  /** What must not be in anything that becomes public: this host's secrets, the token in use, its places. */
  readonly withheld: () => Promise<Withheld>;
  /** What looks at a plan after its session, before it is landed. */
  readonly planSteps: readonly PlanStep[];
  /** Prompt templates by name. */
  readonly prompts: Readonly<Record<string, string>>;
}
