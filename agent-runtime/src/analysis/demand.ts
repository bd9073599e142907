/**
 * Demand: what a node's trouble amounts to, in time lost and in failed requests, so that amounts can be compared along
 * calls. A rise of 20 ms on a thousand requests outweighs one of 2 s on three; what a caller lost more than it used to
 * is what its callees lost more, and its own share (Little's law: time in the system = arrivals x time per request).
 */
import { type Change, changeOf, type IncidentSpan } from './change.ts';
import {
  EVENT_STRENGTH_HALF,
  EXCESS_SIGMAS,
  FAILING_SHARE_HALF,
  GROWTH_HALF,
  REQUESTS_GUESSED,
  SIGMAS_HALF,
  VANISHED_EVIDENCE,
} from './constants.ts';
import type { MetricKind, MetricUnit, SeriesFinding } from './findings.ts';
import { harmfulDirection, isMissShare, isOfRequests, statisticRank, symptomOf } from './metric-kinds.ts';
import { downShares, hasVanished } from './silence.ts';
import { anyOf, clamp } from './statistics.ts';
import type { TidySeries } from './tidy-series.ts';

export type Demand = {
  /** Requests of one sampling step; `null` where no metric tells. */
  readonly requestsBefore: number | null;
  readonly requestsAfter: number | null;
  /** Time a request takes longer, beyond noise, in milliseconds, ... */
  readonly slowerMs: number;
  /** ... and took before; 0 where nothing tells. */
  readonly usualMs: number;
  /** Share of requests that fail more than before, beyond noise, 0..1. */
  readonly failingShare: number;
  /** How surely any of this is more than chance, 0..1. */
  readonly evidence: number;
  /** Never asked before the incident: asking it now is its caller's new behaviour. */
  readonly fresh: boolean;
  /** Observed right before the incident and not at all since, while others go on. */
  readonly vanished: boolean;
  /** Share of the time that it was not heard of while others were, 0..1. */
  readonly downShare: number;
  /** Growth of the share of lookups that a cache cannot serve, 0..1: its callers then do what it spared them. */
  readonly missedShare: number;
};

/** A series with what is known of its metric. */
export type KnownSeries = {
  readonly series: TidySeries;
  readonly kind: MetricKind;
  readonly unit: MetricUnit;
  /** The callee that the series' node measured it of; `null` for what it measured of itself. */
  readonly of: string | null;
};

export function knownSeries(all: readonly TidySeries[], findings: readonly SeriesFinding[]): readonly KnownSeries[] {
  const known = new Map(findings.map((finding) => [finding.metric, finding]));
  return all.flatMap((series) => {
    const finding = known.get(series.metric);
    return finding === undefined ? [] : { series, kind: finding.kind, unit: finding.unit, of: finding.peer };
  });
}

export const NO_DEMAND: Demand = {
  requestsBefore: null,
  requestsAfter: null,
  slowerMs: 0,
  usualMs: 0,
  failingShare: 0,
  evidence: 0,
  fresh: false,
  vanished: false,
  downShare: 0,
  missedShare: 0,
};

export function demandsOf(
  measured: readonly KnownSeries[],
  fromSpans: readonly KnownSeries[],
  span: IncidentSpan,
  stepMs: number,
): ReadonlyMap<string, Demand> {
  const nodes = Map.groupBy(measured, ({ series, of }) => of ?? series.node);
  const traced = Map.groupBy(fromSpans, ({ series }) => series.node);
  const demands = new Map<string, Demand>();
  const down = downShares(
    measured.filter(({ of }) => of === null),
    span,
    stepMs,
  );
  for (const node of new Set([...nodes.keys(), ...traced.keys()])) {
    const [seen = [], own = []] = [(of: string | null) => of !== null, (of: string | null) => of === null].map((side) =>
      (nodes.get(node) ?? []).filter(({ of }) => side(of)),
    );
    demands.set(
      node,
      demandOf(completed(completed(own, traced.get(node) ?? []), seen), down.get(node) ?? 0, span, stepMs),
    );
  }
  return demands;
}

/** A node's own metrics, and what its spans or its callers tell where those have nothing of a kind. */
function completed(own: readonly KnownSeries[], traced: readonly KnownSeries[]): readonly KnownSeries[] {
  const symptoms = new Set(own.map(({ kind }) => symptomOf(kind)));
  const missing = traced.filter(({ kind }) => kind !== 'traffic' && !symptoms.has(symptomOf(kind)));
  // Sampled spans count other requests than metrics do: all amounts of a node from one of the two.
  return symptoms.has('traffic')
    ? [...own, ...missing]
    : [...own, ...traced.filter((item) => item.kind === 'traffic'), ...missing];
}

