/**
 * Follows the node: keeps the log, the contact with the node and the cached answers up to date. Blocks may arrive
 * faster than anyone reads, so questions are asked again in rounds.
 */
import type { ChainInfo } from '@dao-gov/node/protocol';
import type { QueryClient } from '@tanstack/react-query';
import type { GatewayApi, StreamListener } from '../api.ts';
import { REFRESH_INTERVAL_MS } from '../constants.ts';
import { CHAIN_KEY, refreshLive } from '../queries.ts';
import { createStore, type Store } from '../store.ts';
import { type Contact, type ContactEvent, contactAfter, isOverdue, noContact } from './connection.ts';
import type { LogBuffer } from './log-buffer.ts';
import { createLogIntake, type LogIntake } from './log-intake.ts';
import { type Throttled, throttle } from './throttle.ts';

export interface LiveFeed {
  readonly log: Store<LogBuffer>;
  readonly contact: Store<Contact>;
  /** Starts following; the returned function ends it. */
  start(): () => void;
}

export function createLiveFeed(api: GatewayApi, client: QueryClient): LiveFeed {
  const intake = createLogIntake(api);
  const contact = createStore<Contact>(noContact(Date.now()));
  const report = (event: ContactEvent): void => contact.set(contactAfter(contact.get(), event, Date.now()));
  const refresh = throttle(() => void refreshLive(client), REFRESH_INTERVAL_MS);
  const listener = listenerOf(client, intake, report, refresh);
  return {
    log: intake.log,
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
        intake.cancel();
        refresh.cancel();
      };
    },
  };
}

function listenerOf(
  client: QueryClient,
  intake: LogIntake,
  report: (event: ContactEvent) => void,
  refresh: Throttled,
): StreamListener {
  /** What was loaded since the reset may still be of the old chain, until the stream opens anew. */
  let resetting = false;
  const patchChain = (change: Partial<ChainInfo>): void => {
    client.setQueryData<ChainInfo>(CHAIN_KEY, (known) => known && { ...known, ...change });
  };
  return {
    opened: () => {
      report('opened');
      if (resetting) intake.clear();
      resetting = false;
      void intake.load();
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
      intake.add(line);
    },
    status: ({ height: _, ...situation }) => {
      report('answered');
      patchChain(situation);
    },
    reset: () => {
      resetting = true;
      intake.clear();
      void client.resetQueries();
      void intake.load();
    },
  };
}

/** Every successful answer proves that the node lives, whichever screen asked. */
function watchAnswers(client: QueryClient, answered: () => void): () => void {
  return client.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'success' && !event.action.manual) answered();
  });
}
