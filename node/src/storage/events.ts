/** Contract events read back from the receipts, newest first: no second copy that could disagree with them. */
import type { StoredBlock, StoredEvent } from '../ports/store.ts';
import { EVENTS_PER_QUERY_MAX, HEIGHT_DIGITS } from './constants.ts';
import type { KeyValue } from './key-value.ts';
import { eventsHeight, eventsRange } from './keys.ts';

const HEIGHT_END = 10 ** HEIGHT_DIGITS - 1;

/** The events of one block, the last one first. */
function eventsIn({ block: { header }, receipts }: StoredBlock): readonly StoredEvent[] {
  return receipts
    .flatMap(({ transaction, events }, receipt) =>
      events.map(({ name, data }, index) => ({
        height: header.height,
        receipt,
        index,
        timestampMs: header.timestampMs,
        transaction,
        name,
        data,
      })),
    )
    .reverse();
}

/** At most `limit` events (and never more than `EVENTS_PER_QUERY_MAX`) from blocks below `beforeHeight`. */
export async function eventsOf(
  kv: KeyValue,
  blockAt: (height: number) => Promise<StoredBlock | undefined>,
  query: { readonly limit: number; readonly beforeHeight?: number },
): Promise<readonly StoredEvent[]> {
  const limit = Math.min(query.limit, EVENTS_PER_QUERY_MAX);
  const found: StoredEvent[] = [];
  if (limit <= 0) return found;
  const before = Math.min(Math.max(query.beforeHeight ?? HEIGHT_END, 0), HEIGHT_END);
  for await (const [key] of kv.iterate(eventsRange(before))) {
    const block = await blockAt(eventsHeight(key));
    if (block) found.push(...eventsIn(block).slice(0, limit - found.length));
    if (found.length >= limit) break;
  }
  return found;
}
