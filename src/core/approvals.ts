/** Why nobody could approve on GitHub what a fleet makes, and what to do about it. */
export interface NoApprover {
  readonly says: string;
  readonly fix: string;
}

/**
 * Whether approvals are asked for that nobody can give, since the fleet's login alone may write: nobody can approve
 * their own pull request. null: somebody can, or nobody is asked, or it is not known who may write.
 */
export function noApprover(facts: {
  readonly login: string;
  /** HARNESS_REVIEW. */
  readonly review: string;
  readonly others: readonly string[] | null;
  /** Approvals that the rules of the branch ask for. */
  readonly required: number;
}): NoApprover | null {
  const { login, review, others, required } = facts;
  const isAsked = review === 'human' || review === 'both';
  if (others === null || others.length > 0 || !(isAsked || required > 0)) return null;
  const who = required > 0 ? 'the rules of the branch ask' : `HARNESS_REVIEW=${review} asks`;
  const says = `${who} for a person's approval, and only ${login} may write: nobody can approve their own pull request`;
  const remedy = 'Give the fleet a login of its own, or somebody else the right to write';
  return {
    says,
    fix:
      required > 0
        ? `${remedy}; GitHub counts no other word.`
        : `${remedy}; or give your word with \`harness approve <issue> --sha <head>\`.`,
  };
}
