/** The chain's own clock: deadlines of contracts are met by the time in a block's header, not by anybody's watch. */
import { useChain } from './queries.ts';

/** Time of the newest final block, in milliseconds; undefined until it is known. */
export function useBlockTimeMs(): number | undefined {
  const { data } = useChain();
  return data === undefined || data.height === 0 ? undefined : data.timestampMs;
}

/** Block time that is left until a deadline, never negative; undefined until the chain's time is known. */
export function useBlockTimeLeftMs(endsAtMs: number): number | undefined {
  const nowMs = useBlockTimeMs();
  return nowMs === undefined ? undefined : Math.max(0, endsAtMs - nowMs);
}
