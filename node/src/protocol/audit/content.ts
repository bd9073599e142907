/** A bundle's content as the checks and the verdict read it: decoded calls, events with their place, records. */
import { transactionHash } from '../hashing.ts';
import type { Address, ContractEvent, Hash, Receipt, TimestampMs, Transaction } from '../types.ts';
import type { BundleContent, VerdictParty } from './bundle.ts';
import { type CaseRecords, type ReadRecord, readCaseRecords } from './case-records.ts';
import { check } from './errors.ts';
import { type AuditCall, callOf } from './relevance.ts';

export interface CaseStep {
  readonly height: number;
  readonly index: number;
  readonly atMs: TimestampMs;
  readonly hash: Hash;
  readonly transaction: Transaction;
  readonly receipt: Receipt;
  readonly call: AuditCall;
}

export interface CaseEvent extends ContractEvent {
  readonly height: number;
  readonly epoch: number;
  readonly atMs: TimestampMs;
}

export interface CaseContent {
  readonly chainId: string;
  readonly incidentId: string;
  readonly asOf: { readonly height: number; readonly timestampMs: TimestampMs };
  readonly records: CaseRecords;
  /** In the order of the chain. */
  readonly steps: readonly CaseStep[];
  /** Events of the incident, in the order of the chain. */
  readonly events: readonly CaseEvent[];
}

/** Letters of an address that stand for an account without a name. */
const SHORT_ADDRESS_LENGTH = 10;

export function partyOf({ accounts }: CaseRecords, address: Address): VerdictParty {
  const agent = accounts.get(address)?.agent;
  return { address, name: agent?.name ?? address.slice(0, SHORT_ADDRESS_LENGTH), role: agent?.role ?? null };
}

type Placed = CaseEvent & { readonly receipt: number };

/**
 * Reads a bundle. Nothing here is verified: the checks call it on what they have verified.
 * @throws CheckError when a header, a record or a readable call is missing
 */
export function readContent(bundle: BundleContent, read: ReadRecord): CaseContent {
  const headers = new Map(bundle.headers.map(({ header }) => [header.height, header]));
  const headerAt = (height: number) => {
    const header = headers.get(height);
    check(header !== undefined, `there is no header of height ${height}`);
    return header;
  };
  const timeOf = (height: number): TimestampMs => headerAt(height).timestampMs;
  const steps = bundle.steps.map(({ height, index, transaction, receipt }): CaseStep => {
    const call = callOf(transaction);
    check(call !== undefined, `the transaction ${index} of block ${height} makes no readable call`);
    return { height, index, atMs: timeOf(height), hash: transactionHash(transaction), transaction, receipt, call };
  });
  const place = (height: number, receipt: Receipt, index: number): Placed[] =>
    receipt.events
      .filter(({ data }) => data.incidentId === bundle.incidentId)
      .map((event) => ({ ...event, height, epoch: headerAt(height).epoch, atMs: timeOf(height), receipt: index }));
  const placed = [
    ...bundle.steps.flatMap(({ height, receipt, index }) => place(height, receipt, index)),
    ...bundle.systemReceipts.flatMap(({ height, receipt, receiptProof }) => place(height, receipt, receiptProof.index)),
  ];
  const events = placed.sort((a, b) => a.height - b.height || a.receipt - b.receipt);
  return {
    chainId: bundle.chainId,
    incidentId: bundle.incidentId,
    asOf: { height: bundle.stateHeight, timestampMs: timeOf(bundle.stateHeight) },
    records: readCaseRecords(bundle.incidentId, read),
    steps,
    events,
  };
}
