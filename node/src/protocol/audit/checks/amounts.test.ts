import { beforeAll, describe, expect, it } from 'vitest';
import { bundleText, CaseChain, divided } from '../../../testing/audit-kit.ts';
import { cachedVerifier } from '../../../testing/cached-verifier.ts';
import {
  challengeVote,
  motionsOf,
  motionTransaction,
  soundParams,
  turnEpoch,
  voteOnMotion,
} from '../../../testing/dispute-kit.ts';
import { commitTransaction, revealTransaction, unanimous } from '../../../testing/incident-kit.ts';
import type { Params } from '../../genesis.ts';
import type { Role } from '../../roles.ts';
import { type CaseContent, type CaseEvent, readContent } from '../content.ts';
import { CheckError } from '../errors.ts';
import { termsOf } from '../terms.ts';
import { verifyBundle } from '../verify.ts';
import { checkAmounts } from './amounts.ts';

/**
 * Amounts that a chain with wrong rules, or a quorum that lies, would have certified: each has the right party, reason
 * and sum everywhere, so that nothing but the parameters can tell.
 */
async function contentOf(chain: CaseChain): Promise<CaseContent> {
  const bundle = await chain.bundle();
  const values = new Map(bundle.stateProofs.map(({ key, value }) => [key, value]));
  return readContent(bundle, (key) => values.get(key) ?? null);
}

type Data = Record<string, unknown>;
interface Altered {
  readonly content: CaseContent;
  /** The first event of this name that is about all this. */
  event(name: string, about?: Data): Data;
  all(name: string): readonly Data[];
}

function altered(of: CaseContent): Altered {
  const content = structuredClone(of);
  const named = (name: string): readonly CaseEvent[] => content.events.filter((event) => event.name === name);
  const all = (name: string) => named(name).map(({ data }) => data as Data);
  const event = (name: string, about: Data = {}): Data => {
    const found = all(name).find((data) => Object.entries(about).every(([key, value]) => data[key] === value));
    if (!found) throw new Error(`no ${name} about ${JSON.stringify(about)}`);
    return found;
  };
  return { content, event, all };
}

/** Higher by so much, where rewards are escrowed, kept and paid. */
function raise({ content, all }: Altered, reason: string, by: number): void {
  const entries = content.records.proposals.flatMap(({ record }) => [...record.escrow]) as unknown as Data[];
  const payments = ['RewardEscrowed', 'Reward', 'Bounty', 'GasRebate'].flatMap(all);
  for (const entry of [...entries, ...payments]) {
    if (entry.reason === reason) entry.amount = Number(entry.amount) + by;
  }
}

const check = (content: CaseContent, genesis: Params = content.records.params): void =>
  checkAmounts(content, termsOf(genesis, content.records));

/** A claim that was challenged in vain, with work and gas paid at its end. */
let paid: CaseContent;
/** One that fell to a challenge, with the losses shared, and a rejected one before it. */
let fallen: CaseContent;

beforeAll(async () => {
  const chain = new CaseChain();
  chain.open();
  chain.vote(chain.claim(), divided);
  chain.deliver();
  chain.vote(chain.dispute(), { ...challengeVote('Against'), solution_engineer: 'For' });
  chain.measure(true);
  paid = await contentOf(chain);
  const other = new CaseChain();
  other.open();
  other.vote(other.claim('web-buy'), { ...unanimous('Against'), alert_receiver: 'For' });
  const { data_detective: _, ...voters } = { ...unanimous('For'), probability_oracle: 'Against' } as const;
  other.vote(other.claim('stock-db', 'data_detective'), { ...voters, fault_mapper: 'Abstain' });
  other.deliver();
  const { data_detective: __, ...judges } = { ...challengeVote('For'), probability_oracle: 'Against' } as const;
  other.vote(other.dispute(), judges);
  fallen = await contentOf(other);
});

it('what the chain really paid holds', () => {
  expect(() => check(paid)).not.toThrow();
  expect(() => check(fallen)).not.toThrow();
});

