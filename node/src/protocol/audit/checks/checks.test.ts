import { beforeAll, describe, expect, it } from 'vitest';
import { CaseChain, divided } from '../../../testing/audit-kit.ts';
import { unanimous } from '../../../testing/incident-kit.ts';
import type { ContractEvent } from '../../types.ts';
import type { CaseBallot } from '../case-records.ts';
import { type CaseContent, readContent } from '../content.ts';
import { CheckError } from '../errors.ts';
import { termsOf } from '../terms.ts';
import { checkOutcome } from './outcome.ts';
import { checkProcedure } from './procedure.ts';
import { checkRelease } from './release.ts';
import { checkSettlement } from './settlement.ts';
import { checkVotes } from './votes.ts';

/**
 * Records that validators have certified cannot be tampered with in a file, so these checks only ever fail when the
 * chain's own code was wrong or a quorum lied. Here the content says what such a chain would have certified.
 */
type Deep<T> =
  T extends ReadonlyMap<infer K, infer V>
    ? Map<K, Deep<V>>
    : T extends object
      ? { -readonly [P in keyof T]: P extends 'data' ? T[P] : Deep<T[P]> }
      : T;
type Content = Deep<CaseContent>;

let passed: CaseContent;
let rejected: CaseContent;

async function contentOf(chain: CaseChain): Promise<CaseContent> {
  const bundle = await chain.bundle();
  const values = new Map(bundle.stateProofs.map(({ key, value }) => [key, value]));
  return readContent(bundle, (key) => values.get(key) ?? null);
}

beforeAll(async () => {
  const chain = new CaseChain();
  chain.open();
  chain.vote(chain.claim(), divided);
  chain.solve();
  passed = await contentOf(chain);
  const other = new CaseChain({ roundsMax: 1 });
  other.open();
  const { solution_engineer: _, ...five } = unanimous('Against');
  other.vote(other.claim(), { ...five, alert_receiver: 'For' });
  rejected = await contentOf(other);
});

const checks = {
  procedure: checkProcedure,
  votes: checkVotes,
  outcome: checkOutcome,
  settlement: (content: CaseContent) => checkSettlement(content, termsOf(content.records.params, content.records)),
  release: checkRelease,
} as const;
type Name = keyof typeof checks;

const proposalOf = (content: Content) => content.records.proposals[0]!;
const ballotOf = (content: Content, option: string): Deep<CaseBallot> =>
  proposalOf(content).ballots.find(({ vote }) => vote?.option === option)!;
const eventOf = (content: Content, name: string): Deep<ContractEvent> =>
  content.events.find((event) => event.name === name)!;
const without = (content: Content, name: string): void => {
  content.events.splice(
    content.events.findIndex((event) => event.name === name),
    1,
  );
};
const stepAt = (content: Content, type: string) => content.steps.find(({ call }) => call.type === type)!;

