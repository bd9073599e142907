/** Pages of what happened on the chain, newest first. A cursor is a place in the chain: `height.receipt.index`. */
import { z } from 'zod';
import type { StoredBlock } from '../ports/index.ts';
import { PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX } from '../protocol/api/index.ts';
import type { BusyBlocks, ScanBudget } from './busy-blocks.ts';
import { SCAN_BLOCKS_MAX } from './constants.ts';
import type { ChainReads } from './reads.ts';

export const limit = z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(PAGE_LIMIT_DEFAULT);
/** A height, exclusive. */
export const beforeHeight = z
  .string()
  .regex(/^\d{1,15}$/, 'a height')
  .optional();
/** A place in the chain, exclusive: a height, or the id of an item. */
export const beforePlace = z
  .string()
  .regex(/^\d{1,15}(\.\d{1,6}){0,2}$/, 'a place in the chain, as `next` of the page before gave it')
  .optional();

/** Numbers from the coarsest to the finest; what is missing at the end is 0. */
export type Place = readonly number[];

export const placeOf = (text: string): Place => text.split('.').map(Number);
export const idOf = (place: Place): string => place.join('.');

export function comparePlaces(a: Place, b: Place): number {
  for (let index = 0; index < Math.max(a.length, b.length); index += 1) {
    const order = (a[index] ?? 0) - (b[index] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

export interface Placed<T> {
  readonly place: Place;
  readonly item: T;
}

export interface WalkOptions<T> {
  readonly reads: ChainReads;
  readonly busy: BusyBlocks;
  /** Height of the newest final block. */
  readonly tip: number;
  /** Height below which nothing belongs into the listing. */
  readonly from?: number;
  readonly limit: number;
  readonly before: string | undefined;
  /** What of a block belongs into the listing, the oldest first. */
  readonly itemsOf: (block: StoredBlock) => Promise<readonly Placed<T>[]> | readonly Placed<T>[];
}

/** Walks down the chain until the page is full, the chain ends, or enough was read for one request. */
export async function walkPage<T>(options: WalkOptions<T>): Promise<{ items: T[]; next: string | null }> {
  const { reads, busy, tip, itemsOf, from = 1 } = options;
  const before = options.before === undefined ? [tip + 1] : placeOf(options.before);
  const budget: ScanBudget = { left: SCAN_BLOCKS_MAX };
  const found: Placed<T>[] = [];
  let height = Math.min(before[0] ?? 0, tip) + 1;
  while (budget.left > 0) {
    const step = await busy.below(height, budget);
    height = step.reached;
    const block = step.found === undefined ? undefined : await reads.block(step.found);
    if (!block || height < from) break;
    budget.left -= 1;
    found.push(...(await itemsOf(block)).filter(({ place }) => comparePlaces(place, before) < 0).toReversed());
    if (found.length > options.limit) break;
  }
  const page = found.slice(0, options.limit);
  const items = page.map(({ item }) => item);
  const last = page.at(-1);
  if (found.length > options.limit && last) return { items, next: idOf(last.place) };
  return { items, next: height > from && budget.left <= 0 ? idOf([height]) : null };
}