type Case = readonly [what: string, change: (of: Altered) => void];

const ofPaid: readonly Case[] = [
  ['a higher reward of the proposer', (of) => raise(of, 'proposal_passed', 1)],
  ['a lower reward of supporters', (of) => raise(of, 'supported_passed', -1)],
  ['a higher bounty', (of) => raise(of, 'bounty', 500)],
  ['more gas back than the rebate', (of) => raise(of, 'vote_gas', 1)],
  ['a treasury short of nothing', ({ event }) => put(event('RewardEscrowed'), { amount: 1 })],
  ['a fine that is too high', ({ event }) => put(event('Penalty'), { amount: 51 })],
  ['a fine below nothing', ({ event }) => put(event('Penalty'), { amount: -1 })],
  ['a fine in too many points', ({ event }) => put(event('Penalty'), { reputation: 2 })],
  ['a reputation that rose too far', ({ event }) => bump(event('ReputationChanged', { reason: 'proposal_passed' }), 1)],
  ['a reputation that fell for a reward', ({ event }) => bump(event('ReputationChanged'), -20)],
  ['a reputation moved twice', ({ content }) => repeat(content, 'ReputationChanged')],
  [
    'the reputation of somebody who had no part in it',
    ({ event, content }) => {
      const { proposer } = content.records.proposals[0]!.record; // there is one
      event('ReputationChanged', { reason: 'supported_passed' }).address = proposer;
    },
  ],
  ['a higher wage', ({ event }) => put(event('WorkPaid', { reason: 'step' }), { amount: 101 })],
  ['a lower wage', ({ event }) => put(event('WorkPaid', { reason: 'step' }), { amount: 99 })],
  ['less gas of a step', ({ event }) => put(event('WorkPaid', { reason: 'step_gas' }), { amount: 1 })],
  ['a wage left out', ({ content }) => drop(content, 'WorkPaid')],
  ['a bond that was kept for the treasury, and paid out', ({ content }) => payBond(content)],
];

const ofFallen: readonly Case[] = [
  ['a supporter who lost less', ({ event }) => put(event('StakeSlashed', SUPPORTED), { amount: 9 })],
  ['a supporter who lost more', ({ event }) => put(event('StakeSlashed', SUPPORTED), { amount: 11 })],
  ['a challenger who got less than the losses', ({ event }) => lower(event('ChallengeReward'))],
  ['a challenger who got nothing', ({ content }) => drop(content, 'ChallengeReward')],
  [
    'a rejected proposer who was fined too much',
    ({ event }) => lift(event('Penalty', { reason: 'proposal_rejected' })),
  ],
  [
    'a rejected supporter who was fined too much',
    ({ event }) => lift(event('Penalty', { reason: 'supported_rejected' })),
  ],
  ['a fine for another reason', ({ event }) => put(event('Penalty'), { reason: 'bad_luck' })],
  [
    'an opponent of the truth who was fined too much',
    ({ event }) => lift(event('Penalty', { reason: 'opposed_upheld' })),
  ],
  [
    'a challenger whose reputation fell',
    ({ event }) => bump(event('ReputationChanged', { reason: 'challenge_upheld' }), -9),
  ],
];

const SUPPORTED = { reason: 'supported_overturned' };

const put = (data: Data, fields: Data): void => void Object.assign(data, fields);
function bump(data: Data, by: number): void {
  data.to = Number(data.to) + by;
}
function lower(data: Data): void {
  data.amount = Number(data.amount) - 1;
}
function lift(data: Data): void {
  data.amount = Number(data.amount) + 1;
}
const eventsIn = (content: CaseContent): CaseEvent[] => content.events as CaseEvent[];
function drop(content: CaseContent, name: string): void {
  const events = eventsIn(content);
  events.splice(
    events.findIndex((event) => event.name === name),
    1,
  );
}
function repeat(content: CaseContent, name: string): void {
  const event = eventsIn(content).find((one) => one.name === name);
  if (event) eventsIn(content).push(structuredClone(event));
}
function payBond(content: CaseContent): void {
  const { record } = content.records.challenges[0]!; // there is one
  const { proposer: to } = content.records.proposals[0]!.record;
  const { proposalId: challengeId, proposer: from, stake: amount, incidentId, claim: proposalId } = record;
  const at = eventsIn(content).at(-1)!; // there are many
  const data = { challengeId, from, to, amount, reason: 'challenge_failed', incidentId, proposalId };
  eventsIn(content).push({ ...at, name: 'BondPaid', data });
}

