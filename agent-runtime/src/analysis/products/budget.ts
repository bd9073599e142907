/** Keeps products within the size of an evidence blob: the most relevant items first, as many as fit. */
import { PRODUCT_BYTES_MAX } from '../constants.ts';
import { utf8Length } from '../format.ts';
import type { Lookup } from '../lookup.ts';
import { byName } from '../tidy-series.ts';

export type Budget = { readonly bytesLeft: number };

/** @param frame the product without its lists */
export function budgetFor(frame: object): Budget {
  return { bytesLeft: PRODUCT_BYTES_MAX - jsonBytes(frame) };
}

/** The longest run of leading items that fits, and what is left of the budget. */
export function takeFitting<Item extends object>(
  items: readonly Item[],
  budget: Budget,
): { readonly taken: readonly Item[]; readonly budget: Budget } {
  const taken: Item[] = [];
  let { bytesLeft } = budget;
  for (const item of items) {
    const bytes = jsonBytes(item) + 1;
    if (bytes > bytesLeft) break;
    bytesLeft -= bytes;
    taken.push(item);
  }
  return { taken, budget: { bytesLeft } };
}

function jsonBytes(value: object): number {
  return utf8Length(JSON.stringify(value));
}

/**
 * All nodes, the ones that the case is about first: the alerting node, the candidates and the paths to them, their
 * neighbours, then the rest by severity.
 */
export function nodesByRelevance(view: Lookup): readonly string[] {
  const { findings, graph } = view;
  const core = [findings.alert.node, ...findings.candidates.flatMap(({ node, path }) => [node, ...path])];
  const neighbours = core.flatMap((node) => [...(graph.callees.get(node) ?? []), ...(graph.callers.get(node) ?? [])]);
  const rest = findings.nodes
    .toSorted((left, right) => right.severity - left.severity || byName(left.node, right.node))
    .map(({ node }) => node);
  return [...new Set([...core, ...neighbours, ...rest])];
}
