/** The lines of the live log that are kept: in the chain's order, each once, and never more than a fixed number. */
import type { LogLine } from '@dao-gov/node/protocol';

export interface LogBuffer {
  /** Oldest first. */
  readonly lines: readonly LogLine[];
  /** How many were let go to stay within the bound. */
  readonly dropped: number;
  /** Counts the chains: a reset begins another, whose lines have nothing to do with the old ones. */
  readonly chain: number;
}

export const EMPTY_LOG: LogBuffer = { lines: [], dropped: 0, chain: 0 };

/** The empty log of the next chain. */
export const emptied = ({ chain }: LogBuffer): LogBuffer => ({ lines: [], dropped: 0, chain: chain + 1 });

/** Order of two dotted ids (`height.receipt.index`), number by number; other texts compare as texts. */
export function compareIds(a: string, b: string): number {
  const [left, right] = [a.split('.'), b.split('.')];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [one, other] = [left[index] ?? '', right[index] ?? ''];
    const numeric = Number(one) - Number(other);
    const order = Number.isNaN(numeric) ? one.localeCompare(other) : numeric;
    if (order !== 0) return order;
  }
  return 0;
}

/** Takes lines in, in any order and possibly known ones, as after a reconnection. */
export function mergeLines(buffer: LogBuffer, incoming: readonly LogLine[], linesMax: number): LogBuffer {
  const known = new Set(buffer.lines.map(({ id }) => id));
  const fresh = incoming.filter(({ id }) => !known.has(id) && known.add(id));
  if (fresh.length === 0) return buffer;
  const all = [...buffer.lines, ...fresh];
  const last = buffer.lines.at(-1);
  const first = fresh[0];
  const inOrder = fresh.length === 1 && (!last || !first || compareIds(last.id, first.id) <= 0);
  if (!inOrder) all.sort((a, b) => compareIds(a.id, b.id));
  const surplus = Math.max(0, all.length - linesMax);
  return { ...buffer, lines: all.slice(surplus), dropped: buffer.dropped + surplus };
}

export interface LogFilter {
  /** Addresses of agents; empty for all. Lines of the chain itself have no agent. */
  readonly agents: readonly string[];
  /** Empty for all. */
  readonly kinds: readonly LogLine['kind'][];
}

export const filterLines = (lines: readonly LogLine[], { agents, kinds }: LogFilter): readonly LogLine[] =>
  agents.length === 0 && kinds.length === 0
    ? lines
    : lines.filter(
        ({ agent, kind }) =>
          (kinds.length === 0 || kinds.includes(kind)) &&
          (agents.length === 0 || (agent !== null && agents.includes(agent.address))),
      );
