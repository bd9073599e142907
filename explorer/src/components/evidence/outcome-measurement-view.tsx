import type { OutcomeMeasurement } from '@dao-gov/node/protocol';
import { formatDecimal } from '../../lib/format.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { type Columns, DataTable } from '../data-table.tsx';
import { ToneTag } from '../tags.tsx';
import { When } from '../when.tsx';
import styles from './evidence.module.css';

type Reading = OutcomeMeasurement['readings'][number];

/** What was measured after the fix, beside the bounds that mean recovery. */
export function OutcomeMeasurementView({ measurement }: { readonly measurement: OutcomeMeasurement }) {
  const { t, format } = useI18n();
  const columns: Columns<Reading> = [
    { title: t('metrics.node'), key: 'node', render: (_, { node }) => <span className="mono">{node}</span> },
    { title: t('metrics.metric'), key: 'metric', render: (_, { metric }) => <span className="mono">{metric}</span> },
    {
      title: t('metrics.value'),
      key: 'latest',
      align: 'right',
      render: (_, { latest }) => (latest === null ? t('metrics.absent') : formatDecimal(format, latest)),
    },
    {
      title: t('measurement.bound'),
      key: 'bound',
      align: 'right',
      render: (_, { comparator, bound }) => `${comparator === 'at-most' ? '≤' : '≥'} ${formatDecimal(format, bound)}`,
    },
    { title: t('metrics.samples'), key: 'samples', align: 'right', render: (_, { samples }) => format.number(samples) },
    {
      title: t('measurement.outside'),
      key: 'outside',
      align: 'right',
      render: (_, { outside }) => format.number(outside),
    },
  ];
  const { recovered, windowFromMs, windowToMs, readings } = measurement;
  return (
    <div className={styles.stack}>
      <p className={styles.caption}>
        <ToneTag tone={recovered ? 'good' : 'bad'}>
          {t(recovered ? 'measurement.recovered' : 'measurement.unrecovered')}
        </ToneTag>{' '}
        {t('metrics.window')} <When atMs={windowFromMs} /> – <When atMs={windowToMs} />
      </p>
      <DataTable
        label={t('evidence.kind.outcome_measurement')}
        columns={columns}
        rows={readings}
        rowKey={({ node, metric }) => `${node} ${metric}`}
      />
    </div>
  );
}
