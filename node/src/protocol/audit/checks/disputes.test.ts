import { beforeAll, describe, expect, it } from 'vitest';
import { CaseChain, divided } from '../../../testing/audit-kit.ts';
import { testEvidence } from '../../../testing/chain-kit.ts';
import { challengeVote } from '../../../testing/dispute-kit.ts';
import { unanimous } from '../../../testing/incident-kit.ts';
import { type CaseContent, readContent } from '../content.ts';
import { CheckError } from '../errors.ts';
import { termsOf } from '../terms.ts';
import { checkChallenges } from './challenge.ts';
import { checkOutcome } from './outcome.ts';
import { checkProcedure } from './procedure.ts';
import { checkRelease } from './release.ts';
import { checkSettlement } from './settlement.ts';
import { checkVerification } from './verification.ts';
import { checkVotes } from './votes.ts';

/** What a chain with wrong rules about challenges and outcomes would have certified (see `checks.test.ts`). */
type Deep<T> =
  T extends ReadonlyMap<infer K, infer V>
    ? Map<K, Deep<V>>
    : T extends object
      ? { -readonly [P in keyof T]: P extends 'data' ? T[P] : Deep<T[P]> }
      : T;
type Content = Deep<CaseContent>;

/** A claim that fell to a challenge, and another that was finalized. */
let overturned: CaseContent;
/** A claim that a challenge did not shake, and whose fix was measured. */
let verified: CaseContent;

async function contentOf(chain: CaseChain): Promise<CaseContent> {
  const bundle = await chain.bundle();
  const values = new Map(bundle.stateProofs.map(({ key, value }) => [key, value]));
  return readContent(bundle, (key) => values.get(key) ?? null);
}

function delivered(): CaseChain {
  const chain = new CaseChain();
  chain.open();
  chain.vote(chain.claim(), divided);
  chain.deliver();
  return chain;
}

beforeAll(async () => {
  const chain = delivered();
  chain.vote(chain.dispute(), { ...challengeVote('For'), dependency_explorer: 'Against' });
  const { fault_mapper: _, ...others } = { ...unanimous('For'), probability_oracle: 'For' } as const;
  chain.vote(chain.claim('web-cache', 'fault_mapper'), others);
  chain.solve();
  overturned = await contentOf(chain);
  const other = delivered();
  other.vote(other.dispute(), { ...challengeVote('Against'), solution_engineer: 'For' });
  other.measure(true);
  verified = await contentOf(other);
});

const checks = {
  procedure: checkProcedure,
  votes: checkVotes,
  outcome: checkOutcome,
  challenge: checkChallenges,
  verification: checkVerification,
  settlement: (content: CaseContent) => checkSettlement(content, termsOf(content.records.params, content.records)),
  release: checkRelease,
} as const;
type Case = readonly [keyof typeof checks, string, (content: Content) => void];

const challengeOf = ({ records }: Content) => records.challenges[0]!.record;
const eventOf = ({ events }: Content, name: string) => events.find((event) => event.name === name)!;
const without = ({ events }: Content, name: string): void => {
  events.splice(
    events.findIndex((event) => event.name === name),
    1,
  );
};
const twice = ({ events }: Content, name: string): void => {
  events.push(structuredClone(events.find((event) => event.name === name)!));
};
const put = (content: Content, name: string, data: Record<string, unknown>): void => {
  Object.assign(eventOf(content, name).data, data);
};

function refuses(of: () => CaseContent, [name, , change]: Case): void {
  const content = structuredClone(of()) as Content;
  change(content);
  expect(() => checks[name](content as CaseContent)).toThrow(CheckError);
}

it('what the right rules give holds', () => {
  for (const content of [overturned, verified]) {
    for (const check of Object.values(checks)) expect(() => check(content)).not.toThrow();
  }
});

