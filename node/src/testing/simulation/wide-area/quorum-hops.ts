/**
 * What distance alone takes: a leader's proposal to everyone, everyone's vote to everyone, and everyone's second vote
 * back to the leader, each hop complete with the quorum's slowest member. No protocol of three hops is faster than this
 * between these places, whatever it computes.
 */

/** The value that `count` of the values reach at last: the count-th smallest. */
function reachedBy(count: number, values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[count - 1] ?? Number.POSITIVE_INFINITY;
}

/** Members of a quorum of so many equals: strictly more than two thirds. */
export const quorumOf = (validators: number): number => Math.floor((validators * 2) / 3) + 1;

/**
 * Milliseconds from each leader's proposal until it knows that its block is final.
 * @param delaysMs one way from each validator (row) to each (column); 0 to oneself
 */
export function threeHopsMs(delaysMs: readonly (readonly number[])[]): readonly number[] {
  const quorum = quorumOf(delaysMs.length);
  const delay = (from: number, to: number): number => delaysMs[from]?.[to] ?? Number.POSITIVE_INFINITY;
  /** When each has a quorum of what everyone sends at its own moment. */
  const quorums = (sentAtMs: readonly number[]): number[] =>
    delaysMs.map((_, to) =>
      reachedBy(
        quorum,
        sentAtMs.map((at, from) => at + delay(from, to)),
      ),
    );
  return delaysMs.map((proposed, leader) => quorums(quorums(proposed))[leader] ?? Number.POSITIVE_INFINITY);
}
