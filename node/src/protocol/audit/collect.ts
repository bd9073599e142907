/** Walks the blocks of an incident's time and picks what belongs to it, with proofs. */
import { fromHex } from '../bytes.ts';
import { receiptHash, transactionHash } from '../hashing.ts';
import { proveListItem } from '../merkle/list.ts';
import { BLOCK_LIST_LIMIT } from '../ssz.ts';
import { type Hash, type Receipt, ZERO_HASH } from '../types.ts';
import type { BundleStep, BundleSystemReceipt } from './bundle.ts';
import type { CaseRecords } from './case-records.ts';
import { type CaseIds, callOf, concerns, touches } from './relevance.ts';
import { type AuditBlock, type AuditSource, blockOf } from './source.ts';

export interface CollectedCase {
  readonly steps: BundleStep[];
  readonly systemReceipts: BundleSystemReceipt[];
  /** Every block whose header the bundle needs, by height. */
  readonly blocks: Map<number, AuditBlock>;
}

/** Height of the first block at or after a time: timestamps grow from block to block. */
async function firstHeightAt(source: AuditSource, timestampMs: number, heightMax: number): Promise<number> {
  let low = 1;
  let high = heightMax;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const { block } = await blockOf(source, middle);
    if (block.header.timestampMs < timestampMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

const proofOf = (hashes: readonly Hash[], index: number) => {
  const leaves = hashes.map((hash) => fromHex(hash, 32));
  const { length, siblings } = proveListItem(leaves, index, BLOCK_LIST_LIMIT);
  return { index, length, siblings: [...siblings] };
};

const bundleReceipt = ({ events, ...receipt }: Receipt): BundleStep['receipt'] => ({ ...receipt, events: [...events] });

function stepsIn({ block, receipts }: AuditBlock, ids: CaseIds): BundleStep[] {
  const { height } = block.header;
  return block.transactions.flatMap((transaction, index): BundleStep[] => {
    const receipt = receipts[index];
    const call = callOf(transaction);
    // What failed changed nothing: it is no step of the incident.
    if (receipt?.status !== 'success' || !call || !concerns(call, ids)) return [];
    return [
      {
        ...{ height, index, receipt: bundleReceipt(receipt) },
        transaction: { ...transaction, evidence: [...transaction.evidence] },
        transactionProof: proofOf(block.transactions.map(transactionHash), index),
        receiptProof: proofOf(receipts.map(receiptHash), index),
      },
    ];
  });
}

function systemReceiptsIn({ block, receipts }: AuditBlock, { incidentId }: CaseIds): BundleSystemReceipt[] {
  const { height } = block.header;
  return receipts.flatMap((receipt, index): BundleSystemReceipt[] =>
    receipt.transaction === ZERO_HASH && touches(receipt, incidentId)
      ? [{ height, receipt: bundleReceipt(receipt), receiptProof: proofOf(receipts.map(receiptHash), index) }]
      : [],
  );
}

/**
 * Everything of the incident, from the alert that began it to its end (or to the newest block while it is open).
 * An observer may confirm an alert after the end, so the walk goes on until all of them are found.
 * @throws AuditError BLOCK_MISSING
 */
export async function collectCase(source: AuditSource, records: CaseRecords): Promise<CollectedCase> {
  const { incident, alert } = records;
  const { incidentId, alertId } = incident;
  const ids: CaseIds = { incidentId, alertId, polls: [...incident.proposals, ...incident.challenges] };
  const collected: CollectedCase = { steps: [], systemReceipts: [], blocks: new Map() };
  const top = source.state.height;
  const isComplete = (timestampMs: number): boolean =>
    incident.closedAtMs > 0 &&
    timestampMs >= incident.closedAtMs &&
    collected.steps.filter(({ transaction }) => transaction.type === 'raise_alert').length === alert.observers.length;
  const first = await firstHeightAt(source, alert.raisedAtMs, top);
  for (let height = first; height <= top; height += 1) {
    const block = await blockOf(source, height);
    const steps = stepsIn(block, ids);
    const systemReceipts = systemReceiptsIn(block, ids);
    if (steps.length + systemReceipts.length > 0) collected.blocks.set(height, block);
    collected.steps.push(...steps);
    collected.systemReceipts.push(...systemReceipts);
    if (isComplete(block.block.header.timestampMs)) break;
  }
  // Block 1 ties the chain to the genesis file, the newest one certifies the state.
  for (const height of [1, top]) collected.blocks.set(height, await blockOf(source, height));
  return collected;
}
