import { createContext, use } from 'react';
import { useNow } from '../now.ts';
import { useStore } from '../store.ts';
import { type Connection, connectionOf } from './connection.ts';
import type { LiveFeed } from './live-feed.ts';
import type { LogBuffer } from './log-buffer.ts';

const LiveContext = createContext<LiveFeed | null>(null);
export const LiveProvider = LiveContext.Provider;

function useLiveFeed(): LiveFeed {
  const feed = use(LiveContext);
  if (feed === null) throw new Error('useLiveFeed outside of LiveProvider');
  return feed;
}

export const useLog = (): LogBuffer => useStore(useLiveFeed().log);

export function useConnection(): { readonly connection: Connection; readonly lastContactMs: number | null } {
  const contact = useStore(useLiveFeed().contact);
  const nowMs = useNow();
  return {
    connection: connectionOf(contact, Math.max(nowMs, contact.lostAtMs ?? 0)),
    lastContactMs: contact.lastContactMs,
  };
}
