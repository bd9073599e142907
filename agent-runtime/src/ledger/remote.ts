/**
 * The ledger of an agent that runs apart from its node: reads go over the node's HTTP API. Records are read with their
 * state proofs, so a gateway that mixes records up is noticed; the root itself is the node's word, and an agent that
 * should trust nobody runs its own node.
 */
import {
  ADMISSION_CODES,
  type Address,
  type AdmissionCode,
  AdmissionError,
  type AlertRecord,
  type ErrorCode,
  evidenceHash,
  FAILURE_CODES,
  type Hash,
  HTTP_CODES,
  type IncidentRecord,
  type MotionRecord,
  type StateProof,
  type StateRecords,
  stateKeys,
  type Transaction,
  type TransactionDetail,
  verifyStateProof,
} from '@dao-gov/node/protocol';
import { type ChainTip, type FinalBlockListener, type FinalReceipt, type Ledger, LedgerError } from './port.ts';
import { newestIncidentIds } from './recent.ts';

/**
 * What this adapter asks of the HTTP client. Every call rejects with an error whose `code` is the problem's stable
 * code when the node answered with one; any other error means that no answer came.
 */
export interface LedgerClient {
  chain(): Promise<ChainTip & { readonly chainId: string }>;
  stateProof(key: string): Promise<{ readonly stateRoot: Hash; readonly proof: StateProof }>;
  transaction(hash: Hash): Promise<TransactionDetail>;
  /** The blob's bytes. */
  evidence(hash: Hash): Promise<Uint8Array>;
  submit(transaction: Transaction, blobs: readonly Uint8Array[]): Promise<{ readonly hash: Hash }>;
  /** Final blocks as they come, reconnecting by itself. @returns the unsubscription */
  onBlock(listener: FinalBlockListener): () => void;
}

/** @param address of the agent's wallet. @throws LedgerError when the node does not answer */
export async function remoteLedger(client: LedgerClient, address: Address): Promise<Ledger> {
  const { chainId } = await asked(() => client.chain());
  const read = <K extends keyof StateRecords>(_kind: K, key: string) => recordUnder<StateRecords[K]>(client, key);
  const sequence = async () => present(await read('sequence', stateKeys.sequence()), 'sequence');
  const incident = (id: string): Promise<IncidentRecord | undefined> => read('incident', stateKeys.incident(id));
  const motion = (id: Hash): Promise<MotionRecord | undefined> => read('motion', stateKeys.motion(id));
  const alert = (id: Hash): Promise<AlertRecord | undefined> => read('alert', stateKeys.alert(id));
  return {
    chainId,
    address,
    info: async () => {
      const { height, timestampMs } = await asked(() => client.chain());
      return { height, timestampMs };
    },
    params: async () => present(await read('params', stateKeys.params()), 'params'),
    account: (of) => read('account', stateKeys.account(of)),
    incident,
    openIncidents: async () => recordsOf((await sequence()).open, incident),
    recentIncidents: async (limit) => recordsOf(newestIncidentIds((await sequence()).incidents, limit), incident),
    untriagedAlerts: async () => recordsOf((await sequence()).untriaged, alert),
    proposal: (proposalId) => read('proposal', stateKeys.proposal(proposalId)),
    challenge: (challengeId) => read('challenge', stateKeys.challenge(challengeId)),
    openMotions: async () => recordsOf((await read('government', stateKeys.government()))?.open ?? [], motion),
    treasury: async () => present(await read('treasury', stateKeys.treasury()), 'treasury'),
    vote: (proposalId, voter) => read('vote', stateKeys.vote(proposalId, voter)),
    evidence: async (hash) => {
      const blob = await found(() => client.evidence(hash));
      return blob !== undefined && evidenceHash(blob) === hash ? blob : undefined;
    },
    submit: async (transaction, blobs) => (await asked(() => client.submit(transaction, blobs))).hash,
    receipt: async (transaction) => receiptOf(await found(() => client.transaction(transaction))),
    subscribe: (listener) => client.onBlock(listener),
  };
}

async function recordUnder<T>(client: LedgerClient, key: string): Promise<T | undefined> {
  const { stateRoot, proof } = await asked(() => client.stateProof(key));
  if (proof.key !== key || !verifyStateProof(proof, stateRoot)) {
    throw new LedgerError('UNREADABLE', `the proof of ${key} does not hold`);
  }
  // The proof shows that these are the record's own bytes, and the state machine wrote them.
  return proof.value === null ? undefined : (JSON.parse(proof.value) as T);
}

async function recordsOf<T>(
  ids: readonly string[],
  read: (id: string) => Promise<T | undefined>,
): Promise<readonly T[]> {
  const records: T[] = [];
  // One that was closed between the two reads is simply left out.
  for (const record of await Promise.all(ids.map(read))) if (record !== undefined) records.push(record);
  return records;
}

function present<T>(record: T | undefined, what: string): T {
  if (record === undefined) throw new LedgerError('UNREADABLE', `the state has no ${what}`);
  return record;
}

function receiptOf(detail: TransactionDetail | undefined): FinalReceipt | undefined {
  if (detail === undefined || detail.height === null || detail.timestampMs === null) return undefined;
  const { hash: transaction, height, timestampMs, status, reason, gasUsed } = detail;
  if (status === 'pending') return undefined;
  const events = detail.events.map(({ name, data }) => ({ name, data }));
  return { transaction, height, timestampMs, status, reason, detail: detail.detail, gasUsed, events };
}

const CODES: readonly string[] = [...ADMISSION_CODES, ...FAILURE_CODES, ...HTTP_CODES];
const isAdmissionCode = (code: string): code is AdmissionCode => (ADMISSION_CODES as readonly string[]).includes(code);

/** @throws AdmissionError for a transaction that the node refused, LedgerError for everything else */
async function asked<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
    if (isAdmissionCode(code)) throw new AdmissionError(code, detail);
    // Only names out of the protocol's own lists get through here.
    throw new LedgerError(CODES.includes(code) ? (code as ErrorCode) : 'UNREACHABLE', detail, { cause: error });
  }
}

async function found<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await asked(call);
  } catch (error) {
    if (error instanceof LedgerError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  }
}
