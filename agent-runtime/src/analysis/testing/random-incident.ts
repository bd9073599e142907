/**
 * Incidents of every sort, drawn at random: large and small systems, busy and idle ones, short and long histories, alerts
 * that come soon or late, smoothed and missing observations, bystanders with troubles of their own, and no fault at all.
 */
import { seededRandom } from './random.ts';
import { SIMULATED_FAULTS, type Simulated, simulate } from './simulated-system.ts';

/** Keeps the seeds of these draws apart from those of the systems drawn. */
const SEED_OFFSET = 50_000;
/** Share of incidents that are none. */
const FAULTLESS_SHARE = 0.25;

type Range = readonly [low: number, high: number];

/** Scraped every second, twice a minute, and every five minutes. */
const PACES: readonly [Pace, ...Pace[]] = [
  { stepMs: 1_000, history: [25, 60], alert: [2, 20], tail: [4, 12], smoothing: 5 },
  { stepMs: 30_000, history: [60, 120], alert: [2, 16], tail: [3, 24], smoothing: 2 },
  { stepMs: 300_000, history: [60, 240], alert: [1, 2], tail: [1, 5], smoothing: 1 },
];

type Pace = {
  readonly stepMs: number;
  readonly history: Range;
  readonly alert: Range;
  readonly tail: Range;
  /** Steps that a measurement covers at most. */
  readonly smoothing: number;
};

/** Nobody is alerted of what is not felt: a fault that the entry hardly shows is drawn again, so many times at most. */
const DRAWS_MAX = 20;
const DRAW_OFFSET = 1_000_000;
/** Growth of the entry's latency, or of its share of failures, that some objective notices. */
const FELT = { latency: 1.25, failing: 0.02 } as const;

export function randomIncident(seed: number): Simulated {
  let drawn = draw(seed);
  for (let again = 1; again < DRAWS_MAX && drawn.rootCause !== null && !isFelt(drawn); again += 1) {
    drawn = draw(seed + again * DRAW_OFFSET);
  }
  return drawn;
}

function isFelt({ capture: { alert, metrics } }: Simulated): boolean {
  const levels = (metric: string): readonly [before: number, after: number] => {
    const { timesMs = [], values = [] } =
      metrics.find((series) => series.node === alert.node && series.metric === metric) ?? {};
    const median = (kept: readonly number[]): number =>
      kept.toSorted((left, right) => left - right)[kept.length >> 1] ?? 0;
    const before = values.filter((_, index) => (timesMs[index] ?? 0) < alert.atMs / 2);
    const after = values.filter((_, index) => (timesMs[index] ?? 0) <= alert.atMs);
    return [median(before), after.at(-1) ?? 0];
  };
  const [usualMs, nowMs] = levels('latency_mean_ms');
  const [usualShare, nowShare] = levels('error_rate');
  return nowMs >= usualMs * FELT.latency || nowShare >= usualShare + FELT.failing;
}

function draw(seed: number): Simulated {
  const random = seededRandom(seed + SEED_OFFSET);
  const between = (low: number, high: number): number => low + (high - low) * random.next();
  /** Even over orders of magnitude. */
  const scaled = (low: number, high: number): number => low * (high / low) ** random.next();
  const faults = SIMULATED_FAULTS.filter((fault) => fault !== 'none');
  const fault = random.next() < FAULTLESS_SHARE ? 'none' : (faults[random.below(faults.length)] ?? 'none');
  const pace = PACES[random.below(PACES.length)] ?? PACES[0];
  const traces = random.next() < 0.5;
  return simulate({
    ...{ seed, fault, traces, links: random.next() < 0.5, logs: random.next() < 0.5 },
    nodeCount: Math.round(scaled(6, 24)),
    conditions: {
      stepMs: pace.stepMs,
      historySteps: Math.round(between(...pace.history)),
      alertSteps: Math.round(scaled(...pace.alert)),
      tailSteps: Math.round(between(...pace.tail)),
      rate: scaled(3, 300),
      jitter: scaled(0.04, 0.4),
      season: between(0, 0.3),
      smoothing: 1 + random.below(pace.smoothing),
      missing: between(0, 0.1),
      hiccup: random.next() < 0.7 ? scaled(0.5, 6) : 0,
      strengthMin: 0.1,
    },
  });
}
