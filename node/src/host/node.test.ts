import { afterEach, describe, expect, it } from 'vitest';
import { utf8Bytes } from '../protocol/bytes.ts';
import { canonicalText } from '../protocol/canonical.ts';
import type { AdmissionCode } from '../protocol/errors.ts';
import { evidenceHash } from '../protocol/hashing.ts';
import type { Transaction, UnsignedTransaction } from '../protocol/types.ts';
import { testAgent, testAgents } from '../testing/chain-kit.ts';
import { NodeCluster } from '../testing/node-cluster.ts';

const alice = testAgent('alert_receiver').wallet;
const bob = testAgent('process_scheduler').wallet;

const transfer = (nonce: number, changes: Partial<UnsignedTransaction> = {}): Transaction =>
  alice.sign({
    chainId: 'dao-gov-test',
    type: 'transfer',
    sender: alice.address,
    publicKey: alice.publicKey,
    nonce,
    gasPrice: 1,
    gasLimit: 200,
    args: canonicalText({ to: bob.address, amount: 5 }),
    evidence: [],
    ...changes,
  });

let cluster: NodeCluster | undefined;

async function started(fate?: ConstructorParameters<typeof NodeCluster>[0]): Promise<NodeCluster> {
  cluster = await NodeCluster.started(fate);
  return cluster;
}

afterEach(async () => {
  for (const index of testAgents.keys()) await cluster?.stop(index);
  expect(cluster?.fatal ?? []).toEqual([]);
  cluster = undefined;
});

const tx = (on: NodeCluster, nonce: number, changes: Partial<UnsignedTransaction> = {}): Transaction =>
  transfer(nonce, { chainId: on.genesis.chainId, ...changes });

/** All living nodes have the same block and state at the lowest common height. */
async function expectAgreement(on: NodeCluster): Promise<void> {
  const height = Math.min(...on.heights());
  const blocks = await Promise.all(on.living().map((node) => node.store.blockAt(height)));
  expect(new Set(blocks.map((stored) => stored?.hash)).size).toBe(1);
  expect(new Set(blocks.map((stored) => stored?.block.header.stateRoot)).size).toBe(1);
}

