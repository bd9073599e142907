/** Scores of answers against the truth. Pure; every share is of all cases, and whoever is unsure does not win by it. */
import type { Truth } from '@dao-gov/agent-runtime/telemetry';

/** What was answered for one case. */
export type Answer = {
  /** Candidates with their stated probabilities, 0..1, in any order. */
  readonly candidates: readonly { readonly node: string; readonly probability: number }[];
  readonly abstained: boolean;
  readonly faultKind: string;
  /** From the alerting node to the answer. */
  readonly path: readonly string[];
};

export type Scored = {
  /** Place of the truth, counted from 1, with ties counted against; `null` when it is not among the candidates. */
  readonly place: number | null;
  readonly correct: boolean;
  readonly abstained: boolean;
  /** Stated probability of the first candidate; 0 when there is none. */
  readonly stated: number;
  /** `null` where the truth does not tell. */
  readonly kindRight: boolean | null;
  readonly pathRight: boolean | null;
  /** The right answer is that there is not enough evidence. */
  readonly faultless: boolean;
};

export type Summary = {
  readonly cases: number;
  readonly top1: number;
  readonly top3: number;
  readonly avg5: number;
  readonly abstained: number;
  readonly brier: number;
  readonly kind: number | null;
  readonly path: number | null;
};

export type ReliabilityBin = {
  readonly from: number;
  readonly to: number;
  readonly cases: number;
  readonly stated: number;
  readonly right: number;
};

const AVERAGED_PLACES = [1, 2, 3, 4, 5] as const;
const RELIABILITY_BINS = 5;

export function score(answer: Answer, truth: Truth): Scored {
  const right = new Set([...(truth.rootCause === null ? [] : [truth.rootCause]), ...truth.alternatives]);
  const faultless = truth.rootCause === null;
  const best = answer.candidates
    .filter(({ node }) => right.has(node))
    .reduce((most, { probability }) => Math.max(most, probability), -1);
  // Wrong candidates as probable as the right one stand before it.
  const ahead = answer.candidates.filter(({ node, probability }) => !right.has(node) && probability >= best).length;
  const place = best < 0 ? null : ahead + 1;
  const correct = faultless ? answer.abstained : place === 1 && !answer.abstained;
  return {
    place: answer.abstained ? null : place,
    correct,
    abstained: answer.abstained,
    stated: answer.candidates.reduce((most, { probability }) => Math.max(most, probability), 0),
    kindRight: truth.faultKind === undefined || faultless ? null : correct && answer.faultKind === truth.faultKind,
    pathRight: truth.path === undefined || faultless ? null : correct && sameList(answer.path, truth.path),
    faultless,
  };
}

export function summarise(scored: readonly Scored[]): Summary {
  const within = (places: number): number =>
    share(scored, ({ place, faultless, correct }) => (faultless ? correct : place !== null && place <= places));
  return {
    cases: scored.length,
    top1: within(1),
    top3: within(3),
    avg5: mean(AVERAGED_PLACES.map(within)),
    abstained: scored.filter(({ abstained }) => abstained).length,
    brier: mean(scored.map(({ stated, correct, faultless }) => (stated - (correct && !faultless ? 1 : 0)) ** 2)),
    kind: shareKnown(scored.map(({ kindRight }) => kindRight)),
    path: shareKnown(scored.map(({ pathRight }) => pathRight)),
  };
}

/** Stated probability of the first candidate against how often it was right. */
export function reliability(scored: readonly Scored[]): readonly ReliabilityBin[] {
  return Array.from({ length: RELIABILITY_BINS }, (_, index) => {
    const from = index / RELIABILITY_BINS;
    const to = (index + 1) / RELIABILITY_BINS;
    const inside = scored.filter(({ stated }) => stated >= from && (stated < to || index === RELIABILITY_BINS - 1));
    return {
      ...{ from, to, cases: inside.length },
      stated: mean(inside.map(({ stated }) => stated)),
      right: share(inside, ({ correct, faultless }) => correct && !faultless),
    };
  });
}

/** Always the same nodes: the commonest answers of these very cases, which no honest predictor could know. */
export function constantBaseline(truths: readonly Truth[]): { readonly top1: number; readonly top3: number } {
  const counts = new Map<string, number>();
  for (const { rootCause } of truths) if (rootCause !== null) counts.set(rootCause, (counts.get(rootCause) ?? 0) + 1);
  const best = [...counts.values()].toSorted((left, right) => right - left);
  const of = (places: number): number =>
    truths.length === 0 ? 0 : best.slice(0, places).reduce((sum, count) => sum + count, 0) / truths.length;
  return { top1: of(1), top3: of(3) };
}

/** Expected score of shuffled nodes. */
export function randomBaseline(nodeCounts: readonly number[]): { readonly top1: number; readonly top3: number } {
  const of = (places: number): number =>
    mean(nodeCounts.map((count) => (count === 0 ? 0 : Math.min(1, places / count))));
  return { top1: of(1), top3: of(3) };
}

/** 0 when there is nothing to average. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function share<Item>(items: readonly Item[], holds: (item: Item) => boolean): number {
  return items.length === 0 ? 0 : items.filter(holds).length / items.length;
}

function shareKnown(values: readonly (boolean | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : share(known, (value) => value);
}

function sameList(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((item, index) => item === right[index]);
}
