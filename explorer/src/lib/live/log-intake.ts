/**
 * Takes lines into the log: those of the stream as they come, and the page of those before. Both meet in one buffer,
 * which knows what it has; bursts become one change of the screen.
 */
import type { LogLine } from '@dao-gov/node/protocol';
import type { GatewayApi } from '../api.ts';
import { LOG_FLUSH_MS, LOG_LINES_INITIAL, LOG_LINES_MAX } from '../constants.ts';
import { createStore, type Store } from '../store.ts';
import { EMPTY_LOG, emptied, type LogBuffer, mergeLines } from './log-buffer.ts';
import { throttle } from './throttle.ts';

export interface LogIntake {
  readonly log: Store<LogBuffer>;
  add(...lines: readonly LogLine[]): void;
  /** Asks for the newest lines. Quiet when the node does not answer: the stream tells that. */
  load(): Promise<void>;
  /** Another chain begins: nothing of the old one stays, not even what is still on its way. */
  clear(): void;
  cancel(): void;
}

export function createLogIntake(api: Pick<GatewayApi, 'log'>): LogIntake {
  const log = createStore<LogBuffer>(EMPTY_LOG);
  let arrived: LogLine[] = [];
  const flush = throttle(() => {
    log.set(mergeLines(log.get(), arrived, LOG_LINES_MAX));
    arrived = [];
  }, LOG_FLUSH_MS);
  const add = (...lines: readonly LogLine[]): void => {
    arrived.push(...lines);
    flush();
  };
  return {
    log,
    add,
    load: async () => {
      const { chain } = log.get();
      const page = await api.log({ limit: LOG_LINES_INITIAL }).catch(() => null);
      if (page !== null && log.get().chain === chain) add(...page.items);
    },
    clear: () => {
      arrived = [];
      log.set(emptied(log.get()));
    },
    cancel: flush.cancel,
  };
}
