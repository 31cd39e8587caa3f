import { plainText } from '../plain-text.ts';
import { cutTo } from '../text.ts';
import { isOurs } from '../work.ts';
import type { SessionState } from '../world.ts';
import { type Gate, obstacle } from './gate.ts';

export const reopenedGate: Gate = {
  code: 'reopened',
  question: 'Has nobody reopened it after its review?',
  check: ({ issue }, { board }) => {
    const isReviewed = issue.kind === 'prd' && issue.labels.includes(board.labels.reviewed);
    if (!isReviewed || issue.issue.stateReason !== 'reopened') return null;
    const label = board.settings.HARNESS_LABEL_REVIEWED;
    return obstacle(
      'it was reopened after its review',
      `a person removes the label ${label}, or closes it again`,
    );
  },
};

export const workingGate: Gate = {
  code: 'working',
  question: 'Is nobody of this fleet at work on it?',
  check: ({ issue }, { board }) => {
    const { session, lease } = board.work.on(issue.repo, issue.issue.number);
    if (session?.question) {
      const how = `somebody answers with \`harness answer ${issue.issue.number} "…"\`, or in its pane`;
      return obstacle(`its ${session.kind} session asks: ${oneLine(session.question)}`, how);
    }
    if (lease && isOurs(lease) && lease.waits !== null) {
      // Nothing else of a PRD waits: it has no change.
      if (issue.kind === 'prd')
        return obstacle(lease.waits, 'somebody agrees to it, or answers what is to be different');
      const command = `harness approve ${issue.issue.number} --sha <head>`;
      const how = `that is so, or somebody approves it: on GitHub, with another login than the fleet's, or with \`${command}\``;
      return obstacle(`its change is in a pull request: ${oneLine(lease.waits)}`, how);
    }
    if (session) {
      return session.outcome === null
        ? obstacle(`${article(session)} ${session.kind} session is at work on it`, 'the session ends')
        : obstacle(
            `its ${session.kind} session ended (${session.outcome}) and is being concluded`,
            'that is done',
          );
    }
    if (lease && isOurs(lease)) {
      return lease.landing === null
        ? obstacle('an attempt of this fleet was interrupted', 'its lease is given back, in this tick')
        : obstacle('a landing of this fleet was interrupted', 'it has landed');
    }
    if (lease || !issue.labels.includes(board.labels.working)) return null;
    const label = board.settings.HARNESS_LABEL_WORKING;
    return obstacle(
      `the label ${label} is left over: nobody works on it`,
      'the label is removed, in this tick',
    );
  },
};

export const leasedGate: Gate = {
  code: 'leased',
  question: 'Does no other fleet hold it?',
  check: ({ issue }, { board }) => {
    const { lease } = board.work.on(issue.repo, issue.issue.number);
    if (!lease || isOurs(lease)) return null;
    return lease.live
      ? obstacle(`${lease.holder} works on it`, `${lease.holder} gives its lease back`)
      : obstacle(`${lease.holder} held it and is gone`, 'its lease is taken over, in this tick');
  },
};

export const agentBlockedGate: Gate = {
  code: 'agent-blocked',
  question: 'Does it wait for no answer of a person?',
  check: ({ issue }, { board }) => {
    if (board.settings.HARNESS_AUTONOMOUS || !issue.labels.includes(board.labels.blocked)) return null;
    const label = board.settings.HARNESS_LABEL_BLOCKED;
    const { record } = board.work.on(issue.repo, issue.issue.number);
    if (record?.question) {
      const how = `somebody answers with \`harness answer ${issue.issue.number} "…"\`, or removes ${label}`;
      return obstacle(`its last attempt asks: ${oneLine(record.question)}`, how);
    }
    return obstacle(`it waits for a person (${label})`, `a person answers and removes the label ${label}`);
  },
};

// A hold is a line; the whole question is in the status comment.
const oneLine = (question: string) => cutTo(plainText(question).replaceAll(/\s+/g, ' ').trim(), 300);

const article = ({ kind }: SessionState) => (kind === 'IMPL' ? 'an' : 'a');
