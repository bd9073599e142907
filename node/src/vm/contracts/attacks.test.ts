/** The table of attacks: what somebody might try for tokens, reputation or power, and the typed answer to each. */
import { describe, expect, test } from 'vitest';
import { canonicalText } from '../../protocol/canonical.ts';
import { nobleVerifier } from '../../protocol/crypto/verifier.ts';
import { walletOf } from '../../protocol/crypto/wallet.ts';
import { AdmissionError } from '../../protocol/errors.ts';
import { ROLES, type Role } from '../../protocol/roles.ts';
import type { Transaction } from '../../protocol/types.ts';
import { developmentGenesis, TestChain, testAgent, testSecret } from '../../testing/chain-kit.ts';
import { challengeTransaction, passVote, solved, untilWindowEnds } from '../../testing/dispute-kit.ts';
import { due, proposed } from '../../testing/failure-scenes.ts';
import {
  commitTransaction,
  incidentOf,
  proposalOf,
  propose,
  revealTransaction,
  testCites,
  testProposal,
  unanimous,
} from '../../testing/incident-kit.ts';
import { checkStateless } from '../admission.ts';
import { assertConserved } from '../state/conservation.ts';

const { wallet } = testAgent('fault_mapper');
const victim = testAgent('data_detective').wallet.address;

/** What a node answers before a transaction comes near a block. */
function refusal(tx: Transaction): string {
  try {
    checkStateless(tx, 'dao-gov-test', nobleVerifier);
  } catch (error) {
    if (error instanceof AdmissionError) return error.code;
    throw error;
  }
  return 'admitted';
}

const sign = (type: string, args: string, changes: Partial<Transaction> = {}): Transaction =>
  wallet.sign({
    ...{ chainId: 'dao-gov-test', type, args, sender: wallet.address, publicKey: wallet.publicKey },
    ...{ nonce: 0, gasPrice: 1, gasLimit: 400, evidence: [] },
    ...changes,
  });

describe('no node admits', () => {
  const transfer = canonicalText({ to: victim, amount: 1 });
  test.each<readonly [string, string, () => Transaction]>([
    [
      'a reward to oneself',
      'TX_UNKNOWN_TYPE',
      () => sign('reward', canonicalText({ to: wallet.address, amount: 800 })),
    ],
    ['slashing another', 'TX_UNKNOWN_TYPE', () => sign('slash', canonicalText({ address: victim, amount: 100 }))],
    [
      'a penalty that no contract decided',
      'TX_UNKNOWN_TYPE',
      () => sign('penalty', canonicalText({ address: victim })),
    ],
    ['a type that is a property of every object', 'TX_UNKNOWN_TYPE', () => sign('constructor', '{}')],
    [
      'proposing for another',
      'TX_SENDER_MISMATCH',
      () => sign('propose_root_cause', canonicalText(testProposal('INC-0001')), { sender: victim }),
    ],
    [
      'a transfer signed by another key',
      'TX_BAD_SIGNATURE',
      () => ({
        ...sign('transfer', transfer),
        signature: walletOf(testSecret(99)).sign({ ...sign('transfer', transfer) }).signature,
      }),
    ],
    ['a replay from another chain', 'TX_WRONG_CHAIN', () => sign('transfer', transfer, { chainId: 'dao-gov-other' })],
    ['an amount of 2^53', 'TX_BAD_ARGS', () => sign('transfer', `{"amount":9007199254740992,"to":"${victim}"}`)],
    ['an amount of 2^64', 'TX_BAD_ARGS', () => sign('transfer', `{"amount":18446744073709551616,"to":"${victim}"}`)],
    ['a negative amount', 'TX_BAD_ARGS', () => sign('transfer', `{"amount":-1,"to":"${victim}"}`)],
    ['a fraction of a token', 'TX_BAD_ARGS', () => sign('transfer', `{"amount":0.5,"to":"${victim}"}`)],
    ['giant arguments', 'TX_TOO_LARGE', () => sign('transfer', `{"a":"${'x'.repeat(16_384)}"}`)],
    [
      'a key that stands there twice',
      'TX_BAD_ARGS',
      () => sign('transfer', `{"amount":1,"amount":9,"to":"${victim}"}`),
    ],
    ['keys in another order', 'TX_BAD_ARGS', () => sign('transfer', `{"to":"${victim}","amount":1}`)],
    ['white space', 'TX_BAD_ARGS', () => sign('transfer', `{"amount":1, "to":"${victim}"}`)],
    ['another spelling of a number', 'TX_BAD_ARGS', () => sign('transfer', `{"amount":1e0,"to":"${victim}"}`)],
    [
      'a field too many',
      'TX_BAD_ARGS',
      () => sign('transfer', canonicalText({ amount: 1, from: victim, to: wallet.address })),
    ],
  ])('%s: %s', (_, code, make) => {
    expect(refusal(make())).toBe(code);
  });

  test('and what is right it admits', () => {
    expect(refusal(sign('transfer', transfer))).toBe('admitted');
  });
});

