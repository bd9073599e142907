import { describe, expect, test } from 'vitest';
import type { VoteOption } from '../../../protocol/calls.ts';
import { voteCommitment } from '../../../protocol/hashing.ts';
import type { Role } from '../../../protocol/roles.ts';
import { developmentGenesis, TestChain, testAgent, testParams } from '../../../testing/chain-kit.ts';
import {
  advanceTo,
  type Ballots,
  commitAll,
  eventNames,
  incidentOf,
  openIncident,
  openVoteTransaction,
  proposalOf,
  propose,
  revealAll,
  testSalt,
  unanimous,
} from '../../../testing/incident-kit.ts';

const { commitWindowMs, revealWindowMs } = testParams;
const addressOf = (role: Role) => testAgent(role).wallet.address;
/** 1000 base, 3000 for a reputation of 80, 400 staked. */
const WEIGHT = 4_400;

function open(genesis?: Parameters<typeof developmentGenesis>[0]) {
  const chain = new TestChain(developmentGenesis(genesis), { signed: false });
  const incidentId = openIncident(chain);
  advanceTo(chain, incidentId, 'propose_root_cause');
  const { proposalId } = propose(chain, incidentId);
  return { chain, incidentId, proposalId };
}

const some = (option: VoteOption, ...roles: Role[]): Ballots => Object.fromEntries(roles.map((role) => [role, option]));
const castOpenly = (chain: TestChain, proposalId: string, ballots: Ballots, afterMs?: number) =>
  chain.block(
    Object.entries(ballots).map(([role, option]) => openVoteTransaction(chain, proposalId, role as Role, option)),
    afterMs,
  );

describe('the electorate', () => {
  test('is all agents but the proposer, with the weight they had when the proposal opened', () => {
    const { chain, proposalId } = open({ accounts: { fault_mapper: { reputation: 50, stake: 1_000 } } });
    const before = proposalOf(chain, proposalId).electorate;
    expect(before).toHaveLength(6);
    expect(before.map(({ address }) => address)).not.toContain(addressOf('probability_oracle'));
    expect(before.find(({ address }) => address === addressOf('fault_mapper'))?.weight).toBe(2_000);
    expect(before.find(({ address }) => address === addressOf('data_detective'))?.weight).toBe(WEIGHT);
    chain.call('fault_mapper', 'stake', { amount: 5_000 });
    expect(proposalOf(chain, proposalId).electorate).toEqual(before);
    commitAll(chain, proposalId, some('For', 'fault_mapper'));
    expect(chain.state.get('vote', proposalId, addressOf('fault_mapper'))?.weight).toBe(2_000);
  });
});

