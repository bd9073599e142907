/**
 * Follows the node: keeps the log, the contact with the node and the cached answers up to date. Bursts are gathered,
 * because during an incident blocks arrive faster than anyone reads.
 */
import type { ChainInfo, LogLine } from '@dao-gov/node/protocol';
import type { QueryClient } from '@tanstack/react-query';
import type { GatewayApi, StreamListener } from '../api.ts';
import { LOG_FLUSH_MS, LOG_LINES_INITIAL, LOG_LINES_MAX, REFRESH_INTERVAL_MS } from '../constants.ts';
import { CHAIN_KEY, refreshLive } from '../queries.ts';
import { createStore, type Store } from '../store.ts';
import { type Contact, type ContactEvent, contactAfter, isOverdue, noContact } from './connection.ts';
import { EMPTY_LOG, type LogBuffer, mergeLines } from './log-buffer.ts';
import { throttle } from './throttle.ts';

export interface LiveFeed {
  readonly log: Store<LogBuffer>;
  readonly contact: Store<Contact>;
  /** Starts following; the returned function ends it. */
  start(): () => void;
}

/** A page of older lines, and those of the stream, meet in the same buffer: it knows which it has. */
export function createLiveFeed(api: GatewayApi, client: QueryClient): LiveFeed {
  const log = createStore<LogBuffer>(EMPTY_LOG);
  const contact = createStore<Contact>(noContact(Date.now()));
  let arrived: LogLine[] = [];

  const report = (event: ContactEvent): void => contact.set(contactAfter(contact.get(), event, Date.now()));
  const flush = throttle(() => {
    log.set(mergeLines(log.get(), arrived, LOG_LINES_MAX));
    arrived = [];
  }, LOG_FLUSH_MS);
  const refresh = throttle(() => void refreshLive(client), REFRESH_INTERVAL_MS);
  const patchChain = (change: Partial<ChainInfo>): void => {
    client.setQueryData<ChainInfo>(CHAIN_KEY, (known) => known && { ...known, ...change });
  };
  const loadLog = async (): Promise<void> => {
    const page = await api.log({ limit: LOG_LINES_INITIAL }).catch(() => null);
    if (page === null) return; // the stream will bring what comes; it also tells when the node is down
    arrived.push(...page.items);
    flush();
  };

  const listener: StreamListener = {
    opened: () => {
      report('opened');
      void loadLog();
      void client.invalidateQueries();
    },
    lost: () => report('lost'),
    block: ({ height, hash, timestampMs }) => {
      report('block');
      patchChain({ height, hash, timestampMs });
      refresh();
    },
    log: (line) => {
      report('answered');
      arrived.push(line);
      flush();
    },
    status: ({ height: _, ...situation }) => {
      report('answered');
      patchChain(situation);
    },
    reset: () => {
      arrived = [];
      log.set(EMPTY_LOG);
      void client.resetQueries();
      void loadLog();
    },
  };

  return {
    log,
    contact,
    start: () => {
      let stop = api.follow(listener);
      const unwatch = watchAnswers(client, () => {
        report('answered');
        if (!isOverdue(contact.get(), Date.now())) return;
        // the node is back, and the stream may still wait out a long pause between attempts
        contact.set({ ...contact.get(), lostAtMs: Date.now() });
        stop();
        stop = api.follow(listener);
      });
      return () => {
        unwatch();
        stop();
        flush.cancel();
        refresh.cancel();
      };
    },
  };
}

/** Every successful answer proves that the node lives, whichever screen asked. */
function watchAnswers(client: QueryClient, answered: () => void): () => void {
  return client.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'success' && !event.action.manual) answered();
  });
}
