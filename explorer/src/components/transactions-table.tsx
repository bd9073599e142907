import type { TransactionSummary } from '@dao-gov/node/protocol';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useI18n } from '../lib/i18n/use-i18n.ts';
import { type Columns, DataTable } from './data-table.tsx';
import { BlockHeight, HashText, incidentPath, TransactionHash } from './hash-text.tsx';
import { PartyName } from './party-name.tsx';
import { TransactionStatusTag } from './tags.tsx';
import { When } from './when.tsx';

interface TransactionsTableProps {
  readonly transactions: readonly TransactionSummary[];
  /** Within one block, height and time say nothing. */
  readonly inBlock?: boolean;
  readonly empty: ReactNode;
}

export function TransactionsTable({ transactions, inBlock = false, empty }: TransactionsTableProps) {
  const { t, name, format } = useI18n();
  const placed: Columns<TransactionSummary> = [
    {
      title: t('transaction.height'),
      key: 'height',
      render: (_, { height }) => (height === null ? '–' : <BlockHeight height={height} />),
    },
    {
      title: t('transaction.time'),
      key: 'time',
      render: (_, { timestampMs }) => (timestampMs === null ? '–' : <When atMs={timestampMs} />),
    },
  ];
  const columns: Columns<TransactionSummary> = [
    { title: t('transaction.hash'), key: 'hash', render: (_, { hash }) => <TransactionHash hash={hash} /> },
    {
      title: t('transaction.type'),
      key: 'type',
      render: (_, { type }) => <span title={type}>{name('type', type)}</span>,
    },
    { title: t('transaction.sender'), key: 'sender', render: (_, { sender }) => <PartyName party={sender} link /> },
    {
      title: t('transaction.receiver'),
      key: 'receiver',
      render: (_, { receiver }) => (receiver === null ? '–' : <HashText value={receiver} />),
    },
    {
      title: t('transaction.status'),
      key: 'status',
      render: (_, transaction) => <TransactionStatusTag {...transaction} />,
    },
    {
      title: t('transaction.gas'),
      key: 'gas',
      align: 'right',
      render: (_, { gasPrice, gasLimit }) => (
        <span className="number">
          {format.number(gasPrice)} × {format.number(gasLimit)}
        </span>
      ),
    },
    {
      title: t('transaction.incident'),
      key: 'incident',
      render: (_, { incidentId }) =>
        incidentId === null ? '–' : <Link to={incidentPath(incidentId)}>{incidentId}</Link>,
    },
    ...(inBlock ? [] : placed),
  ];
  return (
    <DataTable
      label={t('transaction.table')}
      columns={columns}
      rows={transactions}
      rowKey={({ hash }) => hash}
      empty={empty}
    />
  );
}
