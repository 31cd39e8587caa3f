/** Who made a commit, and when. */
export interface Signature {
  readonly name: string;
  readonly email: string;
  /** Seconds since the epoch. */
  readonly seconds: number;
}

/** What git writes into a commit object, in UTC. */
export function signatureLine({ name, email, seconds }: Signature): string {
  return `${name} <${email}> ${seconds} +0000`;
}

/** The committer of everything that GitHub itself commits. */
export function webFlow(seconds: number): Signature {
  return { name: 'GitHub', email: 'noreply@github.com', seconds };
}

/** A login's commits carry its noreply address, as GitHub does when the address is private. */
export function signatureOf(account: { id: number; login: string }, seconds: number): Signature {
  return { name: account.login, email: noreplyOf(account), seconds };
}

/** `<id>+<login>@users.noreply.github.com` */
export function noreplyOf(account: { id: number; login: string }): string {
  return `${account.id}+${account.login}@users.noreply.github.com`;
}

/** Environment that makes git commit with these signatures; `@`, since git takes small numbers for no date otherwise. */
export function signedBy(author: Signature, committer: Signature): Readonly<Record<string, string>> {
  return {
    GIT_AUTHOR_NAME: author.name,
    GIT_AUTHOR_EMAIL: author.email,
    GIT_AUTHOR_DATE: `@${author.seconds} +0000`,
    GIT_COMMITTER_NAME: committer.name,
    GIT_COMMITTER_EMAIL: committer.email,
    GIT_COMMITTER_DATE: `@${committer.seconds} +0000`,
  };
}