describe('what a chain with wrong rules would certify', () => {
  it('is told from what the right rules give', () => {
    for (const content of [passed, rejected]) {
      for (const check of Object.values(checks)) expect(() => check(content)).not.toThrow();
    }
  });

  it.each<readonly [Name, string, (content: Content) => void]>([
    ['procedure', 'a step that no transaction performed', ({ steps }) => void steps.pop()],
    ['procedure', 'a skipped step', ({ records }) => void records.incident.steps.splice(3, 1)],
    [
      'procedure',
      'steps in another order',
      ({ records: { incident } }) => {
        incident.steps.reverse();
      },
    ],
    [
      'procedure',
      'a step by somebody else',
      ({ records }) => {
        records.incident.steps[2]!.by = 'ab'.repeat(20);
      },
    ],
    [
      'procedure',
      'an observer who observed nothing',
      ({ records }) => void records.alert.observers.push('ab'.repeat(20)),
    ],
    [
      'procedure',
      'another root cause than the claim that passed',
      ({ records }) => {
        records.incident.rootCause = 'other-db';
      },
    ],
    [
      'procedure',
      'a claim that its proposer did not sign',
      (content) => {
        proposalOf(content).record.probability = 999;
      },
    ],
    [
      'procedure',
      'a claim citing evidence that came later',
      (content) => {
        const last = content.steps.at(-1)!.transaction.evidence[0]!;
        proposalOf(content).record.cites = [last];
        const { call } = stepAt(content, 'propose_root_cause');
        Object.assign(call.args, { cites: [last] });
      },
    ],
    [
      'release',
      'an end before the challenge window closed',
      ({ records }) => {
        records.incident.challengeEndsAtMs = records.incident.closedAtMs + 1;
      },
    ],
    [
      'votes',
      'another weight than the snapshot',
      (content) => {
        ballotOf(content, 'For').vote!.weight += 1;
      },
    ],
    [
      'votes',
      'another option than was revealed',
      (content) => {
        ballotOf(content, 'Against').vote!.option = 'For';
      },
    ],
    [
      'votes',
      'a reveal that does not open the commitment',
      (content) => {
        Object.assign(stepAt(content, 'reveal_vote').call.args, { salt: '00'.repeat(32) });
      },
    ],
    [
      'votes',
      'a vote that nobody signed',
      (content) => {
        const at = content.steps.findIndex(({ call }) => call.type === 'vote');
        content.steps.splice(at, 1);
      },
    ],
    [
      'votes',
      'a vote that is not on record',
      (content) => {
        ballotOf(content, 'Abstain').vote = null;
      },
    ],
    [
      'votes',
      'a sum that the votes do not give',
      (content) => {
        proposalOf(content).record.weightFor += 1;
      },
    ],
    [
      'votes',
      'the proposer voting',
      (content) => {
        proposalOf(content).ballots[0]!.address = proposalOf(content).record.proposer;
      },
    ],
    ['outcome', 'a decision that was never announced', (content) => without(content, 'ConsensusReached')],
    ['outcome', 'an end that was never announced', (content) => without(content, 'IncidentFinalized')],
    ['outcome', 'a reveal phase that never opened', (content) => without(content, 'RevealOpened')],
    [
      'outcome',
      'a higher threshold than was met',
      (content) => {
        proposalOf(content).record.alpha = 950;
      },
    ],
    [
      'outcome',
      'other weights than the votes',
      (content) => {
        Object.assign(eventOf(content, 'ConsensusReached').data, { weightFor: 1 });
      },
    ],
    ['settlement', 'a payment left out', (content) => without(content, 'Reward')],
    ['settlement', 'an escrow left out', (content) => without(content, 'RewardEscrowed')],
    ['settlement', 'a fine left out', (content) => without(content, 'Penalty')],
    ['settlement', 'a stake that stays locked', (content) => without(content, 'StakeReleased')],
    [
      'settlement',
      'another amount than the escrow',
      (content) => {
        Object.assign(eventOf(content, 'Bounty').data, { amount: 2_000 });
      },
    ],
    [
      'settlement',
      'a reward paid as something else',
      (content) => {
        eventOf(content, 'Bounty').name = 'Reward';
      },
    ],
    [
      'settlement',
      'a stake forfeited by somebody who revealed',
      (content) => {
        eventOf(content, 'StakeReleased').name = 'StakeForfeited';
      },
    ],
  ])('%s: %s', (name, _, change) => {
    const content = structuredClone(passed) as Content;
    change(content);
    expect(() => checks[name](content as CaseContent)).toThrow(CheckError);
  });

  it.each<readonly [Name, string, (content: Content) => void]>([
    ['settlement', 'a fine for the proposer left out', (content) => without(content, 'Penalty')],
    [
      'settlement',
      'escrow for a claim that was rejected',
      (content) => {
        const { proposer } = proposalOf(content).record;
        proposalOf(content).record.escrow = [{ to: proposer, amount: 800, reason: 'proposal_passed' }];
      },
    ],
    [
      'outcome',
      'a rejected claim that passed on record',
      (content) => {
        proposalOf(content).record.status = 'passed';
      },
    ],
    ['outcome', 'a rejection that was never announced', (content) => without(content, 'ProposalRejected')],
  ])('%s, rejected: %s', (name, _, change) => {
    const content = structuredClone(rejected) as Content;
    change(content);
    expect(() => checks[name](content as CaseContent)).toThrow(CheckError);
  });
});
