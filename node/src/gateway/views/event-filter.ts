/** Which events a reader asks for: by name, by the account or the incident that they are about. */
import { z } from 'zod';
import type { NodeView } from '../../ports/index.ts';
import type { EventView } from '../../protocol/api/index.ts';
import { address, incidentId } from '../../protocol/calls.ts';
import type { TimestampMs } from '../../protocol/types.ts';
import type { ChainReads } from '../reads.ts';

/** Characters of a list of names: all names of all events together are shorter. */
const NAMES_LENGTH_MAX = 1_500;

export const eventFilter = {
  /** Names of events, separated by commas. */
  name: z
    .string()
    .max(NAMES_LENGTH_MAX)
    .regex(/^[A-Za-z]+(,[A-Za-z]+)*$/, 'names of events, separated by commas')
    .optional(),
  account: address.optional(),
  incidentId: incidentId.optional(),
} as const;

export interface EventFilter {
  readonly name?: string | undefined;
  readonly account?: string | undefined;
  readonly incidentId?: string | undefined;
}

export const isFiltering = ({ name, account, incidentId: incident }: EventFilter): boolean =>
  name !== undefined || account !== undefined || incident !== undefined;

/** An event is about every account and the incident that its data names. */
export function eventPasses({ name, account, incidentId: incident }: EventFilter): (event: EventView) => boolean {
  const names = name === undefined ? undefined : new Set(name.split(','));
  return (event) =>
    (names?.has(event.name) ?? true) &&
    (account === undefined || Object.values(event.data).includes(account)) &&
    (incident === undefined || event.data.incidentId === incident);
}

/** The lowest height above which every block is later than this. Timestamps rise strictly, so halving finds it. */
async function lastHeightAt(reads: ChainReads, tip: number, timeMs: TimestampMs): Promise<number> {
  let [low, high] = [0, tip];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const block = await reads.block(middle);
    if (block !== undefined && block.block.header.timestampMs <= timeMs) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Heights between which the events of the filter lie: an incident begins with its first step and ends when it closes. */
export async function heightsOf(
  { incidentId: incident }: EventFilter,
  node: NodeView,
  reads: ChainReads,
): Promise<{ readonly from: number; readonly to: number }> {
  const { height: tip, state } = node.final();
  const record = incident === undefined ? undefined : state.get('incident', incident);
  if (record === undefined) return { from: 1, to: tip };
  const to = record.closedAtMs === 0 ? tip : await lastHeightAt(reads, tip, record.closedAtMs);
  return { from: record.steps[0]?.height ?? 1, to };
}
