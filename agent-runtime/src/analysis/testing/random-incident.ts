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

export function randomIncident(seed: number): Simulated {
  const random = seededRandom(seed + SEED_OFFSET);
  const between = (low: number, high: number): number => low + (high - low) * random.next();
  /** Even over orders of magnitude. */
  const scaled = (low: number, high: number): number => low * (high / low) ** random.next();
  const faults = SIMULATED_FAULTS.filter((fault) => fault !== 'none');
  const fault = random.next() < FAULTLESS_SHARE ? 'none' : (faults[random.below(faults.length)] ?? 'none');
  const short = random.next() < 0.5;
  const traces = random.next() < 0.5;
  return simulate({
    ...{ seed, fault, traces, links: random.next() < 0.5, logs: random.next() < 0.5 },
    nodeCount: Math.round(scaled(6, 30)),
    conditions: {
      stepMs: short ? 1_000 : 30_000,
      historySteps: short ? Math.round(between(25, 60)) : Math.round(between(60, 120)),
      alertSteps: Math.round(scaled(2, 16)),
      tailSteps: Math.round(between(3, 12)),
      rate: scaled(3, 300),
      jitter: scaled(0.04, 0.4),
      season: between(0, 0.3),
      smoothing: short ? 1 + random.below(5) : 1,
      missing: between(0, 0.1),
      hiccup: random.next() < 0.7 ? scaled(0.5, 6) : 0,
      strengthMin: 0.1,
    },
  });
}
