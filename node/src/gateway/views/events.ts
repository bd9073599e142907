/** The events of a final block with their places. */
import type { StoredBlock } from '../../ports/index.ts';
import type { EventView } from '../../protocol/api/index.ts';
import type { Placed } from '../pages.ts';
import { idOf } from '../pages.ts';

/** Events of one receipt; the block's own receipt comes after those of its transactions. */
export function eventsOfReceipt({ block, receipts }: StoredBlock, index: number): EventView[] {
  const { height, timestampMs } = block.header;
  const receipt = receipts[index];
  return (receipt?.events ?? []).map(({ name, data }, at) => ({
    id: idOf([height, index, at]),
    height,
    timestampMs,
    transaction: receipt?.transaction ?? '',
    name,
    data: { ...data },
  }));
}

/** What the chain itself did at the end of the block. */
export const systemEventsOf = (stored: StoredBlock): EventView[] =>
  eventsOfReceipt(stored, stored.block.transactions.length);

/** All events of a block, the oldest first. */
export const placedEventsOf = (stored: StoredBlock): readonly Placed<EventView>[] =>
  stored.receipts.flatMap((_, receipt) =>
    eventsOfReceipt(stored, receipt).map((item, at) => ({ place: [item.height, receipt, at], item })),
  );
