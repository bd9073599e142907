import type { ReactNode } from 'react';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { type Columns, DataTable } from '../data-table.tsx';
import styles from './ledger.module.css';
import type { Sums } from './sums.ts';

interface Row {
  readonly group: string;
  readonly sums: Sums;
}

function Signed({ value }: { readonly value: number }) {
  const { format } = useI18n();
  if (value === 0) return <span className="number soft">–</span>;
  return <span className={`number ${value < 0 ? styles.loss : styles.gain}`}>{format.signed(value)}</span>;
}

interface SumsTableProps {
  readonly label: string;
  readonly groupTitle: string;
  readonly sums: ReadonlyMap<string, Sums>;
  readonly groupName: (group: string) => ReactNode;
}

/** Sums by agent or by incident, the largest net first. */
export function SumsTable({ label, groupTitle, sums, groupName }: SumsTableProps) {
  const { t, format } = useI18n();
  const signed = (key: 'paid' | 'fined' | 'slashed' | 'reputation' | 'net', title: string): Columns<Row>[number] => ({
    title,
    key,
    align: 'right',
    render: (_, row) =>
      key === 'net' ? <strong>{<Signed value={row.sums.net} />}</strong> : <Signed value={row.sums[key]} />,
  });
  const columns: Columns<Row> = [
    { title: groupTitle, key: 'group', render: (_, { group }) => groupName(group) },
    signed('net', t('ledger.net')),
    signed('paid', t('ledger.paid')),
    signed('fined', t('ledger.fined')),
    signed('slashed', t('ledger.slashed')),
    {
      title: t('ledger.held'),
      key: 'held',
      align: 'right',
      render: (_, row) => <span className="number">{row.sums.held > 0 ? format.number(row.sums.held) : '–'}</span>,
    },
    signed('reputation', t('ledger.reputation')),
  ];
  const rows = [...sums].map(([group, one]) => ({ group, sums: one })).sort((a, b) => b.sums.net - a.sums.net);
  return <DataTable label={label} columns={columns} rows={rows} rowKey={({ group }) => group} />;
}