describe('the parameters tell', () => {
  it.each(ofPaid)('%s', (_, change) => {
    const of = altered(paid);
    change(of);
    expect(() => check(of.content)).toThrow(CheckError);
  });

  it.each(ofFallen)('%s, of a claim that fell', (_, change) => {
    const of = altered(fallen);
    change(of);
    expect(() => check(of.content)).toThrow(CheckError);
  });

  it('that other parameters asked for other amounts', () => {
    const { rewards } = paid.records.params;
    const other = { ...paid.records.params, rewards: { ...rewards, supporter: 299 } };
    expect(() => checkAmounts(paid, () => [other])).toThrow(CheckError);
  });
});

describe('parameters that a motion changed', () => {
  const verifier = cachedVerifier();
  const raised = [{ name: 'rewards.supporter', value: 400 }];

  /** Two incidents: one settled under the genesis parameters, one under those of the motion. */
  async function governed() {
    const chain = new CaseChain(soundParams);
    const play = (): void => {
      chain.open();
      const { proposalId } = chain.claim();
      const ballots = Object.entries(divided) as [Role, 'For'][];
      chain.block(ballots.map(([role, option]) => commitTransaction(chain, proposalId, role, option, 60)));
      chain.block(ballots.map(([role, option]) => revealTransaction(chain, proposalId, role, option)));
      chain.solve();
    };
    play();
    chain.block([motionTransaction(chain, 'fault_mapper', raised)]);
    voteOnMotion(chain, motionsOf(chain)[0]?.proposalId ?? '', 'For');
    return { chain, play };
  }

  it('hold for what was settled after it, and not for what was before', async () => {
    const { chain } = await governed();
    const content = await contentOf(chain);
    const genesis = chain.genesis.params;
    expect(content.records.motions.map(({ enactment }) => enactment)).toEqual(['waiting']);
    expect(() => check(content, genesis)).not.toThrow();
    turnEpoch(chain, 1);
    const later = await contentOf(chain);
    expect(later.records.params.rewards.supporter).toBe(400);
    expect(() => check(later, genesis)).not.toThrow();
    const report = verifyBundle(bundleText(await chain.bundle()), chain.genesisText(), verifier);
    expect(report.steps.at(-1)).toMatchObject({ step: 'verdict', ok: true });
  });

  it('are those that the motions lead to, and no others', async () => {
    const { chain } = await governed();
    turnEpoch(chain, 1);
    const { records } = await contentOf(chain);
    const genesis = chain.genesis.params;
    const supporter = (epoch: number) => termsOf(genesis, records)(epoch).map(({ rewards }) => rewards.supporter);
    expect([0, 1, 2].map(supporter)).toEqual([[300], [400, 300], [400]]);
    const [motion] = records.motions;
    if (!motion) throw new Error('no motion');
    const told = (change: Partial<typeof motion>) => ({ ...records, motions: [{ ...motion, ...change }] });
    expect(() => termsOf(genesis, told({ enactment: 'refused' }))).toThrow(CheckError);
    expect(() => termsOf(genesis, told({ changes: [{ name: 'rewards.supporter', value: 401 }] }))).toThrow(CheckError);
    expect(() => termsOf(genesis, told({ changes: [{ name: 'alpha', value: 1 }] }))).toThrow(CheckError);
    expect(() => termsOf({ ...genesis, alpha: 501 }, records)).toThrow(CheckError);
  });
});