describe('seven nodes', () => {
  it('execute a transaction alike and pay for it', async () => {
    const on = await started();
    expect(await on.settle(3, { transaction: tx(on, 0), blobs: [] })).toBe(true);
    await expectAgreement(on);
    const account = on.node(5).final().state.get('account', bob.address);
    expect(account?.balance).toBe(20_005);
    expect(on.node(0).nextNonce(alice.address)).toBe(1);
  });

  it('keep nonce order when transactions come the wrong way round', async () => {
    const on = await started();
    await on.node(1).submit({ transaction: tx(on, 2), blobs: [] });
    await on.node(2).submit({ transaction: tx(on, 1), blobs: [] });
    expect(await on.settle(0, { transaction: tx(on, 0), blobs: [] })).toBe(true);
    await on.clock.advance(2_000);
    expect(on.node(6).final().state.get('account', alice.address)?.nonce).toBe(3);
  });

  it.each<[AdmissionCode, (on: NodeCluster) => Transaction]>([
    ['TX_WRONG_CHAIN', () => transfer(0, { chainId: 'another-chain' })],
    ['TX_BAD_SIGNATURE', (on) => ({ ...tx(on, 0), gasLimit: 201 })],
    ['TX_SENDER_MISMATCH', (on) => tx(on, 0, { sender: bob.address })],
    ['TX_UNKNOWN_TYPE', (on) => tx(on, 0, { type: 'reward' })],
    ['TX_BAD_ARGS', (on) => tx(on, 0, { args: canonicalText({ to: bob.address, amount: -1 }) })],
    ['TX_GAS_LIMIT_TOO_LOW', (on) => tx(on, 0, { gasLimit: 199 })],
    ['TX_CANNOT_PAY_GAS', (on) => tx(on, 0, { gasLimit: 1_000_000 })],
    ['TX_NONCE_GAP', (on) => tx(on, 65)],
    ['TX_EVIDENCE_MISSING', (on) => tx(on, 0, { evidence: ['ab'.repeat(32)] })],
  ])('refuse %s', async (code, make) => {
    const on = await started();
    await expect(on.node(0).submit({ transaction: make(on), blobs: [] })).rejects.toMatchObject({ code });
    expect(on.node(0).pending()).toEqual([]);
  });

  it('refuse a used nonce, a taken nonce, and the same again', async () => {
    const on = await started();
    const first = tx(on, 0);
    await on.settle(0, { transaction: first, blobs: [] });
    const submit = (transaction: Transaction) => on.node(0).submit({ transaction, blobs: [] });
    await expect(submit(first)).rejects.toMatchObject({ code: 'TX_KNOWN' });
    await expect(submit(tx(on, 0, { gasLimit: 300 }))).rejects.toMatchObject({ code: 'TX_NONCE_USED' });
    await submit(tx(on, 5));
    await expect(submit(tx(on, 5, { gasLimit: 300 }))).rejects.toMatchObject({ code: 'TX_NONCE_TAKEN' });
  });

  it('hold the evidence of every block they vouch for, also when gossip brought none', async () => {
    const blob = utf8Bytes('{"kind":"note"}');
    // Nobody hears the transaction by gossip: only its proposer has the blob, the others ask for it.
    const on = await started(({ kind }) => (kind === 'transaction' ? 'lost' : 2));
    const transaction = tx(on, 0, { evidence: [evidenceHash(blob)] });
    expect(await on.settle(2, { transaction, blobs: [blob] }, 60_000)).toBe(true);
    for (const node of on.living()) expect(await node.store.hasEvidence(evidenceHash(blob))).toBe(true);
  });

  it('say nothing while there is nothing to say', async () => {
    const on = await started();
    await on.clock.advance(30_000);
    expect(Math.max(...on.heights())).toBeLessThanOrEqual(7);
    expect(Math.min(...on.heights())).toBeGreaterThanOrEqual(5);
  });

  it('go on with two down, and bring them up to date when they return', async () => {
    const on = await started();
    await on.settle(0, { transaction: tx(on, 0), blobs: [] });
    await on.stop(1);
    await on.stop(4);
    for (let nonce = 1; nonce <= 5; nonce += 1) {
      expect(await on.settle(0, { transaction: tx(on, nonce), blobs: [] })).toBe(true);
    }
    await on.start(1);
    await on.start(4);
    await on.clock.advance(1_000);
    expect(on.node(1).final().height).toBe(on.node(0).final().height);
    await expectAgreement(on);
    expect(await on.settle(4, { transaction: tx(on, 6), blobs: [] })).toBe(true);
  });

  it('stop with three down and go on when one returns', async () => {
    const on = await started();
    for (const index of [1, 2, 3]) await on.stop(index);
    const hash = await on.node(0).submit({ transaction: tx(on, 0), blobs: [] });
    expect(await on.final(hash, 10_000)).toBe(false);
    await on.start(2);
    expect(await on.final(hash, 10_000)).toBe(true);
    await expectAgreement(on);
  });

  it('all crash at once and go on from disk', async () => {
    const on = await started();
    await on.settle(0, { transaction: tx(on, 0), blobs: [] });
    const before = on.node(0).final();
    for (const index of testAgents.keys()) await on.stop(index);
    for (const index of testAgents.keys()) await on.start(index);
    await on.clock.advance(500);
    expect(on.node(6).final().height).toBeGreaterThanOrEqual(before.height);
    expect(await on.settle(3, { transaction: tx(on, 1), blobs: [] })).toBe(true);
    await expectAgreement(on);
    expect(on.node(0).final().state.get('account', bob.address)?.balance).toBe(20_010);
  });
});
