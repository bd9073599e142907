/**
 * What the screens ask of the node, one hook a question. Live questions share the root key `live` and are asked again
 * when a block becomes final; final things (a block, an evidence blob) are asked once.
 */
import { keepPreviousData, type QueryClient, useQuery } from '@tanstack/react-query';
import { type EventQuery, type PageQuery, type TransactionQuery, useApi } from './api.ts';
import { CHAIN_POLL_MS } from './constants.ts';
import { useLog } from './live/use-live.ts';

const LIVE = 'live';
/** Final content never changes under its key. */
const FOREVER = { staleTime: Number.POSITIVE_INFINITY } as const;

export const CHAIN_KEY = ['chain'] as const;

export const refreshLive = (client: QueryClient): Promise<void> => client.invalidateQueries({ queryKey: [LIVE] });

/** Polled as well as patched by the stream: it is what proves that the node answers. */
export function useChain() {
  const api = useApi();
  return useQuery({ queryKey: CHAIN_KEY, queryFn: () => api.chain(), refetchInterval: CHAIN_POLL_MS, retry: false });
}

export function useBlocks(query: PageQuery) {
  const api = useApi();
  return useQuery({
    queryKey: [LIVE, 'blocks', query],
    queryFn: () => api.blocks(query),
    placeholderData: keepPreviousData,
  });
}

/** Asked again only while it is the newest block, so that its successor appears. */
export function useBlock(height: number) {
  const api = useApi();
  return useQuery({
    queryKey: ['block', height],
    queryFn: () => api.block(height),
    staleTime: ({ state }) => (state.data?.next ? Number.POSITIVE_INFINITY : 0),
    refetchInterval: ({ state }) => (state.data && state.data.next === null ? CHAIN_POLL_MS : false),
  });
}

export function useTransactions(query: TransactionQuery) {
  const api = useApi();
  return useQuery({
    queryKey: [LIVE, 'transactions', query],
    queryFn: () => api.transactions(query),
    placeholderData: keepPreviousData,
  });
}

export function useTransaction(hash: string) {
  const api = useApi();
  return useQuery({
    queryKey: [LIVE, 'transaction', hash],
    queryFn: () => api.transaction(hash),
    staleTime: ({ state }) => (state.data && state.data.status !== 'pending' ? Number.POSITIVE_INFINITY : 0),
  });
}

export function usePending() {
  const api = useApi();
  return useQuery({ queryKey: [LIVE, 'pending'], queryFn: () => api.pending() });
}

export function useSop() {
  const api = useApi();
  return useQuery({ queryKey: [LIVE, 'sop'], queryFn: () => api.sopStatus() });
}

export function useIncidents(query: PageQuery) {
  const api = useApi();
  return useQuery({
    queryKey: [LIVE, 'incidents', query],
    queryFn: () => api.incidents(query),
    placeholderData: keepPreviousData,
  });
}

export function useIncident(incidentId: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: [LIVE, 'incident', incidentId],
    queryFn: () => api.incident(incidentId ?? ''),
    enabled: incidentId !== undefined,
  });
}

export function useMotions(query: PageQuery) {
  const api = useApi();
  return useQuery({
    queryKey: [LIVE, 'motions', query],
    queryFn: () => api.motions(query),
    placeholderData: keepPreviousData,
  });
}

export function useEconomics() {
  const api = useApi();
  return useQuery({ queryKey: [LIVE, 'economics'], queryFn: () => api.economics() });
}

export function useValidators() {
  const api = useApi();
  return useQuery({ queryKey: [LIVE, 'validators'], queryFn: () => api.validators() });
}

export function useConsensus() {
  const api = useApi();
  return useQuery({ queryKey: [LIVE, 'consensus'], queryFn: () => api.consensus() });
}

export function usePeers() {
  const api = useApi();
  return useQuery({ queryKey: [LIVE, 'peers'], queryFn: () => api.peers() });
}

/**
 * Events by name, which a node has to look for: asked again when one of them arrives, not with every block.
 *
 * @param names of events; all others are left out
 */
export function useEventsOf(names: readonly string[], query: Omit<EventQuery, 'name'>) {
  const api = useApi();
  const { lines, chain } = useLog();
  const newest = lines.findLast(({ event }) => event !== null && names.includes(event))?.id ?? '';
  return useQuery({
    queryKey: ['events', names, query, chain, newest],
    queryFn: () => api.events({ ...query, name: names.join(',') }),
    placeholderData: keepPreviousData,
  });
}

export function useEvidence(hash: string | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: ['evidence', hash],
    queryFn: () => api.evidence(hash ?? ''),
    enabled: hash !== undefined,
    ...FOREVER,
  });
}