function demandOf(own: readonly KnownSeries[], downShare: number, span: IncidentSpan, stepMs: number): Demand {
  const change = ({ series }: KnownSeries): Change => changeOf(series, span, stepMs);
  const traffic = bestOf(own, 'traffic');
  const requests = traffic === null ? null : change(traffic);
  const latency = latencyOf(own);
  const slower = latency === null ? NO_CHANGE : change(latency);
  const requestsBefore = requests === null ? null : (requests.before ?? 0);
  const requestsAfter = requests === null ? null : requests.after;
  const asked = Math.max(requestsBefore ?? 0, requestsAfter ?? 0);
  const failures = own
    .filter(({ kind }) => kind === 'success' || kind === 'error')
    .map((item) => failuresOf(item, changeOf(item.series, span, stepMs, false), asked));
  const failing = failures.reduce((most, other) => (other.share > most.share ? other : most), NO_FAILURES);
  const vanished = hasVanished(
    own.map(({ series }) => series),
    span,
    stepMs,
  );
  const missed = own.filter(({ series }) => isMissShare(series.metric)).map((item) => excessOf(change(item)));
  const missedShare = clamp(Math.max(0, ...missed), 0, 1);
  return {
    ...{ requestsBefore, requestsAfter, vanished, downShare, missedShare },
    slowerMs: latency === null ? 0 : slowerMsOf(latency, slower),
    usualMs: latency === null ? 0 : (slower.before ?? 0) * (MILLISECONDS[latency.unit] ?? 1),
    failingShare: failing.share,
    evidence: anyOf([
      slownessEvidence(slower),
      failureEvidence(failing, requests === null ? null : asked * requests.observed),
      vanished || downShare > 0 ? VANISHED_EVIDENCE : 0,
      missedShare,
    ]),
    fresh: requests !== null && requestsBefore === 0 && (requestsAfter ?? 0) > 0,
  };
}

/** The latency that tells how long a request takes; `null` where none does. */
export const latencyOf = (own: readonly KnownSeries[]): KnownSeries | null => bestOf(own, 'latency');

export const slowerMsOf = ({ unit }: KnownSeries, change: Change): number =>
  excessOf(change) * (MILLISECONDS[unit] ?? 1);

const NO_CHANGE: Change = { before: null, after: null, noise: 0, fresh: false, observed: 0 };

/** Growth counts by its size against the usual level and by its distance from noise; it needs both. */
function slownessEvidence(change: Change): number {
  const excess = excessOf(change);
  if (excess <= 0) return 0;
  const growth = excess / (excess + Math.abs(change.before ?? 0) * GROWTH_HALF);
  return growth * surenessOf(change.noise > 0 ? excess / change.noise : Number.POSITIVE_INFINITY);
}

/** Failures count by their number where requests are known, else by their share; and by their distance from noise. */
function failureEvidence({ share, sigmas }: Failures, requests: number | null): number {
  if (share <= 0) return 0;
  const failures = requests === null || requests === 0 ? share * REQUESTS_GUESSED : share * requests;
  const material = share / (share + FAILING_SHARE_HALF);
  return (1 - 2 ** (-failures / EVENT_STRENGTH_HALF)) * surenessOf(sigmas) * material;
}

const surenessOf = (sigmas: number): number => 1 - 2 ** (-sigmas / SIGMAS_HALF);

/** The series of a kind whose statistic is nearest to a mean; then the one observed most, then by name. */
function bestOf(own: readonly KnownSeries[], kind: MetricKind): KnownSeries | null {
  const [best] = own
    .filter((item) => item.kind === kind)
    .map((item) => ({ item, rank: statisticRank(item.series.metric) }))
    .toSorted(
      (left, right) =>
        left.rank - right.rank ||
        Number(isOfRequests(right.item.series.metric)) - Number(isOfRequests(left.item.series.metric)) ||
        right.item.series.values.length - left.item.series.values.length ||
        (left.item.series.metric < right.item.series.metric ? -1 : 1),
    );
  return best?.item ?? null;
}

/**
 * Growth beyond what usually happens by itself. What was never observed before grew from nothing. Chance is taken off
 * by the non-negative garrote (Breiman, Technometrics 1995): all of what lies within it, hardly anything of what lies
 * far beyond, so that amounts of noisy and of quiet nodes still add up.
 */
function excessOf({ before, after, noise }: Change): number {
  return after === null ? 0 : shrunk(after - (before ?? 0), EXCESS_SIGMAS * noise);
}

function shrunk(growth: number, chance: number): number {
  return growth > chance ? growth * (1 - (chance / growth) ** 2) : 0;
}

type Failures = { readonly share: number; readonly sigmas: number };

const NO_FAILURES: Failures = { share: 0, sigmas: 0 };

function failuresOf({ series, kind, unit }: KnownSeries, change: Change, asked: number): Failures {
  const { before, after, noise } = change;
  if (after === null) return NO_FAILURES;
  const full = unit === 'percent' ? 100 : unit === 'fraction' ? 1 : null;
  const falling = harmfulDirection(series.metric, kind) === -1;
  const usual = before ?? (falling ? (full ?? 0) : 0);
  const grown = shrunk(falling ? usual - after : after - usual, EXCESS_SIGMAS * noise);
  if (grown === 0) return NO_FAILURES;
  const sigmas = noise > 0 ? grown / noise : Number.POSITIVE_INFINITY;
  // A count of failures is a share of what was asked; of unknown requests any failure is taken for all.
  const share = full !== null ? grown / full : asked > 0 ? grown / asked : 1;
  return { share: clamp(share, 0, 1), sigmas };
}

const MILLISECONDS: Readonly<Partial<Record<MetricUnit, number>>> = { s: 1_000, ms: 1, us: 1e-3, ns: 1e-6 };
