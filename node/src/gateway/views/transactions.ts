/** Transactions, pending or in a final block, as the API shows them. */
import type { StateReader, StoredBlock } from '../../ports/index.ts';
import type { TransactionDetail, TransactionSummary } from '../../protocol/api/index.ts';
import { transactionHash } from '../../protocol/hashing.ts';
import type { Hash, Receipt, Transaction } from '../../protocol/types.ts';
import type { Placed } from '../pages.ts';
import { eventsOfReceipt } from './events.ts';
import type { EvidenceReader } from './evidence.ts';
import { partyOf } from './parties.ts';

/** Where a transaction stands: a final block and the index in it. */
export interface Included {
  readonly stored: StoredBlock;
  readonly index: number;
}

type Fields = { readonly [key: string]: unknown };

/** The signed arguments; empty when they are not a JSON object, as in a transaction that failed for that. */
export function argsOf(transaction: Transaction): Fields {
  try {
    const value: unknown = JSON.parse(transaction.args);
    return typeof value === 'object' && value !== null ? (value as Fields) : {};
  } catch {
    return {};
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

/** The incident that arguments or events name, directly or by its proposal or alert. */
export function incidentOf(state: StateReader, fields: readonly Fields[]): string | null {
  for (const { incidentId, proposalId, alertId } of fields) {
    const named = textOf(incidentId);
    if (named) return named;
    const proposal = textOf(proposalId);
    const ofProposal = proposal && state.get('proposal', proposal)?.incidentId;
    if (ofProposal) return ofProposal;
    const alert = textOf(alertId);
    const ofAlert = alert && state.get('alert', alert)?.incidentId;
    if (ofAlert) return ofAlert;
  }
  return null;
}

const eventData = (receipt: Receipt | undefined): readonly Fields[] => receipt?.events.map(({ data }) => data) ?? [];

export function summaryOf(state: StateReader, transaction: Transaction, included: Included | null): TransactionSummary {
  const receipt = included?.stored.receipts[included.index];
  const header = included?.stored.block.header;
  const args = argsOf(transaction);
  const { type, nonce, gasPrice, gasLimit } = transaction;
  return {
    hash: receipt?.transaction ?? transactionHash(transaction),
    sender: partyOf(state, transaction.sender),
    receiver: type === 'transfer' ? (textOf(args.to) ?? null) : null,
    ...{ type, nonce, gasPrice, gasLimit },
    gasUsed: receipt?.gasUsed ?? 0,
    status: receipt?.status ?? 'pending',
    reason: receipt?.reason ?? '',
    incidentId: incidentOf(state, [args, ...eventData(receipt)]),
    height: header?.height ?? null,
    timestampMs: header?.timestampMs ?? null,
  };
}

export async function detailOf(
  state: StateReader,
  evidence: EvidenceReader,
  transaction: Transaction,
  included: Included | null,
): Promise<TransactionDetail> {
  const receipt = included?.stored.receipts[included.index];
  const { chainId, publicKey, signature } = transaction;
  return {
    ...summaryOf(state, transaction, included),
    ...{ chainId, publicKey, signature },
    index: included?.index ?? null,
    args: argsOf(transaction),
    evidence: await Promise.all(transaction.evidence.map((hash: Hash) => evidence.describe(hash))),
    fee: (receipt?.gasUsed ?? 0) * transaction.gasPrice,
    detail: receipt?.detail ?? '',
    events: included ? eventsOfReceipt(included.stored, included.index) : [],
  };
}

/** Summaries of a block's transactions that the filter lets through, the first of the block first. */
export function placedSummariesOf(
  state: StateReader,
  stored: StoredBlock,
  filter: { readonly type?: string | undefined; readonly sender?: string | undefined },
): readonly Placed<TransactionSummary>[] {
  return stored.block.transactions.flatMap((transaction, index) => {
    if (filter.type !== undefined && transaction.type !== filter.type) return [];
    if (filter.sender !== undefined && transaction.sender !== filter.sender) return [];
    const item = summaryOf(state, transaction, { stored, index });
    return [{ place: [stored.block.header.height, index], item }];
  });
}
