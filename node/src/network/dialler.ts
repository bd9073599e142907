/**
 * Keeps this node connected to the peers that it is the one to dial, forever: again and again with growing pauses,
 * quickly after a connection that had lasted. Jitter keeps nodes that start together from dialling together.
 */
import type { Clock } from '../ports/clock.ts';
import type { NodeKey } from '../ports/network.ts';
import { CONNECTION_STABLE_MS, REDIAL_MS_MAX, REDIAL_MS_MIN } from './constants.ts';

export interface DiallerOptions {
  readonly targets: readonly NodeKey[];
  /** Resolves when connected, rejects when not. */
  readonly dial: (key: NodeKey) => Promise<void>;
  readonly clock: Clock;
  /** Uniform within 0 and 1, 1 excluded. */
  readonly random: () => number;
}

export interface Dialler {
  start(): void;
  stop(): void;
  onConnected(key: NodeKey): void;
  onDisconnected(key: NodeKey): void;
  /** Forgets past failures of a peer and dials at once. */
  retryNow(key: NodeKey): void;
  /** The same for all. */
  retryAll(): void;
}

interface Target {
  readonly key: NodeKey;
  failures: number;
  dialling: boolean;
  connectedAtMs: number | undefined;
  cancel: (() => void) | undefined;
}

/** Milliseconds to wait after so many failures in a row: doubling, between half and the whole of it. */
export const redialDelayMs = (failures: number, random: () => number): number =>
  Math.min(REDIAL_MS_MAX, REDIAL_MS_MIN * 2 ** Math.min(failures, 10)) * (0.5 + random() / 2);

export function createDialler({ targets, dial, clock, random }: DiallerOptions): Dialler {
  const state = new Map<NodeKey, Target>(
    targets.map((key) => [key, { key, failures: 0, dialling: false, connectedAtMs: undefined, cancel: undefined }]),
  );
  let running = false;

  const schedule = (target: Target, delayMs: number): void => {
    target.cancel?.();
    target.cancel = undefined;
    if (!running || target.dialling || target.connectedAtMs !== undefined) return;
    target.cancel = clock.at(clock.monotonicMs() + delayMs, () => {
      target.cancel = undefined;
      void attempt(target);
    });
  };

  const attempt = async (target: Target): Promise<void> => {
    if (!running || target.dialling || target.connectedAtMs !== undefined) return;
    target.dialling = true;
    try {
      await dial(target.key);
    } catch {
      target.failures += 1;
    }
    target.dialling = false;
    schedule(target, redialDelayMs(target.failures, random));
  };

  const retryNow = (key: NodeKey): void => {
    const target = state.get(key);
    if (!target) return;
    target.failures = 0;
    schedule(target, 0);
  };

  return {
    start() {
      running = true;
      for (const target of state.values()) schedule(target, REDIAL_MS_MIN * random());
    },
    stop() {
      running = false;
      for (const target of state.values()) {
        target.cancel?.();
        target.cancel = undefined;
        target.connectedAtMs = undefined;
        target.failures = 0;
      }
    },
    onConnected(key) {
      const target = state.get(key);
      if (!target) return;
      target.connectedAtMs = clock.monotonicMs();
      target.cancel?.();
      target.cancel = undefined;
    },
    onDisconnected(key) {
      const target = state.get(key);
      if (target?.connectedAtMs === undefined) return;
      const lastedMs = clock.monotonicMs() - target.connectedAtMs;
      target.connectedAtMs = undefined;
      target.failures = lastedMs >= CONNECTION_STABLE_MS ? 0 : target.failures + 1;
      schedule(target, redialDelayMs(target.failures, random));
    },
    retryNow,
    retryAll: () => [...state.keys()].forEach(retryNow),
  };
}
