/** Receipts, and the events that go into them. */
import { utf8Bytes } from '../protocol/bytes.ts';
import type { Amount, ContractEvent, Hash, Receipt } from '../protocol/types.ts';
import { RECEIPT_DETAIL_BYTES_MAX } from './constants.ts';
import type { Effects } from './contracts/call.ts';
import type { ContractError } from './errors.ts';

/** Collects the events of one receipt. */
export function eventLog(): { readonly events: readonly ContractEvent[]; readonly emit: Effects['emit'] } {
  const events: ContractEvent[] = [];
  return { events, emit: (name, data) => void events.push({ name, data }) };
}

export const successReceipt = (transaction: Hash, gasUsed: Amount, events: readonly ContractEvent[]): Receipt => ({
  transaction,
  status: 'success',
  reason: '',
  detail: '',
  gasUsed,
  events,
});

export const failedReceipt = (transaction: Hash, gasUsed: Amount, error: ContractError): Receipt => ({
  transaction,
  status: 'failed',
  reason: error.code,
  detail: fitting(error.detail),
  gasUsed,
  events: [],
});

/** Sentences of contracts are short; one that quotes more than fits loses its end. */
function fitting(detail: string): string {
  let text = detail;
  while (utf8Bytes(text).length > RECEIPT_DETAIL_BYTES_MAX) text = text.slice(0, -1);
  return text;
}
