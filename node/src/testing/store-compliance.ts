/**
 * What every implementation of the `ChainStore` port must do, as one suite. A test file calls it with a way to open
 * the implementation; `open` called again must find what the store before it kept.
 * Not exported from `index.ts`: it needs vitest's runner around it.
 */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ChainStore, type FinalBlock, StoreError } from '../ports/store.ts';
import { evidenceHash, headerHash, transactionHash } from '../protocol/hashing.ts';
import { encodeBlock } from '../protocol/ssz.ts';
import {
  type ContractEvent,
  type Hash,
  type Header,
  type Receipt,
  type Transaction,
  ZERO_HASH,
} from '../protocol/types.ts';

export interface StoreHarness {
  /** Opens the store; after a `close` the next one finds the same content. */
  open(): Promise<ChainStore>;
  /** Removes everything. */
  dispose(): Promise<void>;
}

const GENESIS: Hash = '9e'.repeat(32);
const OTHER: Hash = '0a'.repeat(32);

const transactionAt = (nonce: number): Transaction => ({
  chainId: 'test',
  type: 'transfer',
  sender: '11'.repeat(20),
  publicKey: `02${'22'.repeat(32)}`,
  nonce,
  gasPrice: 1,
  gasLimit: 200,
  args: '{"amount":1}',
  evidence: [],
  signature: '33'.repeat(64),
});

const receiptOf = (transaction: Hash, events: readonly ContractEvent[]): Receipt => ({
  transaction,
  status: 'success',
  reason: '',
  detail: '',
  gasUsed: 21,
  events,
});

const headerAt = (height: number, parentHash: Hash): Header => ({
  height,
  view: height,
  epoch: 0,
  parentHash,
  timestampMs: 1_000 * height,
  proposer: '44'.repeat(32),
  transactionsRoot: ZERO_HASH,
  receiptsRoot: ZERO_HASH,
  stateRoot: ZERO_HASH,
  evidenceRoot: ZERO_HASH,
  validatorSetHash: '55'.repeat(32),
});

export interface SampleBlock {
  /** Names of the events of each transaction; the last entry is the block's own receipt. */
  readonly events?: readonly (readonly string[])[];
  readonly state?: Readonly<Record<string, string | null>>;
}

/** A final block on top of a parent, with one transaction for each entry of `events` but the last. */
function sampleBlock(height: number, parentHash: Hash, { events = [[]], state = {} }: SampleBlock = {}): FinalBlock {
  const header = headerAt(height, parentHash);
  const hash = headerHash(header);
  const transactions = events.slice(0, -1).map((_, index) => transactionAt(height * 100 + index));
  const receipts = events.map((names, index) => {
    const transaction = transactions[index];
    return receiptOf(
      transaction ? transactionHash(transaction) : ZERO_HASH,
      names.map((name) => ({ name, data: { height } })),
    );
  });
  return {
    block: { header, transactions },
    hash,
    receipts,
    stateChanges: new Map(Object.entries(state)),
    finality: {
      descendants: [],
      certificate: {
        kind: 'finalize',
        epoch: 0,
        view: height,
        block: hash,
        signers: [0, 2],
        signatures: ['66'.repeat(64), '77'.repeat(64)],
      },
    },
  };
}

/** Blocks 1, 2, ... on top of the genesis that the suite uses. */
export function sampleChain(samples: readonly SampleBlock[], genesis: Hash = GENESIS): readonly FinalBlock[] {
  const blocks: FinalBlock[] = [];
  for (const sample of samples) blocks.push(sampleBlock(blocks.length + 1, blocks.at(-1)?.hash ?? genesis, sample));
  return blocks;
}

async function stateOf(store: ChainStore): Promise<readonly (readonly [string, string])[]> {
  const entries: (readonly [string, string])[] = [];
  for await (const entry of store.state()) entries.push(entry);
  return entries;
}

const failsWith = (code: string) => expect.objectContaining({ name: 'StoreError', code });

