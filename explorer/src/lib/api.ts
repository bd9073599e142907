/**
 * The gateway as the explorer sees it: a narrow interface over the node's typed client, so that features depend on
 * these few methods and not on transport.
 */
import type {
  BlockDetail,
  BlockSummary,
  ChainInfo,
  ConsensusView,
  Economics,
  IncidentDetail,
  IncidentSummary,
  LogLine,
  Peers,
  Pending,
  ProposalView,
  SopStatus,
  TransactionDetail,
  TransactionSummary,
  Validators,
} from '@dao-gov/node/protocol';
import { createContext, use } from 'react';

/** A page of a listing, newest first. `next` goes into the next request's `before`. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

export interface PageQuery {
  readonly limit?: number;
  readonly before?: string;
}

export interface TransactionQuery extends PageQuery {
  readonly type?: string;
  readonly sender?: string;
}

export interface EvidenceBlob {
  readonly hash: string;
  readonly bytes: number;
  /** Parsed, but of no proven shape: agents wrote it. */
  readonly json: unknown;
}

export interface BlockNotice {
  readonly height: number;
  readonly hash: string;
  readonly transactionCount: number;
  readonly timestampMs: number;
}

export interface NodeStatus {
  readonly height: number;
  readonly view: number;
  readonly pending: number;
  readonly peers: number;
  readonly ready: boolean;
}

/** What the stream reports. `lost` and `opened` alternate for as long as the stream lives: it reconnects by itself. */
export interface StreamListener {
  opened(): void;
  lost(): void;
  block(block: BlockNotice): void;
  log(line: LogLine): void;
  status(status: NodeStatus): void;
  reset(reason: string): void;
}

export interface GatewayApi {
  chain(): Promise<ChainInfo>;
  blocks(query: PageQuery): Promise<Page<BlockSummary>>;
  block(height: number): Promise<BlockDetail>;
  transactions(query: TransactionQuery): Promise<Page<TransactionSummary>>;
  transaction(hash: string): Promise<TransactionDetail>;
  pending(): Promise<Pending>;
  sop(): Promise<SopStatus>;
  incidents(query: PageQuery): Promise<Page<IncidentSummary>>;
  incident(incidentId: string): Promise<IncidentDetail>;
  proposal(proposalId: string): Promise<ProposalView>;
  economics(): Promise<Economics>;
  validators(): Promise<Validators>;
  consensus(): Promise<ConsensusView>;
  peers(): Promise<Peers>;
  evidence(hash: string): Promise<EvidenceBlob>;
  log(query: PageQuery): Promise<Page<LogLine>>;
  /** The genesis file, byte for byte as the node has it. */
  genesisFile(): Promise<ArrayBuffer>;
  /** An incident's audit bundle, byte for byte. */
  bundleFile(incidentId: string): Promise<ArrayBuffer>;
  /** @param token the admin token, where the node wants one */
  reset(token: string | undefined): Promise<{ readonly success: boolean; readonly message: string }>;
  /** Follows the node until the returned function is called. */
  follow(listener: StreamListener): () => void;
}

/** Address of an incident's audit bundle, for a download link. */
export const bundleUrl = (incidentId: string): string => `/api/incidents/${encodeURIComponent(incidentId)}/bundle`;

const ApiContext = createContext<GatewayApi | null>(null);
export const ApiProvider = ApiContext.Provider;

export function useApi(): GatewayApi {
  const api = use(ApiContext);
  if (api === null) throw new Error('useApi outside of ApiProvider');
  return api;
}
