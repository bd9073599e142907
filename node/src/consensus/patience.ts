/**
 * How long a leader may take. The configured timers are a quiet machine's; on a busy one a leader that is given up too
 * early has executed its block for nothing, and so has everyone who began to check it. The time from the reason for a
 * block to the proposal is therefore estimated as TCP estimates round trips (RFC 6298, section 2), and all timers of a
 * view are stretched by what the estimate asks for, up to a bound. A leader that is dead gives no sample, so it costs
 * what it always costs.
 */
import type { ConsensusState } from './types.ts';

/** Shares of a new sample in the mean and in the deviation, and how many deviations a timeout lies above the mean. */
const MEAN_SHARE = 1 / 8;
const DEVIATION_SHARE = 1 / 4;
const DEVIATIONS = 4;
/** How much longer than configured a timer gets at most. A hostile leader that is always late reaches no more. */
const PATIENCE_MAX = 4;

/** Factor of the configured timers, 1 to `PATIENCE_MAX`. */
export function patienceOf({ promptness: { meanMs, deviationMs }, config }: ConsensusState): number {
  const asksFor = (meanMs + DEVIATIONS * deviationMs) / config.leaderTimeoutMs;
  return Math.min(Math.max(asksFor, 1), PATIENCE_MAX);
}

/** Notes how late after the reason for its block a leader showed itself. */
export function noteDelay({ promptness, config }: ConsensusState, lateMs: number): void {
  const delayMs = Math.min(Math.max(lateMs, 0), PATIENCE_MAX * config.leaderTimeoutMs);
  promptness.deviationMs += DEVIATION_SHARE * (Math.abs(delayMs - promptness.meanMs) - promptness.deviationMs);
  promptness.meanMs += MEAN_SHARE * (delayMs - promptness.meanMs);
}