export function storeCompliance(name: string, create: () => Promise<StoreHarness>): void {
  describe(`${name} as a ChainStore`, () => {
    let harness: StoreHarness;
    let store: ChainStore;

    beforeEach(async () => {
      harness = await create();
      store = await harness.open();
    });
    afterEach(async () => {
      await store.close();
      await harness.dispose();
    });
    const reopen = async (): Promise<void> => {
      await store.close();
      store = await harness.open();
    };
    const begin = (state: Readonly<Record<string, string>> = {}) =>
      store.initialise(GENESIS, new Map(Object.entries(state)));

    test('is new until it is initialised', async () => {
      expect(await store.genesisHash()).toBeUndefined();
      expect(await store.tip()).toBeUndefined();
      await expect(store.commit(sampleChain([{}]))).rejects.toEqual(failsWith('OUT_OF_ORDER'));
    });

    test('starts at height 0 with the genesis hash and the genesis state', async () => {
      await begin({ b: '2', a: '1' });
      expect(await store.genesisHash()).toBe(GENESIS);
      expect(await store.tip()).toEqual({ height: 0, hash: GENESIS });
      expect(await store.blockAt(0)).toBeUndefined();
      expect(await stateOf(store)).toEqual([
        ['a', '1'],
        ['b', '2'],
      ]);
    });

    test('stays with its genesis: again is harmless, another is WRONG_GENESIS', async () => {
      await begin({ a: '1' });
      await store.commit(sampleChain([{ state: { a: '2' } }]));
      await begin({ a: '1' });
      expect(await stateOf(store)).toEqual([['a', '2']]);
      await expect(store.initialise(OTHER, new Map())).rejects.toEqual(failsWith('WRONG_GENESIS'));
    });

    test('gives a committed block back whole, by height, hash and transaction', async () => {
      await begin();
      const [first, second] = sampleChain([{}, { events: [['Paid'], ['Voted', 'Counted'], ['Settled']] }]);
      if (!first || !second) throw new Error('the sample chain has two blocks');
      await store.commit([first, second]);
      const { stateChanges: _, ...stored } = second;
      expect(await store.blockAt(2)).toEqual(stored);
      expect(await store.tip()).toEqual({ height: 2, hash: second.hash });
      expect(await store.heightOf(second.hash)).toBe(2);
      expect(await store.heightOf(OTHER)).toBeUndefined();
      const places = second.block.transactions.map((tx) => store.placeOf(transactionHash(tx)));
      expect(await Promise.all(places)).toEqual([
        { height: 2, index: 0 },
        { height: 2, index: 1 },
      ]);
      expect(await store.placeOf(ZERO_HASH)).toBeUndefined();
      expect(await store.blockAt(3)).toBeUndefined();
    });

    test('gives blocks in a row as they are encoded', async () => {
      await begin();
      const chain = sampleChain([{}, {}, {}]);
      await store.commit(chain);
      const encoded = chain.map(({ block }) => encodeBlock(block));
      expect(await store.blockBytes(1, 10)).toEqual(encoded);
      expect(await store.blockBytes(2, 1)).toEqual([encoded[1]]);
      expect(await store.blockBytes(4, 1)).toEqual([]);
    });

    test('keeps the proofs of validator-set changes with their blocks, oldest first', async () => {
      await begin();
      const proof = { key: 'validators', value: '{"epoch":1}', siblings: [OTHER] };
      const changes = [
        { epoch: 1, height: 2, proof },
        { epoch: 9, height: 10, proof: { ...proof, siblings: [] } },
      ];
      const blocks = sampleChain(Array.from({ length: 11 }, () => ({})));
      await store.commit(
        blocks.map((block) => {
          const setChange = changes.find(({ height }) => height === block.block.header.height);
          return setChange ? { ...block, setChange } : block;
        }),
      );
      await reopen();
      expect(await store.setChanges()).toEqual(changes);
    });

    test('sorts heights as numbers', async () => {
      await begin();
      await store.commit(sampleChain(Array.from({ length: 12 }, () => ({ events: [['Tick']] }))));
      const heights = (await store.events({ limit: 100 })).map(({ height }) => height);
      expect(heights).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
    });

    const chain = sampleChain([{}, {}, {}]);
    const [one, two, three] = chain;
    if (!one || !two || !three) throw new Error('the sample chain has three blocks');
    const refused: readonly (readonly [what: string, blocks: readonly FinalBlock[]])[] = [
      ['a gap after the tip', [three]],
      ['the tip again', [one]],
      ['a gap inside the batch', [two, sampleBlock(4, three.hash)]],
      ['another parent', [sampleBlock(2, OTHER)]],
      ['another parent inside the batch', [two, sampleBlock(3, OTHER)]],
      ['the wrong order inside the batch', [three, two]],
    ];
    test.each(refused)('OUT_OF_ORDER: %s; and nothing of the batch is kept', async (_, blocks) => {
      await begin({ a: '1' });
      await store.commit([one]);
      const changed = blocks.map((block) => ({ ...block, stateChanges: new Map([['a', 'changed']]) }));
      await expect(store.commit(changed)).rejects.toEqual(failsWith('OUT_OF_ORDER'));
      await reopen();
      expect(await store.tip()).toEqual({ height: 1, hash: one.hash });
      expect(await store.blockAt(2)).toBeUndefined();
      expect(await stateOf(store)).toEqual([['a', '1']]);
    });

    test('commits that overlap in time keep the order of the calls', async () => {
      await begin();
      await Promise.all(chain.map((block) => store.commit([block])));
      expect(await store.tip()).toEqual({ height: 3, hash: three.hash });
    });

    test('an empty commit changes nothing', async () => {
      await begin();
      await store.commit([]);
      expect(await store.tip()).toEqual({ height: 0, hash: GENESIS });
    });

    test('keeps the state of the tip: written, overwritten, deleted, in key order', async () => {
      await begin({ 'account/1': 'ten', gone: 'soon' });
      await store.commit(
        sampleChain([{ state: { 'account/1': 'nine', 'account/0': 'one' } }, { state: { gone: null, zeta: 'ζ' } }]),
      );
      expect(await stateOf(store)).toEqual([
        ['account/0', 'one'],
        ['account/1', 'nine'],
        ['zeta', 'ζ'],
      ]);
    });

    test('lists events newest first, bounded, and below a height', async () => {
      await begin();
      await store.commit(sampleChain([{ events: [['A', 'B'], ['C']] }, {}, { events: [['D'], []] }]));
      const names = async (query: Parameters<ChainStore['events']>[0]) =>
        (await store.events(query)).map((event) => event.name);
      expect(await names({ limit: 10 })).toEqual(['D', 'C', 'B', 'A']);
      expect(await names({ limit: 2 })).toEqual(['D', 'C']);
      expect(await names({ limit: 10, beforeHeight: 3 })).toEqual(['C', 'B', 'A']);
      expect(await names({ limit: 10, beforeHeight: 1 })).toEqual([]);
      expect(await names({ limit: 0 })).toEqual([]);
      const [, , second] = await store.events({ limit: 3 });
      expect(second).toMatchObject({ height: 1, receipt: 0, index: 1, timestampMs: 1_000, data: { height: 1 } });
    });

    test('keeps evidence by its hash and refuses other content', async () => {
      const blob = new TextEncoder().encode('cpu of checkout: 97 %');
      const hash = evidenceHash(blob);
      await store.putEvidence(new Map([[hash, blob]]));
      expect(await store.hasEvidence(hash)).toBe(true);
      expect(await store.evidence(hash)).toEqual(blob);
      expect(await store.hasEvidence(OTHER)).toBe(false);
      expect(await store.evidence(OTHER)).toBeUndefined();
      const forged = new Map([
        [evidenceHash(new Uint8Array([1])), new Uint8Array([1])],
        [OTHER, blob],
      ]);
      await expect(store.putEvidence(forged)).rejects.toBeInstanceOf(StoreError);
      expect(await store.hasEvidence(evidenceHash(new Uint8Array([1])))).toBe(false);
    });

    test('does not change with the array that it was given', async () => {
      const blob = new Uint8Array([1, 2, 3]);
      const hash = evidenceHash(blob);
      await store.putEvidence(new Map([[hash, blob]]));
      blob.fill(9);
      expect(await store.evidence(hash)).toEqual(new Uint8Array([1, 2, 3]));
    });

    test('finds everything again after a restart', async () => {
      const blob = new Uint8Array([7]);
      const blocks = sampleChain([{ events: [['Paid'], []], state: { a: '2' } }, { state: { b: '3' } }]);
      await begin({ a: '1' });
      await store.commit(blocks);
      await store.putEvidence(new Map([[evidenceHash(blob), blob]]));
      await reopen();
      expect(await store.genesisHash()).toBe(GENESIS);
      expect((await store.tip())?.height).toBe(2);
      expect((await store.blockAt(1))?.block).toEqual(blocks[0]?.block);
      expect(await store.events({ limit: 9 })).toHaveLength(1);
      expect(await store.evidence(evidenceHash(blob))).toEqual(blob);
      expect(await stateOf(store)).toEqual([
        ['a', '2'],
        ['b', '3'],
      ]);
    });

    test('CLOSED after close, and closing twice is harmless', async () => {
      await begin();
      await store.close();
      await store.close();
      await expect(store.tip()).rejects.toEqual(failsWith('CLOSED'));
      await expect(store.commit([one])).rejects.toEqual(failsWith('CLOSED'));
      await expect(store.putEvidence(new Map())).rejects.toEqual(failsWith('CLOSED'));
    });
  });
}
