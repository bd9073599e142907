/**
 * The typed client of a node's gateway, for browsers and Node. One method an endpoint; answers are parsed with the
 * schemas that the gateway writes them with. Rejects with `ApiError` (the node's problem) or `AnswerError` (no answer).
 */
import type { z } from 'zod';
import { BUNDLE_TIMEOUT_MS } from './client/constants.ts';
import { createHttp, type HttpOptions, type Query } from './client/http.ts';
import { type BlockNotice, followStream, type StreamOptions } from './client/stream.ts';
import {
  type AlertInput,
  accountSchema,
  type alertmanagerSchema,
  alertsAcceptedSchema,
  blockDetailSchema,
  blockPageSchema,
  chainInfoSchema,
  consensusViewSchema,
  economicsSchema,
  eventSchema,
  incidentDetailSchema,
  incidentPageSchema,
  logPageSchema,
  motionPageSchema,
  pageOf,
  peersSchema,
  pendingSchema,
  proposalViewSchema,
  resetResultSchema,
  sopStatusSchema,
  stateProofViewSchema,
  submittedSchema,
  transactionDetailSchema,
  transactionPageSchema,
  transactionProofViewSchema,
  validatorsSchema,
} from './protocol/api/index.ts';
import { type Genesis, genesisSchema } from './protocol/genesis.ts';
import type { Address, Hash, Transaction } from './protocol/types.ts';

export { AnswerError, ApiError } from './client/errors.ts';
export type { Fetch } from './client/http.ts';
export type { BlockNotice, NodeStatus, ResetNotice, StreamLogLine, StreamOptions } from './client/stream.ts';

export type ClientOptions = HttpOptions;
/** A type alias, so that it is a `Query` too. */
export type PageQuery = { readonly limit?: number; readonly before?: string };
export type TransactionQuery = PageQuery & { readonly type?: string; readonly sender?: Address };
/** @param name names of events, separated by commas */
export type EventQuery = PageQuery & {
  readonly name?: string;
  readonly account?: Address;
  readonly incidentId?: string;
};
/** A bearer token instead of the client's own. */
export interface Authorised {
  readonly token?: string;
}

const eventPageSchema = pageOf(eventSchema);
const text = new TextDecoder();

/** Letters of a binary string put together at a time: `fromCharCode` takes its bytes as arguments. */
const CHUNK_BYTES = 8_192;

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += CHUNK_BYTES) {
    binary += String.fromCharCode(...bytes.subarray(at, at + CHUNK_BYTES));
  }
  return btoa(binary);
}

const at = (path: string, name: string | number): string => `${path}/${encodeURIComponent(name)}`;

export type ApiClient = ReturnType<typeof createClient>;

export function createClient(options: ClientOptions) {
  const http = createHttp(options);
  const { get, bytes } = http;
  const post = <T extends z.ZodType>(path: string, schema: T, body: unknown, { token }: Authorised = {}) =>
    http.post(path, schema, body, token);
  const bundlePath = (incidentId: string): string => `${at('/api/incidents', incidentId)}/bundle`;

  return {
    chain: () => get('/api/chain', chainInfoSchema),
    genesis: () => get('/api/genesis', genesisSchema),
    validators: () => get('/api/validators', validatorsSchema),
    consensus: () => get('/api/consensus', consensusViewSchema),
    peers: () => get('/api/peers', peersSchema),

    blocks: (query: PageQuery = {}) => get('/api/blocks', blockPageSchema, query),
    block: (height: number) => get(at('/api/block', height), blockDetailSchema),
    transactions: (query: TransactionQuery = {}) =>
      get('/api/transactions', transactionPageSchema, query satisfies Query),
    transaction: (hash: Hash) => get(at('/api/tx', hash), transactionDetailSchema),
    pending: () => get('/api/pending', pendingSchema),
    account: (address: Address) => get(at('/api/accounts', address), accountSchema),

    sopStatus: () => get('/api/status/sop', sopStatusSchema),
    incidents: (query: PageQuery = {}) => get('/api/incidents', incidentPageSchema, query),
    incident: (incidentId: string) => get(at('/api/incidents', incidentId), incidentDetailSchema),
    proposal: (proposalId: Hash) => get(at('/api/proposals', proposalId), proposalViewSchema),
    motions: (query: PageQuery = {}) => get('/api/motions', motionPageSchema, query),
    economics: () => get('/api/agents/economics', economicsSchema),
    events: (query: EventQuery = {}) => get('/api/events', eventPageSchema, query satisfies Query),
    log: (query: PageQuery = {}) => get('/api/log', logPageSchema, query),

    /** The audit bundle byte for byte: written to a file as it is, or it does not verify. */
    bundle: (incidentId: string) => bytes(bundlePath(incidentId), BUNDLE_TIMEOUT_MS),
    bundleText: async (incidentId: string) => text.decode(await bytes(bundlePath(incidentId), BUNDLE_TIMEOUT_MS)),
    /** The blob as it was hashed. */
    evidence: (hash: Hash) => bytes(at('/api/evidence', hash)),
    evidenceText: async (hash: Hash) => text.decode(await bytes(at('/api/evidence', hash))),
    stateProof: async (key: string) => {
      const view = await get('/api/proofs/state', stateProofViewSchema, { key });
      const { neighbour, ...proof } = view.proof;
      return { ...view, proof: { ...proof, ...(neighbour && { neighbour }) } };
    },
    transactionProof: (hash: Hash) => get(at('/api/proofs/transaction', hash), transactionProofViewSchema),

    /** Puts a signed transaction into the node's pool. @param blobs in the order of `transaction.evidence` */
    submit: (transaction: Transaction, blobs: readonly Uint8Array[] = []) =>
      post('/api/tx', submittedSchema, { transaction, blobs: blobs.map(base64) }),
    /** An observation for the node's agent to raise. */
    raiseAlert: (alert: AlertInput, authorised?: Authorised) =>
      post('/api/alerts', alertsAcceptedSchema, alert, authorised),
    /** What an Alertmanager would send. */
    alertmanager: (webhook: z.input<typeof alertmanagerSchema>, authorised?: Authorised) =>
      post('/api/alerts/alertmanager', alertsAcceptedSchema, webhook, authorised),
    /** Starts a development network anew. @param request only from node to node: the genesis to start from */
    reset: (request: { readonly genesis: Genesis } | null = null, authorised?: Authorised) =>
      post('/api/reset', resetResultSchema, request ?? {}, authorised),

    ready: async (): Promise<boolean> => {
      try {
        return (await http.fetch(http.url('/ready'))).ok;
      } catch {
        return false;
      }
    },

    /** Follows the node until the returned function is called or the signal fires; reconnects by itself. */
    stream: (listeners: StreamOptions): (() => void) => followStream(http, listeners),
    /** Final blocks as they come. @returns the unsubscription */
    onBlock: (listener: (block: BlockNotice) => void): (() => void) => followStream(http, { onBlock: listener }),
  };
}