const reasonOf = (chain: TestChain, transactions: readonly Transaction[]) =>
  chain.block(transactions).receipts[transactions.length - 1]?.reason;

describe('a contract refuses', () => {
  test('voting twice', () => {
    const { chain, proposalId } = proposed();
    const twice = ['For', 'Against'].map((option) =>
      commitTransaction(chain, proposalId, 'fault_mapper', option as 'For' | 'Against'),
    );
    expect(reasonOf(chain, twice)).toBe('VOTE_DUPLICATE');
  });

  test('borrowed stake: what comes after the snapshot weighs nothing', () => {
    const { chain, proposalId } = proposed();
    const before = proposalOf(chain, proposalId).electorate;
    chain.block([chain.transaction('data_detective', 'transfer', { to: wallet.address, amount: 15_000 })]);
    chain.block([chain.transaction('fault_mapper', 'stake', { amount: 30_000 })]);
    passVote(chain, proposalId, unanimous('For'));
    expect(proposalOf(chain, proposalId).electorate).toEqual(before);
    expect(proposalOf(chain, proposalId).weightFor).toBe(before.reduce((sum, { weight }) => sum + weight, 0));
  });

  test('stake in flight: in one block it answers for one thing only', () => {
    const { chain, proposalId } = proposed({ accounts: { fault_mapper: { stake: 30 } } });
    const vote = commitTransaction(chain, proposalId, 'fault_mapper', 'For');
    const away = chain.transaction('fault_mapper', 'unstake', { amount: 30 });
    expect(reasonOf(chain, [vote, away])).toBe('INSUFFICIENT_STAKE');
    const late = proposed({ accounts: { fault_mapper: { stake: 30 } } });
    const first = late.chain.transaction('fault_mapper', 'unstake', { amount: 30 });
    const second = commitTransaction(late.chain, late.proposalId, 'fault_mapper', 'For');
    expect(reasonOf(late.chain, [first, second])).toBe('INSUFFICIENT_STAKE');
  });

  test('a copied commitment: it binds its voter and its claim, so nobody else can open it', () => {
    const { chain, proposalId } = proposed();
    const seen = commitTransaction(chain, proposalId, 'data_detective', 'For');
    const args = JSON.parse(seen.args) as { proposalId: string; stake: number; commitment: string };
    const copied = chain.transaction('fault_mapper', 'vote', args);
    chain.block([seen, copied]);
    chain.block([], chain.genesis.params.commitWindowMs);
    const opened = revealTransaction(chain, proposalId, 'data_detective', 'For');
    const salted = chain.transaction('fault_mapper', 'reveal_vote', JSON.parse(opened.args));
    expect(reasonOf(chain, [opened, salted])).toBe('REVEAL_MISMATCH');
  });

  test('challenging one’s own claim, and doing so through another account does not pay', () => {
    // The proposer misleads four supporters with all they may stake, then reveals its own error through the fault mapper.
    const accounts = Object.fromEntries(ROLES.map((role) => [role, { stake: 2_000 }]));
    const { chain, incidentId } = solved({ accounts, voteStake: 500 });
    expect(reasonOf(chain, [challengeTransaction(chain, incidentId, 'probability_oracle')])).toBe(
      'CHALLENGE_OWN_CLAIM',
    );
    const held = (role: Role) => chain.account(role).balance + chain.account(role).stake;
    const before = held('probability_oracle') + held('fault_mapper');
    chain.block([challengeTransaction(chain, incidentId, 'fault_mapper')]);
    const { fault_mapper: _, ...others } = unanimous('For');
    passVote(chain, incidentOf(chain, incidentId).challenges[0] ?? '', others);
    expect(incidentOf(chain, incidentId).state).toBe('Data_Collected');
    expect(held('probability_oracle') + held('fault_mapper')).toBeLessThanOrEqual(before);
    const reputation = chain.account('probability_oracle').reputation + chain.account('fault_mapper').reputation;
    expect(reputation).toBeLessThan(160);
  });

  test('a challenge after the window, and one with old evidence', () => {
    const { chain, incidentId } = solved();
    const old = challengeTransaction(chain, incidentId, 'fault_mapper', { cites: testCites });
    expect(reasonOf(chain, [old])).toBe('EVIDENCE_NOT_NEW');
    chain.block([], untilWindowEnds(chain, incidentId));
    expect(reasonOf(chain, [challengeTransaction(chain, incidentId, 'fault_mapper')])).toBe('CHALLENGE_WINDOW_CLOSED');
  });

  test('draining the treasury by failing transactions: each pays it', () => {
    const { chain, incidentId } = due('schedule_tasks');
    const before = chain.state.get('treasury')?.balance ?? 0;
    const failing = Array.from({ length: 20 }, () =>
      chain.transaction('fault_mapper', 'propose_root_cause', testProposal(incidentId)),
    );
    const { receipts } = chain.block(failing);
    expect(receipts.every(({ status }) => status === 'failed')).toBe(true);
    expect(chain.state.get('treasury')?.balance).toBe(before + 20 * 200);
    assertConserved(chain.state);
  });

  test('paying for one’s own trivial incidents: ten of them leave who raised them no richer and no better known', () => {
    const chain = new TestChain(developmentGenesis({ treasury: 1_000_000 }), { signed: false });
    const before = chain.account('alert_receiver');
    for (let index = 0; index < 10; index += 1) {
      const { incidentId, proposalId } = solved({ chain, confirmed: false, node: `trivial-${index}` });
      expect(proposalOf(chain, proposalId).withheldFrom).toBe(testAgent('alert_receiver').wallet.address);
      chain.block([], untilWindowEnds(chain, incidentId));
    }
    const { balance, stake, reputation } = chain.account('alert_receiver');
    expect(balance + stake).toBeLessThanOrEqual(before.balance + before.stake);
    expect(reputation).toBe(before.reputation);
  });

  test('the same as the proposer of it: neither reward nor bounty nor reputation', () => {
    const scene = due('propose_root_cause');
    const before = scene.chain.account('alert_receiver');
    // After its deadlines the ring comes round to the agent that alone raised the alert.
    scene.chain.block([], 3 * scene.chain.genesis.params.stepDeadlineMs);
    const { proposalId } = propose(scene.chain, scene.incidentId, 'stock-db', 'alert_receiver');
    passVote(scene.chain, proposalId, unanimous('For', 'alert_receiver'));
    expect(proposalOf(scene.chain, proposalId).escrow.filter(({ reason }) => reason === 'bounty')).toEqual([]);
    expect(scene.chain.account('alert_receiver').reputation).toBe(before.reputation);
  });
});
