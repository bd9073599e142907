/**
 * The chain store over any `KeyValue`: final blocks, their receipts and proofs, two indices, the state at the tip and
 * the evidence blobs. One commit is one batch, so that a crash leaves the chain before it or after it, never between.
 */
import { hash as digestOf } from 'node:crypto';
import {
  type ChainStore,
  type ChainTip,
  type FinalBlock,
  type SetChange,
  type StoredBlock,
  StoreError,
  wrongGenesis,
} from '../ports/store.ts';
import { textOf, utf8Bytes } from '../protocol/bytes.ts';
import { DecodeError } from '../protocol/errors.ts';
import { headerHash } from '../protocol/hashing.ts';
import { decodeBlock } from '../protocol/ssz.ts';
import type { Hash } from '../protocol/types.ts';
import { decodeFinality } from '../protocol/wire.ts';
import { decodeHeight, decodePlace, decodeReceipts, decodeSetChange, decodeTip, encodeTip } from './codec.ts';
import { commitOperations } from './commit.ts';
import { SCHEMA_VERSION } from './constants.ts';
import { closedStore, corruptStore, diskFault, newerStore } from './errors.ts';
import { eventsOf } from './events.ts';
import type { KeyValue } from './key-value.ts';
import {
  blockKey,
  blockRange,
  evidenceKey,
  finalityKey,
  GENESIS_KEY,
  hashKey,
  receiptsKey,
  SCHEMA_KEY,
  SET_CHANGE_RANGE,
  STATE_RANGE,
  stateKey,
  stateName,
  TIP_KEY,
  transactionKey,
} from './keys.ts';
import { serialQueue } from './serial.ts';

const SYNCED = { sync: true } as const;

/** Bytes that do not decode were damaged on disk. */
function decoded<T>(location: string, bytes: Uint8Array | undefined, decode: (bytes: Uint8Array) => T): T | undefined {
  if (bytes === undefined) return undefined;
  try {
    return decode(bytes);
  } catch (error) {
    throw error instanceof DecodeError ? corruptStore(location, error) : error;
  }
}

async function readTip(kv: KeyValue): Promise<ChainTip | undefined> {
  return decoded(kv.location, await kv.get(TIP_KEY), decodeTip);
}

async function readBlock(kv: KeyValue, height: number): Promise<StoredBlock | undefined> {
  const keys = [blockKey(height), receiptsKey(height), finalityKey(height)] as const;
  const [block, receipts, finality] = await Promise.all([kv.get(keys[0]), kv.get(keys[1]), kv.get(keys[2])]);
  if (block === undefined) return undefined;
  if (receipts === undefined || finality === undefined) {
    throw corruptStore(kv.location, `block ${height} lacks its receipts or its proof`);
  }
  return decoded(kv.location, block, (bytes) => {
    const value = decodeBlock(bytes);
    const proof = decodeFinality(finality);
    return { block: value, hash: headerHash(value.header), receipts: decodeReceipts(receipts), finality: proof };
  });
}

/** One walk through the keys instead of a look-up a block. Heights in the store have no gaps. */
async function readBlockBytes(kv: KeyValue, from: number, count: number): Promise<readonly Uint8Array[]> {
  const found: Uint8Array[] = [];
  for await (const [, bytes] of kv.iterate(blockRange(from, from + count))) found.push(bytes);
  return found;
}

/** What must hold of any store that this program wrote. @throws StoreError CORRUPT, WRONG_FORMAT */
async function assertSound(kv: KeyValue): Promise<void> {
  const schema = decoded(kv.location, await kv.get(SCHEMA_KEY), textOf);
  const tip = await readTip(kv);
  if (schema === undefined && tip === undefined) return;
  if (schema !== String(SCHEMA_VERSION)) {
    throw newerStore(kv.location, schema ?? 'unknown', SCHEMA_VERSION);
  }
  if (tip === undefined) throw corruptStore(kv.location, 'the tip is missing');
  if (tip.height > 0 && (await readBlock(kv, tip.height))?.hash !== tip.hash) {
    throw corruptStore(kv.location, `the tip is not the block at height ${tip.height}`);
  }
}

