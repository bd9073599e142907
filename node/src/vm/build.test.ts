import { describe, expect, test } from 'vitest';
import { BLOCK_BYTES_MAX, TRANSACTIONS_PER_BLOCK_MAX } from '../protocol/constants.ts';
import { encodeBlock } from '../protocol/ssz.ts';
import { type Header, type Transaction, ZERO_HASH } from '../protocol/types.ts';
import { developmentGenesis, TestChain, testAgent } from '../testing/chain-kit.ts';
import { buildBlock, EMPTY_BLOCK_BYTES } from './build.ts';
import { execute } from './execute.ts';
import { genesisHeader } from './genesis.ts';

const { address: to } = testAgent('fault_mapper').wallet;
const accounts = { data_detective: { balance: 100_000_000 } };
const newChain = () => new TestChain(developmentGenesis({ accounts }), { signed: false });
const header: Header = { ...genesisHeader(developmentGenesis()), parentHash: ZERO_HASH };
const transfers = (chain: TestChain, count: number): readonly Transaction[] =>
  Array.from({ length: count }, () => chain.transaction('data_detective', 'transfer', { to, amount: 1 }));

describe('buildBlock', () => {
  test('gives what executing its choice gives', () => {
    const chain = newChain();
    const built = buildBlock(chain.state, chain.context(), transfers(chain, 5));
    expect(built.transactions).toHaveLength(5);
    const executed = execute(chain.state, chain.context(), built.transactions);
    expect({ ...built.result, state: executed.state }).toEqual(executed);
  });

  test('skips what its account does not allow, and keeps the failed ones, which pay', () => {
    const chain = newChain();
    const [first, second, third] = transfers(chain, 3) as [Transaction, Transaction, Transaction];
    const failing = chain.transaction('fault_mapper', 'unstake', { amount: 9_999 });
    const poor = { ...failing, nonce: 1, gasLimit: 50_000 };
    const built = buildBlock(chain.state, chain.context(), [third, first, failing, poor, first, second, third]);
    expect(built.transactions).toEqual([first, failing, second, third]);
    expect(built.skipped.map(({ code }) => code)).toEqual(['TX_NONCE_GAP', 'TX_CANNOT_PAY_GAS', 'TX_NONCE_USED']);
    expect(built.result.receipts.map(({ status }) => status)).toEqual(['success', 'failed', 'success', 'success']);
  });

  test('stops at the number of transactions that a block may hold', () => {
    const chain = newChain();
    const built = buildBlock(chain.state, chain.context(), transfers(chain, TRANSACTIONS_PER_BLOCK_MAX + 2));
    expect(built.transactions).toHaveLength(TRANSACTIONS_PER_BLOCK_MAX);
    expect(built.skipped).toEqual([]);
  });

  test('stops at the bytes that a block may have', () => {
    const chain = newChain();
    const long = (text: string) => ({ node: 'n', metric: 'm', atMs: 1, source: 's', title: text.repeat(300) });
    const summary = '报'.repeat(2_000);
    const scope = Array.from({ length: 64 }, (_, index) => `${index}`.padEnd(120, 'x'));
    const large = { incidentId: 'INC-0001', scope, windowFromMs: 1, windowToMs: 2, summary };
    const candidates = Array.from({ length: 100 }, (_, index) =>
      index % 10 === 0
        ? chain.transaction('data_detective', 'raise_alert', long('x'))
        : chain.transaction('data_detective', 'schedule_tasks', large),
    );
    const { transactions } = buildBlock(chain.state, chain.context(), candidates);
    expect(transactions.length).toBeLessThan(candidates.length);
    const bytes = encodeBlock({ header, transactions }).length;
    const next = candidates[transactions.length] as Transaction; // fewer than there are
    expect(bytes).toBeLessThanOrEqual(BLOCK_BYTES_MAX);
    expect(encodeBlock({ header, transactions: [...transactions, next] }).length).toBeGreaterThan(BLOCK_BYTES_MAX);
  });

  test('counts an empty block as it is encoded', () => {
    expect(encodeBlock({ header, transactions: [] })).toHaveLength(EMPTY_BLOCK_BYTES);
    const chain = newChain();
    expect(buildBlock(chain.state, chain.context(), []).result.state).toBe(chain.state);
  });
});
