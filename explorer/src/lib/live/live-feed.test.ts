import type { ChainInfo, LogLine } from '@dao-gov/node/protocol';
import { QueryClient } from '@tanstack/react-query';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { GatewayApi, StreamListener } from '../api.ts';
import { LOG_FLUSH_MS, REFRESH_INTERVAL_MS, REOPEN_AFTER_MS } from '../constants.ts';
import { CHAIN_KEY } from '../queries.ts';
import { connectionOf } from './connection.ts';
import { createLiveFeed } from './live-feed.ts';
import { lineOf } from './log-line.fixture.ts';

const CHAIN = { height: 4, hash: 'aa', timestampMs: 1, pending: 0 } as ChainInfo;

/** A node whose stream the test drives by hand. */
function scriptedNode(page: readonly LogLine[]) {
  const listeners: StreamListener[] = [];
  const api = {
    log: async () => ({ items: [...page], next: null }),
    follow: (listener: StreamListener) => {
      listeners.push(listener);
      return () => undefined;
    },
  } as unknown as GatewayApi; // the feed uses these two methods only
  const client = new QueryClient();
  client.setQueryData(CHAIN_KEY, CHAIN);
  const feed = createLiveFeed(api, client);
  return { feed, client, listeners, stop: feed.start(), stream: () => listeners.at(-1) as StreamListener };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const settle = () => vi.advanceTimersByTimeAsync(LOG_FLUSH_MS + REFRESH_INTERVAL_MS);

test('older lines and those of the stream become one log', async () => {
  const { feed, stream, stop } = scriptedNode([lineOf('2.0.0'), lineOf('1.0.0')]);
  stream().opened();
  stream().log(lineOf('2.0.0'));
  stream().log(lineOf('3.0.0'));
  await settle();
  expect(feed.log.get().lines.map(({ id }) => id)).toEqual(['1.0.0', '2.0.0', '3.0.0']);
  stop();
});

test('a block moves the head of the chain and makes live answers old, in few rounds', async () => {
  const { client, stream, stop } = scriptedNode([]);
  stream().opened();
  await settle();
  const invalidate = vi.spyOn(client, 'invalidateQueries');
  for (let height = 5; height < 25; height += 1) {
    stream().block({ height, hash: `h${height}`, transactionCount: 0, timestampMs: height });
  }
  expect(client.getQueryData<ChainInfo>(CHAIN_KEY)).toMatchObject({ height: 24, hash: 'h24', pending: 0 });
  await settle();
  expect(invalidate.mock.calls.length).toBeLessThanOrEqual(2);
  stop();
});

test('a reset of the chain empties the log', async () => {
  const { feed, stream, stop } = scriptedNode([]);
  stream().opened();
  stream().log(lineOf('7.0.0'));
  await settle();
  expect(feed.log.get().lines).toHaveLength(1);
  stream().reset();
  await settle();
  expect(feed.log.get().lines).toEqual([]);
  stop();
});

test('lines of the old chain that come late do not stay in the log of the new one', async () => {
  const { feed, stream, stop } = scriptedNode([lineOf('900.0.0')]);
  stream().opened();
  stream().reset();
  await settle();
  stream().lost();
  stream().opened();
  expect(feed.log.get().lines).toEqual([]);
  stop();
});

test('a lost stream is told, and opened anew once the node answers again', async () => {
  const { feed, client, listeners, stream, stop } = scriptedNode([]);
  stream().opened();
  stream().lost();
  expect(connectionOf(feed.contact.get(), Date.now())).toBe('reconnecting');
  await vi.advanceTimersByTimeAsync(REOPEN_AFTER_MS + 1);
  await client.fetchQuery({ queryKey: ['anything'], queryFn: async () => 'an answer' });
  expect(listeners).toHaveLength(2);
  stream().opened();
  expect(connectionOf(feed.contact.get(), Date.now())).toBe('live');
  stop();
});
