import { afterEach, describe, expect, it } from 'vitest';
import type { StoreErrorCode } from '../ports/index.ts';
import { canonicalText } from '../protocol/canonical.ts';
import type { Transaction } from '../protocol/types.ts';
import { validatorSetOfGenesis } from '../protocol/validator-set.ts';
import { decodeConsensusMessage } from '../protocol/wire.ts';
import { openMemoryLog, openMemoryStore } from '../storage/index.ts';
import { testAgent, testAgents } from '../testing/chain-kit.ts';
import { NodeCluster } from '../testing/node-cluster.ts';
import { ConsensusMonitor, oneEpoch } from '../testing/simulation/consensus-monitor.ts';
import { encodeLogHead, encodeLogRecord } from './log-codec.ts';
import { keepSigned, readSigned } from './signed-before.ts';

const GENESIS = 'aa'.repeat(32);
/** Real signatures of seven nodes take long on a busy machine. */
const TIMEOUT_MS = 120_000;
const OTHER = 'bb'.repeat(32);
const vote = {
  kind: 'nullify',
  epoch: 0,
  view: 9,
  block: '00'.repeat(32),
  validator: 1,
  signature: '11'.repeat(64),
} as const;

describe('what was signed before', () => {
  it('is nothing on a new disk, and the log is bound to its chain at once', async () => {
    const content: Uint8Array[] = [];
    const signed = await readSigned(openMemoryLog(content), await openMemoryStore(), GENESIS);
    expect(signed).toEqual({ genesis: GENESIS, records: [], floorHeight: 0 });
    expect(content).toEqual([encodeLogHead({ genesis: GENESIS, floorHeight: 0 })]);
  });

  it('comes back after a compaction, with the height that the log was cut at', async () => {
    const log = openMemoryLog();
    const signed = { genesis: GENESIS, records: [{ type: 'vote', vote }] as const, floorHeight: 70_000 };
    await keepSigned(log, signed);
    expect(await readSigned(log, await openMemoryStore(), GENESIS)).toEqual(signed);
  });

  const record = encodeLogRecord({ type: 'vote', vote });
  const head = encodeLogHead({ genesis: GENESIS, floorHeight: 0 });
  const cases: readonly (readonly [StoreErrorCode, what: string, chain: string | null, log: readonly Uint8Array[]])[] =
    [
      ['LOG_LOST', 'a chain beside an empty log', GENESIS, []],
      ['WRONG_GENESIS', 'a chain of another genesis', OTHER, []],
      ['WRONG_GENESIS', 'a log of another genesis', null, [encodeLogHead({ genesis: OTHER, floorHeight: 0 })]],
      ['WRONG_FORMAT', 'a log of another version', GENESIS, [head.with(1, 2)]],
      ['WRONG_FORMAT', 'a log without a head', GENESIS, [record]],
      ['WRONG_FORMAT', 'a record of an unknown kind', GENESIS, [head, record.with(0, 99)]],
      ['WRONG_FORMAT', 'a record that does not decode', GENESIS, [head, record.subarray(0, 20)]],
    ];
  it.each(cases)('%s: %s', async (code, _, chain, records) => {
    const store = await openMemoryStore();
    if (chain !== null) await store.initialise(chain, new Map());
    const content = [...records];
    await expect(readSigned(openMemoryLog(content), store, GENESIS)).rejects.toMatchObject({ code });
    expect(content).toEqual(records);
  });
});

describe('a validator whose chain is lost and whose log is kept', () => {
  let cluster: NodeCluster | undefined;
  afterEach(async () => {
    for (const index of testAgents.keys()) await cluster?.stop(index);
    expect(cluster?.fatal ?? []).toEqual([]);
  });

  it('signs nothing before it has followed the others past what it signed', { timeout: TIMEOUT_MS }, async () => {
    let deaf = false;
    const sent: { readonly from: number; readonly view: number }[] = [];
    const keys = testAgents.map(({ validatorKey }) => validatorKey);
    let monitor: ConsensusMonitor | undefined;
    const on = new NodeCluster(
      ({ kind, from, bytes }) => {
        if (deaf && kind === 'sync-response') return 'lost';
        if (kind !== 'consensus') return 2;
        const message = decodeConsensusMessage(bytes);
        const index = keys.indexOf(from);
        monitor?.sent(from, message);
        if (message.type !== 'certificate') sent.push({ from: index, view: message.vote.view });
        return 2;
      },
      {},
      4,
    );
    cluster = on;
    monitor = new ConsensusMonitor(oneEpoch(validatorSetOfGenesis(on.genesis).validators));
    for (const index of testAgents.keys()) await on.start(index);
    let nonce = 0;
    const submit = () => {
      const transaction = transfer(on.genesis.chainId, nonce);
      nonce += 1;
      return on.node(0).submit({ transaction, blobs: [] });
    };
    const settle = async (): Promise<void> => expect(await on.final(await submit())).toBe(true);
    for (let block = 0; block < 10; block += 1) await settle();
    const lostAt = on.node(3).final().height;
    const lostView = Math.max(...sent.filter(({ from }) => from === 3).map(({ view }) => view));
    await on.stop(3);
    on.loseChain(3);
    const before = sent.length;
    const signedSince = (): readonly number[] =>
      sent.slice(before).flatMap(({ from, view }) => (from === 3 && view > lostView ? [view] : []));
    deaf = true;
    await on.start(3);
    for (let block = 0; block < 3; block += 1) await submit();
    await on.clock.advance(3_000);
    expect(on.node(0).final().height).toBeGreaterThan(lostAt);
    expect(on.node(3).final().height).toBe(0);
    expect(signedSince()).toEqual([]);
    deaf = false;
    for (let block = 0; block < 5; block += 1) await settle();
    expect(on.node(3).final().height).toBeGreaterThan(lostAt);
    expect(signedSince()).not.toEqual([]);
  });
});

function transfer(chainId: string, nonce: number): Transaction {
  const { wallet } = testAgent('alert_receiver');
  return wallet.sign({
    chainId,
    type: 'transfer',
    sender: wallet.address,
    publicKey: wallet.publicKey,
    nonce,
    gasPrice: 1,
    gasLimit: 200,
    args: canonicalText({ to: testAgent('process_scheduler').wallet.address, amount: 1 }),
    evidence: [],
  });
}
