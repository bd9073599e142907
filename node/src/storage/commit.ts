/** A commit as one list of operations: what the chain store writes for final blocks, and the order that they must keep. */

import { type ChainTip, type FinalBlock, StoreError } from '../ports/store.ts';
import { utf8Bytes } from '../protocol/bytes.ts';
import { encodeBlock } from '../protocol/ssz.ts';
import { ZERO_HASH } from '../protocol/types.ts';
import { encodeFinality } from '../protocol/wire.ts';
import { encodeHeight, encodePlace, encodeReceipts, encodeSetChange, encodeTip } from './codec.ts';
import type { KeyValueOperation } from './key-value.ts';
import {
  blockKey,
  eventsKey,
  finalityKey,
  hashKey,
  receiptsKey,
  setChangeKey,
  stateKey,
  TIP_KEY,
  transactionKey,
} from './keys.ts';

const put = (key: string, value: Uint8Array): KeyValueOperation => ({ type: 'put', key, value });

function stateOperations(changes: ReadonlyMap<string, string | null>): readonly KeyValueOperation[] {
  return Array.from(changes, ([key, text]) =>
    text === null ? { type: 'del', key: stateKey(key) } : put(stateKey(key), utf8Bytes(text)),
  );
}

/** The receipts name the transactions in block order; the block's own receipt, which comes last, names none. */
function transactionOperations({ block, receipts }: FinalBlock): readonly KeyValueOperation[] {
  const { height } = block.header;
  return receipts.flatMap(({ transaction }, index) =>
    transaction === ZERO_HASH ? [] : [put(transactionKey(transaction), encodePlace({ height, index }))],
  );
}

function blockOperations(final: FinalBlock): readonly KeyValueOperation[] {
  const { height } = final.block.header;
  const hasEvents = final.receipts.some((receipt) => receipt.events.length > 0);
  return [
    put(blockKey(height), encodeBlock(final.block)),
    put(receiptsKey(height), encodeReceipts(final.receipts)),
    put(finalityKey(height), encodeFinality(final.finality)),
    put(hashKey(final.hash), encodeHeight(height)),
    ...(final.setChange ? [put(setChangeKey(height), encodeSetChange(final.setChange))] : []),
    ...(hasEvents ? [put(eventsKey(height), new Uint8Array())] : []),
    ...transactionOperations(final),
    ...stateOperations(final.stateChanges),
  ];
}

function assertFollows(tip: ChainTip, { block: { header } }: FinalBlock): void {
  if (header.height !== tip.height + 1) {
    throw new StoreError('OUT_OF_ORDER', `block ${header.height} cannot follow block ${tip.height}`);
  }
  if (header.parentHash !== tip.hash) {
    throw new StoreError('OUT_OF_ORDER', `block ${header.height} has parent ${header.parentHash}, not ${tip.hash}`);
  }
}

/** @throws StoreError OUT_OF_ORDER unless the blocks continue the tip one by one */
export function commitOperations(tip: ChainTip, blocks: readonly FinalBlock[]): readonly KeyValueOperation[] {
  const operations: KeyValueOperation[] = [];
  let last = tip;
  for (const final of blocks) {
    assertFollows(last, final);
    operations.push(...blockOperations(final));
    last = { height: final.block.header.height, hash: final.hash };
  }
  operations.push(put(TIP_KEY, encodeTip(last)));
  return operations;
}
