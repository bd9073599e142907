import { describe, expect, test } from 'vitest';
import { canonicalText } from '../protocol/canonical.ts';
import type { AdmissionCode } from '../protocol/errors.ts';
import {
  evidenceRootOf,
  receiptHash,
  receiptsRootOf,
  transactionHash,
  transactionsRootOf,
} from '../protocol/hashing.ts';
import type { Transaction } from '../protocol/types.ts';
import { TestChain, testAgent, testEvidence } from '../testing/chain-kit.ts';
import { openIncident, stepTransaction, testAlert } from '../testing/incident-kit.ts';
import { execute } from './execute.ts';
import { stateOf } from './state/state.ts';

const { address: to } = testAgent('fault_mapper').wallet;
const newChain = () => new TestChain(undefined, { signed: false });

describe('execute', () => {
  test('moves tokens, takes gas for the treasury, and gives one receipt a transaction', () => {
    const chain = newChain();
    const before = chain.state.get('treasury')?.balance ?? 0;
    const transactions = [
      chain.transaction('data_detective', 'transfer', { to, amount: 5 }),
      chain.transaction('data_detective', 'transfer', { to, amount: 6 }, { gasPrice: 3, gasLimit: 900 }),
    ];
    const { receipts } = chain.block(transactions);
    expect(receipts).toEqual(
      [5, 6].map((amount, index) => ({
        transaction: transactionHash(transactions[index] as Transaction), // one transaction an amount
        status: 'success',
        reason: '',
        detail: '',
        gasUsed: 200,
        events: [{ name: 'Transferred', data: { from: transactions[0]?.sender, to, amount } }],
      })),
    );
    expect(chain.account('data_detective')).toMatchObject({ balance: 20_000 - 11 - 200 - 600, nonce: 2 });
    expect(chain.account('fault_mapper').balance).toBe(20_011);
    expect(chain.state.get('treasury')?.balance).toBe(before + 800);
  });

  test('a transfer to an unused address makes a neutral account without a role', () => {
    const chain = newChain();
    const address = '01'.repeat(20);
    chain.call('data_detective', 'transfer', { to: address, amount: 5 });
    expect(chain.account(address)).toEqual({
      ...{ balance: 5, stake: 0, locked: 0, bond: 0, reputation: 50, nonce: 0, reboots: 0, agent: null },
    });
  });

  test('stakes and unstakes', () => {
    const chain = newChain();
    expect(chain.call('fault_mapper', 'stake', { amount: 100 }).events).toEqual([
      { name: 'Staked', data: { address: to, amount: 100, stake: 500 } },
    ]);
    expect(chain.call('fault_mapper', 'unstake', { amount: 500 }).events).toEqual([
      { name: 'Unstaked', data: { address: to, amount: 500, stake: 0 } },
    ]);
    expect(chain.account('fault_mapper')).toMatchObject({ balance: 20_000 + 400 - 400, stake: 0 });
  });

  test('the roots are those of what it gives back', () => {
    const chain = newChain();
    const incidentId = openIncident(chain);
    chain.block([stepTransaction(chain, incidentId, 'schedule_tasks')]);
    const transactions = [
      stepTransaction(chain, incidentId, 'submit_data_collection'),
      chain.transaction('fault_mapper', 'raise_alert', testAlert('cart'), { evidence: [testEvidence('log')] }),
    ];
    const parent = chain.state;
    const result = chain.block(transactions);
    expect(result.transactionsRoot).toBe(transactionsRootOf(transactions.map(transactionHash)));
    expect(result.receiptsRoot).toBe(receiptsRootOf(result.receipts.map(receiptHash)));
    expect(result.evidenceRoot).toBe(evidenceRootOf(transactions));
    expect(result.stateRoot).toBe(result.state.root());
    expect(parent.with(result.changes).root()).toBe(result.stateRoot);
    expect([...result.changes.keys()]).toEqual([...result.changes.keys()].sort());
  });

  test('gives the same from a state that was read back from its texts', () => {
    const chain = newChain();
    const incidentId = openIncident(chain);
    const transactions = [stepTransaction(chain, incidentId, 'schedule_tasks')];
    const restored = stateOf(chain.state.entries(''));
    expect(execute(restored, chain.context(), transactions)).toMatchObject({
      stateRoot: execute(chain.state, chain.context(), transactions).stateRoot,
    });
  });

  test('an empty block changes nothing while nothing is due', () => {
    const chain = newChain();
    const { state } = chain;
    const result = chain.block();
    expect(result.state).toBe(state);
    expect(result.receipts).toEqual([]);
    expect(result.changes.size).toBe(0);
  });

  const spender = (chain: TestChain, change: Partial<Transaction>): Transaction => ({
    ...chain.transaction('data_detective', 'transfer', { to, amount: 5 }),
    ...change,
  });
  const cases: readonly [AdmissionCode, Partial<Transaction>][] = [
    ['TX_NONCE_USED', { nonce: 0 }],
    ['TX_NONCE_GAP', { nonce: 2 }],
    ['TX_GAS_PRICE_TOO_LOW', { gasPrice: 0 }],
    ['TX_GAS_LIMIT_TOO_LOW', { gasLimit: 199 }],
    ['TX_CANNOT_PAY_GAS', { gasLimit: 30_000 }],
    ['TX_CANNOT_PAY_GAS', { sender: '01'.repeat(20), nonce: 0 }],
    ['TX_UNKNOWN_TYPE', { type: 'slash' }],
    ['TX_BAD_ARGS', { args: canonicalText({ to, amount: -5 }) }],
  ];
  test.each(cases)('a block with a transaction that must not be in it is invalid: %s %o', (code, change) => {
    const chain = newChain();
    const block = [chain.transaction('data_detective', 'stake', { amount: 1 }), spender(chain, change)];
    expect(() => execute(chain.state, chain.context(), block)).toThrow(
      expect.objectContaining({ name: 'InvalidBlockError', code, index: 1 }),
    );
  });

  test('a failed transaction still counts its nonce, so the next one of its sender follows', () => {
    const chain = newChain();
    const { receipts } = chain.block([
      chain.transaction('data_detective', 'unstake', { amount: 9_999 }),
      chain.transaction('data_detective', 'unstake', { amount: 400 }),
    ]);
    expect(receipts.map(({ reason }) => reason)).toEqual(['INSUFFICIENT_STAKE', '']);
    expect(chain.account('data_detective')).toMatchObject({ nonce: 2, stake: 0 });
  });
});
