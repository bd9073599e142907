/** The tables that can be exported: their columns, and the rows that one final block adds to each, the oldest first. */
import type { NodeView, StateReader, StoredBlock } from '../../ports/index.ts';
import type { EventView } from '../../protocol/api/index.ts';
import { placedEventsOf } from '../views/events.ts';
import { partyOf, validatorName } from '../views/parties.ts';
import { argsOf, incidentOf, summaryOf } from '../views/transactions.ts';
import type { Cell } from './csv.ts';
import { settlementsOf } from './settlements.ts';

export const EXPORTS = ['blocks', 'transactions', 'events', 'settlements'] as const;
export type ExportName = (typeof EXPORTS)[number];

/** Values by column. In CSV objects and lists become JSON text. */
export type Row = Readonly<Record<string, Cell | readonly string[] | Readonly<Record<string, unknown>>>>;

export interface Table {
  readonly columns: readonly string[];
  /** Each row has exactly the columns, in their order. */
  readonly rowsOf: (node: NodeView, stored: StoredBlock) => readonly Row[];
}

/** Milliseconds of block time, and the same for people. */
const timeOf = (timestampMs: number) => ({ timestampMs, time: new Date(timestampMs).toISOString() });

function blockRow(node: NodeView, { block, hash, receipts }: StoredBlock): Row {
  const { height, parentHash, timestampMs, epoch, view, proposer, ...roots } = block.header;
  const { transactionsRoot, receiptsRoot, stateRoot, evidenceRoot, validatorSetHash } = roots;
  return {
    ...{ height, hash, parentHash, ...timeOf(timestampMs), epoch, view, proposer },
    proposerName: validatorName(node.final().state, node.genesis, proposer),
    transactions: block.transactions.length,
    events: receipts.reduce((sum, { events }) => sum + events.length, 0),
    gasUsed: receipts.reduce((sum, { gasUsed }) => sum + gasUsed, 0),
    ...{ transactionsRoot, receiptsRoot, stateRoot, evidenceRoot, validatorSetHash },
  };
}

function transactionRows({ state }: { readonly state: StateReader }, stored: StoredBlock): readonly Row[] {
  const { height, timestampMs } = stored.block.header;
  return stored.block.transactions.map((transaction, index) => {
    const { hash, sender, type, nonce, gasPrice, gasLimit, gasUsed, status, reason, incidentId } = summaryOf(
      state,
      transaction,
      { stored, index },
    );
    return {
      ...{ height, index, hash, ...timeOf(timestampMs), type },
      ...{ sender: sender.address, senderName: sender.name, senderRole: sender.role, incidentId },
      ...{ nonce, gasPrice, gasLimit, gasUsed, fee: gasUsed * gasPrice, status, reason },
      detail: stored.receipts[index]?.detail ?? '',
      ...{ args: argsOf(transaction), evidence: transaction.evidence },
      ...{ publicKey: transaction.publicKey, signature: transaction.signature },
    };
  });
}

const textOf = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

/** Where an event stands. The block's own events have a transaction hash of zeros. */
const placeOf = (state: StateReader, { id, height, timestampMs, transaction, name, data }: EventView) => ({
  ...{ id, height, ...timeOf(timestampMs), transaction, name },
  incidentId: incidentOf(state, [data]),
  proposalId: textOf(data.proposalId),
});

const eventsOf = (stored: StoredBlock): readonly EventView[] => placedEventsOf(stored).map(({ item }) => item);

function settlementRows(state: StateReader, event: EventView): readonly Row[] {
  return settlementsOf(event).map(({ party, counterparty, amount, change, reputation, reason }) => {
    const { name, role } = partyOf(state, party);
    return {
      ...placeOf(state, event),
      ...{ party: textOf(party), partyName: textOf(name), partyRole: role, counterparty: textOf(counterparty) },
      ...{ amount, change, reputation, reason: textOf(reason) },
    };
  });
}

const TIME = ['timestampMs', 'time'] as const;
const PLACE = ['id', 'height', ...TIME, 'transaction', 'name', 'incidentId', 'proposalId'] as const;

export const TABLES: Readonly<Record<ExportName, Table>> = {
  blocks: {
    columns: [
      ...['height', 'hash', 'parentHash', ...TIME, 'epoch', 'view', 'proposer', 'proposerName', 'transactions'],
      ...['events', 'gasUsed', 'transactionsRoot', 'receiptsRoot', 'stateRoot', 'evidenceRoot', 'validatorSetHash'],
    ],
    rowsOf: (node, stored) => [blockRow(node, stored)],
  },
  transactions: {
    columns: [
      ...['height', 'index', 'hash', ...TIME, 'type', 'sender', 'senderName', 'senderRole', 'incidentId', 'nonce'],
      ...['gasPrice', 'gasLimit', 'gasUsed', 'fee', 'status', 'reason', 'detail', 'args', 'evidence', 'publicKey'],
      'signature',
    ],
    rowsOf: (node, stored) => transactionRows(node.final(), stored),
  },
  events: {
    columns: [...PLACE, 'data'],
    rowsOf: (node, stored) => {
      const { state } = node.final();
      return eventsOf(stored).map((event) => ({ ...placeOf(state, event), data: event.data }));
    },
  },
  settlements: {
    columns: [
      ...[...PLACE, 'party', 'partyName', 'partyRole', 'counterparty'],
      ...['amount', 'change', 'reputation', 'reason'],
    ],
    rowsOf: (node, stored) => {
      const { state } = node.final();
      return eventsOf(stored).flatMap((event) => settlementRows(state, event));
    },
  },
};