async function initialise(kv: KeyValue, genesisHash: Hash, state: ReadonlyMap<string, string>): Promise<void> {
  const bound = decoded(kv.location, await kv.get(GENESIS_KEY), textOf);
  if (bound === genesisHash) return;
  if (bound !== undefined) {
    throw wrongGenesis(kv.location, bound, genesisHash);
  }
  const put = (key: string, value: Uint8Array) => ({ type: 'put', key, value }) as const;
  const operations = [
    put(SCHEMA_KEY, utf8Bytes(String(SCHEMA_VERSION))),
    put(GENESIS_KEY, utf8Bytes(genesisHash)),
    put(TIP_KEY, encodeTip({ height: 0, hash: genesisHash })),
    ...Array.from(state, ([key, text]) => put(stateKey(key), utf8Bytes(text))),
  ];
  await kv.batch(operations, SYNCED);
}

async function commit(kv: KeyValue, blocks: readonly FinalBlock[]): Promise<void> {
  if (blocks.length === 0) return;
  const tip = await readTip(kv);
  if (tip === undefined) throw new StoreError('OUT_OF_ORDER', 'the store has no genesis yet');
  await kv.batch(commitOperations(tip, blocks), SYNCED);
}

async function putEvidence(kv: KeyValue, blobs: ReadonlyMap<Hash, Uint8Array>): Promise<void> {
  for (const [hash, blob] of blobs) {
    // Native SHA-256, the same as the protocol's `evidenceHash` and ten times as fast on a large blob.
    if (digestOf('sha256', blob) !== hash) throw diskFault(kv.location, `evidence ${hash} has other content`);
  }
  if (blobs.size === 0) return;
  await kv.batch(
    Array.from(blobs, ([hash, value]) => ({ type: 'put', key: evidenceKey(hash), value }) as const),
    SYNCED,
  );
}

async function* stateOf(kv: KeyValue): AsyncIterable<readonly [string, string]> {
  for await (const [key, bytes] of kv.iterate(STATE_RANGE)) {
    yield [stateName(key), decoded(kv.location, bytes, textOf) ?? ''];
  }
}

/**
 * A chain store over an open database, which it owns from here on.
 * Before block 1 the tip is height 0 with the genesis hash; there is no block at height 0.
 * @throws StoreError CORRUPT when what is there contradicts itself, WRONG_FORMAT when another version wrote it
 */
export async function createChainStore(kv: KeyValue): Promise<ChainStore> {
  await assertSound(kv);
  /** Writes one after another: each must see the tip that the one before it left. */
  const writes = serialQueue();
  let closed = false;
  const open = (): KeyValue => {
    if (closed) throw closedStore(kv.location);
    return kv;
  };
  const readText = async (key: string) => decoded(kv.location, await open().get(key), textOf);

  return {
    location: kv.location,
    genesisHash: () => readText(GENESIS_KEY),
    initialise: async (hash, state) => writes.run(() => initialise(open(), hash, state)),
    tip: async () => readTip(open()),
    commit: async (blocks) => writes.run(() => commit(open(), blocks)),
    blockAt: async (height) => readBlock(open(), height),
    blockBytes: async (from, count) => readBlockBytes(open(), from, count),
    setChanges: async () => {
      const changes: SetChange[] = [];
      for await (const [, bytes] of open().iterate(SET_CHANGE_RANGE)) {
        const change = decoded(kv.location, bytes, decodeSetChange);
        if (change) changes.push(change);
      }
      return changes;
    },
    heightOf: async (hash) => decoded(kv.location, await open().get(hashKey(hash)), decodeHeight),
    placeOf: async (transaction) => decoded(kv.location, await open().get(transactionKey(transaction)), decodePlace),
    events: async (query) => eventsOf(open(), (height) => readBlock(kv, height), query),
    state: () => stateOf(open()),
    putEvidence: async (blobs) => writes.run(() => putEvidence(open(), blobs)),
    evidence: async (hash) => open().get(evidenceKey(hash)),
    hasEvidence: async (hash) => open().has(evidenceKey(hash)),
    close: async () => {
      if (closed) return;
      await writes.run(async () => {
        closed = true;
      });
      await kv.close();
    },
  };
}