const overturnedCases: readonly Case[] = [
  [
    'challenge',
    'a challenge that nobody signed',
    ({ steps }) => {
      steps.splice(
        steps.findIndex(({ call }) => call.type === 'challenge'),
        1,
      );
    },
  ],
  [
    'challenge',
    'another bond than was signed',
    (content) => {
      challengeOf(content).stake = 50;
    },
  ],
  [
    'challenge',
    'evidence passed off as new',
    (content) => {
      challengeOf(content).newEvidence = [testEvidence('snapshot')];
    },
  ],
  [
    'challenge',
    'a challenge by the proposer',
    (content) => {
      content.records.proposals[0]!.record.proposer = challengeOf(content).proposer;
    },
  ],
  [
    'challenge',
    'a challenge by a supporter',
    (content) => {
      const { proposer } = challengeOf(content);
      content.records.proposals[0]!.ballots.find(({ address }) => address === proposer)!.vote!.option = 'For';
    },
  ],
  [
    'challenge',
    'a challenge of another claim',
    (content) => {
      challengeOf(content).claim = content.records.proposals[1]!.record.proposalId;
    },
  ],
  [
    'challenge',
    'a claim that stands though the challenge was upheld',
    (content) => {
      content.records.proposals[0]!.record.status = 'passed';
    },
  ],
  [
    'challenge',
    'a challenge that failed though its votes upheld it',
    (content) => {
      challengeOf(content).result = 'failed';
    },
  ],
  [
    'challenge',
    'a window that ran on meanwhile',
    (content) => put(content, 'ChallengeDecided', { challengeEndsAtMs: 1 }),
  ],
  ['challenge', 'the end of a challenge told twice', (content) => twice(content, 'ChallengeDecided')],
  [
    'votes',
    'a second vote that counts otherwise',
    (content) => {
      challengeOf(content).weightFor += 1;
    },
  ],
  [
    'votes',
    'the proposer among those who judge the challenge',
    (content) => {
      challengeOf(content).proposer = content.records.challenges[0]!.ballots[0]!.address;
    },
  ],
  [
    'outcome',
    'a second vote that was never decided',
    (content) => {
      const { proposalId } = challengeOf(content);
      const at = content.events.findIndex(
        ({ name, data }) => name === 'ConsensusReached' && data.proposalId === proposalId,
      );
      content.events.splice(at, 1);
    },
  ],
  ['settlement', 'a supporter who kept its stake', (content) => without(content, 'StakeSlashed')],
  ['settlement', 'a proposer slashed twice', (content) => twice(content, 'StakeSlashed')],
  [
    'settlement',
    'a supporter who lost more than was at stake',
    (content) => {
      const event = content.events.filter(({ name }) => name === 'StakeSlashed').at(-1)!;
      Object.assign(event.data, { amount: 21 });
    },
  ],
  ['settlement', 'an opponent of the challenge who was not fined', (content) => without(content, 'Penalty')],
  ['settlement', 'escrow that never came back', (content) => put(content, 'ClaimOverturned', { escrowReturned: 0 })],
  ['release', 'a claim that fell unannounced', (content) => without(content, 'ClaimOverturned')],
  ['release', 'a challenger paid more than was lost', (content) => put(content, 'ChallengeReward', { amount: 101 })],
  [
    'release',
    'somebody else paid as the challenger',
    (content) => put(content, 'ChallengeReward', { to: 'ab'.repeat(20) }),
  ],
  ['release', 'tokens that did not burn', (content) => put(content, 'TokensBurned', { amount: 99 })],
  ['release', 'more gas given back than was paid', (content) => put(content, 'ChallengeGas', { amount: 9_999 })],
  ['release', 'work paid twice', (content) => twice(content, 'WorkPaid')],
  [
    'release',
    'work paid to somebody who did none',
    (content) => {
      const event = content.events.find(({ name, data }) => name === 'WorkPaid' && data.reason === 'step')!;
      Object.assign(event.data, { to: content.records.proposals[0]!.record.proposer });
    },
  ],
  [
    'release',
    'a reward to who judged its own incident',
    (content) => {
      content.records.proposals[0]!.record.withheldFrom = content.records.alert.observers[1]!;
    },
  ],
  [
    'procedure',
    'a second solution of the same claim',
    ({ records: { incident } }) => {
      incident.steps.push(structuredClone(incident.steps.at(-1)!));
    },
  ],
];

describe('after a challenge that was upheld, a chain is found out that certified', () => {
  it.each(overturnedCases)('%s: %s', (...entry) => refuses(() => overturned, entry));
});

const verifiedCases: readonly Case[] = [
  [
    'verification',
    'a report that nobody signed',
    ({ steps }) => {
      steps.splice(
        steps.findIndex(({ call }) => call.type === 'verify_outcome'),
        1,
      );
    },
  ],
  [
    'verification',
    'another measurement than was signed',
    ({ records: { incident } }) => {
      incident.outcomeReports[0]!.recovered = false;
    },
  ],
  [
    'verification',
    'one agent’s word counted twice',
    ({ records: { incident } }) => {
      incident.outcomeReports[1]!.by = incident.outcomeReports[0]!.by;
    },
  ],
  [
    'verification',
    'a proposer who verified its own claim',
    ({ records }) => {
      records.proposals[0]!.record.proposer = records.incident.outcomeReports[0]!.by;
    },
  ],
  ['verification', 'more reports than there were', (content) => put(content, 'OutcomeVerified', { reports: 3 })],
  ['verification', 'an early end without an outcome', (content) => without(content, 'OutcomeVerified')],
  [
    'release',
    'an early end that nothing verified',
    (content) => put(content, 'IncidentFinalized', { verified: false }),
  ],
  [
    'settlement',
    'a bond that came back though the challenge had failed',
    (content) => {
      const event = content.events.find(({ name, data }) => name === 'StakeForfeited' && data.reason === 'challenge')!;
      event.name = 'StakeReleased';
    },
  ],
];

describe('after a measured recovery, a chain is found out that certified', () => {
  it.each(verifiedCases)('%s: %s', (...entry) => refuses(() => verified, entry));
});
