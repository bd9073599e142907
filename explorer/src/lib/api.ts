/**
 * The gateway as the explorer sees it: a narrow interface, bound to the node's typed client in one place, so that
 * features depend on these few methods and not on transport.
 */
import type { ApiClient, BlockNotice, EventQuery, NodeStatus, PageQuery, TransactionQuery } from '@dao-gov/node/client';
import type { LogLine } from '@dao-gov/node/protocol';
import { createContext, use } from 'react';

/** Methods that the explorer takes over as they are. */
type Questions = Pick<
  ApiClient,
  | 'chain'
  | 'blocks'
  | 'block'
  | 'transactions'
  | 'transaction'
  | 'pending'
  | 'sopStatus'
  | 'incidents'
  | 'incident'
  | 'motions'
  | 'events'
  | 'economics'
  | 'validators'
  | 'consensus'
  | 'peers'
  | 'log'
>;

export interface EvidenceBlob {
  readonly hash: string;
  readonly bytes: number;
  /** Parsed, but of no proven shape: agents wrote it. The text itself where it is no JSON. */
  readonly json: unknown;
}

/** What the stream reports. `lost` and `opened` alternate for as long as it is followed: it reconnects by itself. */
export interface StreamListener {
  opened(): void;
  lost(): void;
  block(block: BlockNotice): void;
  log(line: LogLine): void;
  status(status: NodeStatus): void;
  reset(): void;
}

export interface GatewayApi extends Questions {
  evidence(hash: string): Promise<EvidenceBlob>;
  /** The genesis of this node's chain, as a file. */
  genesisFile(): Promise<ArrayBuffer>;
  /** An incident's audit bundle, byte for byte. */
  bundleFile(incidentId: string): Promise<ArrayBuffer>;
  /** @param token the admin token, where the node wants one */
  reset(token: string | undefined): Promise<{ readonly success: boolean }>;
  /** Follows the node until the returned function is called. */
  follow(listener: StreamListener): () => void;
}

export type { EventQuery, PageQuery, TransactionQuery };

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const fileOf = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer;

/** Binds the interface to the client of a node. */
export const bindApi = (client: ApiClient): GatewayApi => ({
  ...client,
  evidence: async (hash) => {
    const bytes = await client.evidence(hash);
    return { hash, bytes: bytes.length, json: parsedOrText(new TextDecoder().decode(bytes)) };
  },
  genesisFile: async () => fileOf(new TextEncoder().encode(JSON.stringify(await client.genesis(), null, 2))),
  bundleFile: async (incidentId) => fileOf(await client.bundle(incidentId)),
  reset: (token) => client.reset(null, token === undefined ? {} : { token }),
  follow: (listener) =>
    client.stream({
      onOpen: listener.opened,
      onError: listener.lost,
      onBlock: listener.block,
      onLog: listener.log,
      onStatus: listener.status,
      onReset: listener.reset,
    }),
});

/** Address of an incident's audit bundle, for a download link. */
export const bundleUrl = (incidentId: string): string => `/api/incidents/${encodeURIComponent(incidentId)}/bundle`;

export const EXPORTS = ['blocks', 'transactions', 'events', 'settlements'] as const;
export type Export = (typeof EXPORTS)[number];
export const EXPORT_FORMATS = ['csv', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Address of an export of the whole chain. */
export const exportUrl = (what: Export, format: ExportFormat): string => `/api/export/${what}.${format}`;

const ApiContext = createContext<GatewayApi | null>(null);
export const ApiProvider = ApiContext.Provider;

export function useApi(): GatewayApi {
  const api = use(ApiContext);
  if (api === null) throw new Error('useApi outside of ApiProvider');
  return api;
}