describe('a sealed vote', () => {
  test('shows nothing but the commitment until it is revealed', () => {
    const { chain, proposalId } = open();
    commitAll(chain, proposalId, some('Abstain', 'fault_mapper'));
    const voter = addressOf('fault_mapper');
    const commitment = voteCommitment(chain.genesis.chainId, proposalId, voter, 'Abstain', testSalt('fault_mapper'));
    expect(chain.state.get('vote', proposalId, voter)).toEqual({
      proposalId,
      voter,
      weight: WEIGHT,
      stake: 20,
      commitment,
      option: '',
      reason: null,
      castAtMs: chain.timestampMs,
      gasPaid: 200,
      evidence: [],
    });
    expect(chain.account('fault_mapper').locked).toBe(20);
  });

  test('opens for reveals in the block in which the last of all commits, and counts the window from there', () => {
    const { chain, incidentId, proposalId } = open();
    const { receipts } = commitAll(chain, proposalId, unanimous('For'));
    const revealEndsAtMs = chain.timestampMs + revealWindowMs;
    expect(receipts.at(-1)?.events).toEqual([
      {
        name: 'RevealOpened',
        data: { committed: 6, committedWeight: 6 * WEIGHT, revealEndsAtMs, incidentId, proposalId },
      },
    ]);
    expect(proposalOf(chain, proposalId)).toMatchObject({ status: 'revealing', revealEndsAtMs });
  });

  test('opens for reveals at the deadline, and a late block shortens nobody’s time', () => {
    const { chain, proposalId } = open();
    commitAll(chain, proposalId, some('For', 'fault_mapper', 'data_detective', 'alert_receiver'), 0);
    expect(eventNames(chain.block([], commitWindowMs - 1))).toEqual([]);
    expect(eventNames(chain.block([], 5_000))).toEqual(['RevealOpened']);
    expect(proposalOf(chain, proposalId).revealEndsAtMs).toBe(chain.timestampMs + revealWindowMs);
  });

  test('is decided as soon as the rest cannot change it; the rest still counts for the settlement', () => {
    const { chain, incidentId, proposalId } = open();
    commitAll(chain, proposalId, { ...unanimous('For'), data_detective: 'Against' });
    const three = some('For', 'alert_receiver', 'process_scheduler', 'fault_mapper');
    expect(eventNames(revealAll(chain, proposalId, three))).not.toContain('ConsensusReached');
    const fourth = revealAll(chain, proposalId, some('For', 'solution_engineer'));
    expect(fourth.receipts.at(-1)?.events).toEqual([
      {
        name: 'ConsensusReached',
        data: {
          ...{ incidentId, proposalId, passed: true, weightFor: 4 * WEIGHT, weightAgainst: 0, weightAbstain: 0 },
          ...{ eligible: 6 * WEIGHT, supportThousandths: 1_000, participationThousandths: 666 },
        },
      },
    ]);
    expect(incidentOf(chain, incidentId).state).toBe('Consensus');
    expect(proposalOf(chain, proposalId)).toMatchObject({ status: 'passed', settled: false });

    const rest = revealAll(chain, proposalId, { dependency_explorer: 'For', data_detective: 'Against' });
    expect(eventNames(rest)).not.toContain('ConsensusReached');
    expect(eventNames(rest)).toContain('RewardEscrowed');
    expect(proposalOf(chain, proposalId)).toMatchObject({
      ...{ status: 'passed', settled: true, weightFor: 5 * WEIGHT, weightAgainst: WEIGHT },
    });
  });

  test('that is never revealed forfeits its stake to the treasury, and settlement waits for it until the deadline', () => {
    const { chain, proposalId } = open();
    commitAll(chain, proposalId, unanimous('For'));
    const { data_detective: _, ...revealed } = unanimous('For');
    revealAll(chain, proposalId, revealed, 0);
    expect(proposalOf(chain, proposalId)).toMatchObject({ status: 'passed', settled: false });
    expect(chain.block([], revealWindowMs - 1).receipts).toEqual([]);
    const before = chain.account('data_detective');
    const settled = chain.block([], 1);
    expect(settled.receipts[0]?.events[0]).toMatchObject({
      name: 'StakeForfeited',
      data: { address: addressOf('data_detective'), amount: 20, reason: 'vote' },
    });
    expect(chain.account('data_detective')).toEqual({ ...before, stake: 380, locked: 0 });
    expect(proposalOf(chain, proposalId).settled).toBe(true);
  });

  test('that is still open at the reveal deadline is decided by the votes that came', () => {
    const { chain, proposalId } = open();
    commitAll(chain, proposalId, unanimous('For'));
    revealAll(chain, proposalId, some('For', 'alert_receiver', 'process_scheduler', 'fault_mapper'), 0);
    expect(chain.block([], revealWindowMs - 1).receipts).toEqual([]);
    expect(proposalOf(chain, proposalId).status).toBe('revealing');
    expect(eventNames(chain.block([], 1))).toContain('ConsensusReached');
    expect(proposalOf(chain, proposalId)).toMatchObject({ status: 'passed', settled: true });
  });

  test('of nobody is rejected at the deadline, and nobody is fined', () => {
    const { chain, incidentId, proposalId } = open();
    const proposer = chain.account('probability_oracle');
    const { receipts } = chain.block([], commitWindowMs);
    expect(receipts[0]?.events.map(({ name }) => name)).toEqual([
      'ConsensusReached',
      'ProposalRejected',
      'StakeReleased',
    ]);
    expect(chain.account('probability_oracle')).toEqual({ ...proposer, locked: 0 });
    expect(proposalOf(chain, proposalId)).toMatchObject({ status: 'rejected', settled: true, released: true });
    expect(incidentOf(chain, incidentId)).toMatchObject({ state: 'Data_Collected', stepDue: 'propose_root_cause' });
  });

  test('in which too few took part is lost before the first reveal, and nobody is fined', () => {
    const { chain, proposalId } = open();
    const two = some('Against', 'fault_mapper', 'data_detective');
    commitAll(chain, proposalId, two);
    expect(eventNames(chain.block([], commitWindowMs))).toEqual([
      'RevealOpened',
      'ConsensusReached',
      'ProposalRejected',
    ]);
    expect(eventNames(revealAll(chain, proposalId, two))).toEqual([
      ...['VoteRevealed', 'VoteRevealed', 'StakeReleased', 'StakeReleased', 'StakeReleased'],
    ]);
  });

  test('goes on being revealed and settled while the next round is open already', () => {
    const { chain, incidentId, proposalId } = open();
    commitAll(chain, proposalId, unanimous('Against'));
    revealAll(chain, proposalId, some('Against', 'fault_mapper', 'data_detective', 'alert_receiver'));
    const next = propose(chain, incidentId, 'cart', 'fault_mapper');
    expect(next.round).toBe(2);
    expect(proposalOf(chain, proposalId).settled).toBe(false);
    revealAll(chain, proposalId, some('Against', 'process_scheduler', 'dependency_explorer', 'solution_engineer'));
    expect(proposalOf(chain, proposalId)).toMatchObject({ settled: true, released: true });
    expect(incidentOf(chain, incidentId)).toMatchObject({ state: 'Root_Cause_Proposed', proposalId: next.proposalId });
  });
});

describe('an open vote', () => {
  const openMode = { params: { votingMode: 'open' } } as const;

  test('is settled in the block that decides it', () => {
    const { chain, incidentId, proposalId } = open(openMode);
    const ballots = some('For', 'alert_receiver', 'process_scheduler', 'fault_mapper', 'data_detective');
    const names = eventNames(castOpenly(chain, proposalId, ballots));
    expect(names.filter((name) => name === 'VoteCast')).toHaveLength(4);
    expect(names).toContain('ConsensusReached');
    expect(proposalOf(chain, proposalId)).toMatchObject({ status: 'passed', settled: true, weightFor: 4 * WEIGHT });
    expect(incidentOf(chain, incidentId).state).toBe('Consensus');
  });

  test('is decided at its deadline with the votes that came', () => {
    const { chain, proposalId } = open(openMode);
    castOpenly(chain, proposalId, some('For', 'alert_receiver', 'process_scheduler', 'fault_mapper'), 0);
    expect(proposalOf(chain, proposalId).status).toBe('voting');
    expect(chain.block([], commitWindowMs - 1).receipts).toEqual([]);
    expect(eventNames(chain.block([], 1))).toContain('ConsensusReached');
    expect(proposalOf(chain, proposalId).status).toBe('passed');
  });
});
