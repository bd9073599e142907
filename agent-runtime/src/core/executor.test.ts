import {
  AdmissionError,
  canonicalText,
  evidenceHash,
  type Hash,
  type Transaction,
  transactionHash,
  walletOf,
} from '@dao-gov/node/protocol';
import { ChainSimulator, developmentGenesis, testSecret } from '@dao-gov/node/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Ledger, LedgerError, localLedger } from '../ledger/index.ts';
import { RESUBMIT_AFTER_BLOCKS, RESUBMIT_AFTER_MS } from './constants.ts';
import { DaoExecutor } from './executor.ts';
import type { Intent } from './intent.ts';
import { silentSink } from './ports.ts';

const wallet = walletOf(testSecret(1));
const stake = (amount: number, evidence: readonly Uint8Array[] = []): Intent => ({
  type: 'stake',
  args: { amount },
  evidence,
});

/** Everything that was handed to the node, with a way to await the next. */
class Outbox {
  readonly sent: Transaction[] = [];
  readonly #waiting = new Set<() => void>();
  /** What the node's next answers are; undefined is its own. */
  readonly answers: (Error | undefined)[] = [];

  wrap(ledger: Ledger): Ledger {
    return {
      ...ledger,
      submit: async (transaction, blobs) => {
        this.sent.push(transaction);
        for (const wake of [...this.#waiting]) wake();
        const answer = this.answers.shift();
        if (answer) throw answer;
        return ledger.submit(transaction, blobs);
      },
    };
  }

  /** Resolves when so many were handed over in all; then lets the executor go on until it waits again. */
  async count(count: number): Promise<void> {
    while (this.sent.length < count) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    await settle();
  }
}

/** Lets everything that waits for nothing but other promises run. */
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

let chain: ChainSimulator;
let outbox: Outbox;
let executor: DaoExecutor;

beforeEach(() => {
  chain = new ChainSimulator({ genesis: developmentGenesis() });
  outbox = new Outbox();
  const ledger = outbox.wrap(localLedger(chain, wallet.address));
  executor = new DaoExecutor({ ledger, wallet, clock: chain.clock, sink: silentSink });
});
afterEach(() => executor.stop());

/** A transaction that this wallet makes behind the executor's back. */
function elsewhere(nonce: number): Transaction {
  const { address: sender, publicKey } = wallet;
  const args = canonicalText({ amount: 7 });
  return wallet.sign({
    chainId: chain.genesis.chainId,
    type: 'stake',
    sender,
    publicKey,
    nonce,
    gasPrice: 1,
    gasLimit: 200,
    args,
    evidence: [],
  });
}

/** The rule above all: whoever looks at all that left this process finds one transaction a nonce. */
function transactionsByNonce(refusedCount = 0): ReadonlyMap<number, ReadonlySet<Hash>> {
  const byNonce = Map.groupBy(outbox.sent.slice(refusedCount), ({ nonce }) => nonce);
  return new Map([...byNonce].map(([nonce, all]) => [nonce, new Set(all.map(transactionHash))]));
}

test('an intent becomes a signed transaction with its evidence, and its receipt comes back', async () => {
  const blob = new TextEncoder().encode('"seen"');
  const outcome = executor.perform(stake(150, [blob]));
  await outbox.count(1);
  chain.produce();
  const done = await outcome;
  expect(done).toMatchObject({ ok: true, receipt: { status: 'success', height: 1, gasUsed: 210 } });
  expect(outbox.sent[0]).toMatchObject({ nonce: 0, gasPrice: 1, gasLimit: 210, evidence: [evidenceHash(blob)] });
  expect(await chain.store.evidence(evidenceHash(blob))).toEqual(blob);
});

test('long arguments bring their own gas', async () => {
  const text = 'x'.repeat(1_900);
  const reason = { en: text, zh: text };
  const outcome = executor.perform({
    type: 'vote',
    args: { proposalId: 'ab'.repeat(32), stake: 20, option: 'For', reason },
    evidence: [],
  });
  await outbox.count(1);
  chain.produce();
  expect(await outcome).toMatchObject({ ok: false, code: 'NO_PROPOSAL' }); // and not OUT_OF_GAS
});

test('intents are performed one after the other, each with the next nonce', async () => {
  const outcomes = [executor.perform(stake(1)), executor.perform(stake(2)), executor.perform(stake(3))];
  for (let sent = 1; sent <= 3; sent += 1) {
    await outbox.count(sent);
    expect(outbox.sent).toHaveLength(sent);
    chain.produce();
  }
  expect((await Promise.all(outcomes)).every(({ ok }) => ok)).toBe(true);
  expect(outbox.sent.map(({ nonce }) => nonce)).toEqual([0, 1, 2]);
});

test('a failed receipt comes back with its code, and the next intent goes on', async () => {
  const outcome = executor.perform({ type: 'unstake', args: { amount: 9_999 }, evidence: [] });
  await outbox.count(1);
  chain.produce();
  expect(await outcome).toMatchObject({
    ok: false,
    code: 'INSUFFICIENT_STAKE',
    detail: expect.stringContaining('400'),
  });
  const next = executor.perform(stake(5));
  await outbox.count(2);
  chain.produce();
  expect(await next).toMatchObject({ ok: true });
});

test("the node's refusal comes back at once", async () => {
  outbox.answers.push(new AdmissionError('TX_CANNOT_PAY_GAS', 'poor'));
  expect(await executor.perform(stake(1))).toMatchObject({ ok: false, code: 'TX_CANNOT_PAY_GAS' });
  expect(outbox.sent).toHaveLength(1);
});

test('a transaction that got lost is offered again after some blocks, byte for byte', async () => {
  chain.lose(1);
  const outcome = executor.perform(stake(10));
  await outbox.count(1);
  for (let blocks = 0; blocks < RESUBMIT_AFTER_BLOCKS - 1; blocks += 1) {
    chain.produce();
    await settle();
  }
  expect(outbox.sent).toHaveLength(1);
  chain.produce();
  await outbox.count(2);
  chain.produce();
  expect(await outcome).toMatchObject({ ok: true });
  expect(outbox.sent[1]).toEqual(outbox.sent[0]);
});

test('without blocks it is offered again after a while', async () => {
  chain.lose(1);
  const outcome = executor.perform(stake(10));
  await outbox.count(1);
  chain.clock.advance(RESUBMIT_AFTER_MS);
  await outbox.count(2);
  chain.produce();
  expect(await outcome).toMatchObject({ ok: true });
  expect(transactionsByNonce().get(0)?.size).toBe(1);
});

test.each([new LedgerError('UNREACHABLE', 'cut off'), new Error('socket hang up')])(
  'no answer means that it may have been taken: the same bytes go out again (%s)',
  async (error) => {
    outbox.answers.push(error);
    const outcome = executor.perform(stake(10));
    await outbox.count(1);
    chain.produce();
    await outbox.count(2);
    chain.produce();
    expect(await outcome).toMatchObject({ ok: true });
    expect(transactionsByNonce().get(0)?.size).toBe(1);
  },
);

test('no answer first and a refusal then: it was never taken', async () => {
  outbox.answers.push(new Error('socket hang up'), new AdmissionError('TX_BAD_ARGS', 'no'));
  const outcome = executor.perform(stake(10));
  await outbox.count(1);
  chain.produce();
  expect(await outcome).toMatchObject({ ok: false, code: 'TX_BAD_ARGS' });
});

test('when the pool is full the intent waits for the next block', async () => {
  outbox.answers.push(new AdmissionError('MEMPOOL_FULL', 'full'));
  const outcome = executor.perform(stake(10));
  await outbox.count(1);
  chain.produce();
  await outbox.count(2);
  chain.produce();
  expect(await outcome).toMatchObject({ ok: true });
});

test('a nonce that an earlier life still holds is waited for, and the intent signed anew if it is still wanted', async () => {
  await chain.submit({ transaction: elsewhere(0), blobs: [] });
  const outcome = executor.perform(stake(10), { stillWanted: async () => true });
  await outbox.count(1);
  chain.produce();
  await outbox.count(2);
  chain.produce();
  expect(await outcome).toMatchObject({ ok: true });
  expect(outbox.sent.map(({ nonce }) => nonce)).toEqual([0, 1]);
});

test('what the earlier life has done already is not done again', async () => {
  await chain.submit({ transaction: elsewhere(0), blobs: [] });
  const stillWanted = async (): Promise<boolean> => chain.account(wallet.address)?.nonce === 0;
  const outcome = executor.perform(stake(10), { stillWanted });
  await outbox.count(1);
  chain.produce();
  expect(await outcome).toMatchObject({ ok: false, code: 'OBSOLETE' });
  expect(outbox.sent).toHaveLength(1);
});

test('also when the earlier life is done in the very moment before signing', async () => {
  await chain.submit({ transaction: elsewhere(0), blobs: [] });
  let looks = 0;
  const stillWanted = async (): Promise<boolean> => {
    looks += 1;
    // The first look sees the state before this block.
    if (looks === 1) chain.produce();
    return looks === 1;
  };
  const outcome = await executor.perform(stake(10), { stillWanted });
  expect(outcome).toMatchObject({ ok: false, code: 'OBSOLETE' });
  expect(chain.account(wallet.address)?.stake).toBe(400 + 7);
});

test('a nonce that another transaction used up while this one was lost is noticed', async () => {
  chain.lose(1);
  const outcome = executor.perform(stake(10));
  await outbox.count(1);
  await chain.submit({ transaction: elsewhere(0), blobs: [] });
  chain.produce();
  await settle();
  chain.produce();
  await outbox.count(2);
  chain.produce();
  expect(await outcome).toMatchObject({ ok: true });
  expect(outbox.sent.map(({ nonce }) => nonce)).toEqual([0, 1]);
});

test('the hash is told as soon as the node holds the transaction', async () => {
  const held = new Promise<Hash>((resolve) => {
    void executor.perform(stake(10), { onSubmitted: resolve });
  });
  const hash = await held;
  expect(chain.pendingCount()).toBe(1);
  expect(hash).toBe(transactionHash(outbox.sent[0] as Transaction));
});

test('stopping ends all waiting, also of those in line', async () => {
  const outcomes = [executor.perform(stake(1)), executor.perform(stake(2))];
  await outbox.count(1);
  executor.stop();
  expect(await Promise.all(outcomes)).toMatchObject([{ code: 'STOPPED' }, { code: 'STOPPED' }]);
  expect(outbox.sent).toHaveLength(1);
});
