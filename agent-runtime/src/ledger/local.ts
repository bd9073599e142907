/** The ledger of an agent that runs in the process of its own node: reads are look-ups in the node's final state. */
import {
  type Address,
  type Block,
  evidenceHash,
  type Hash,
  type Receipt,
  type StateRecords,
  type TimestampMs,
  type TransactionEnvelope,
} from '@dao-gov/node/protocol';
import { type FinalBlockListener, type FinalReceipt, type Ledger, LedgerError } from './port.ts';
import { newestIncidentIds } from './recent.ts';

interface LocalBlock {
  readonly block: Block;
  readonly receipts: readonly Receipt[];
}

/** What this adapter needs of a running node. The host's `NodeView` has all of it. */
export interface LocalNode {
  readonly genesis: { readonly chainId: string };
  final(): {
    readonly height: number;
    readonly timestampMs: TimestampMs;
    readonly state: {
      get<K extends keyof StateRecords>(kind: K, ...id: readonly string[]): StateRecords[K] | undefined;
    };
  };
  readonly store: {
    placeOf(transaction: Hash): Promise<{ readonly height: number; readonly index: number } | undefined>;
    blockAt(height: number): Promise<LocalBlock | undefined>;
    evidence(hash: Hash): Promise<Uint8Array | undefined>;
  };
  submit(envelope: TransactionEnvelope): Promise<Hash>;
  subscribe(listener: (event: { readonly type: string; readonly block?: LocalBlock }) => void): () => void;
}

/** @param address of the agent's wallet */
export function localLedger(node: LocalNode, address: Address): Ledger {
  const read = <K extends keyof StateRecords>(kind: K, ...id: readonly string[]): StateRecords[K] | undefined =>
    node.final().state.get(kind, ...id);
  return {
    chainId: node.genesis.chainId,
    address,
    info: async () => tipOf(node),
    params: async () => present(read('params'), 'params'),
    account: async (of) => read('account', of),
    incident: async (incidentId) => read('incident', incidentId),
    openIncidents: async () =>
      present(read('sequence'), 'sequence').open.map((id) => present(read('incident', id), id)),
    recentIncidents: async (limit) =>
      newestIncidentIds(present(read('sequence'), 'sequence').incidents, limit).map((id) =>
        present(read('incident', id), id),
      ),
    untriagedAlerts: async () =>
      present(read('sequence'), 'sequence').untriaged.map((id) => present(read('alert', id), id)),
    proposal: async (proposalId) => read('proposal', proposalId),
    challenge: async (challengeId) => read('challenge', challengeId),
    openMotions: async () => (read('government')?.open ?? []).map((id) => present(read('motion', id), id)),
    treasury: async () => present(read('treasury'), 'treasury'),
    vote: async (proposalId, voter) => read('vote', proposalId, voter),
    evidence: async (hash) => {
      const blob = await node.store.evidence(hash);
      return blob !== undefined && evidenceHash(blob) === hash ? blob : undefined;
    },
    submit: (transaction, blobs) => node.submit({ transaction, blobs }),
    receipt: (transaction) => receiptOf(node, transaction),
    subscribe: (listener) => subscribe(node, listener),
  };
}

function tipOf(node: LocalNode): { readonly height: number; readonly timestampMs: TimestampMs } {
  const { height, timestampMs } = node.final();
  return { height, timestampMs };
}

/** A record that every state has, or that another record points at. */
function present<T>(record: T | undefined, what: string): T {
  if (record === undefined) throw new LedgerError('UNREADABLE', `the state has no ${what}`);
  return record;
}

async function receiptOf(node: LocalNode, transaction: Hash): Promise<FinalReceipt | undefined> {
  const place = await node.store.placeOf(transaction);
  if (place === undefined) return undefined;
  const stored = await node.store.blockAt(place.height);
  const receipt = stored?.receipts[place.index];
  if (stored === undefined || receipt === undefined) return undefined;
  const { status, reason, detail, gasUsed, events } = receipt;
  const { timestampMs } = stored.block.header;
  return { transaction, height: place.height, timestampMs, status, reason, detail, gasUsed, events };
}

function subscribe(node: LocalNode, listener: FinalBlockListener): () => void {
  return node.subscribe((event) => {
    if (event.type !== 'finalized' || event.block === undefined) return;
    const { height, timestampMs } = event.block.block.header;
    listener({ height, timestampMs });
  });
}
