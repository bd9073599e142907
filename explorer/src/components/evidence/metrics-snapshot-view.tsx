import type { MetricsSnapshot } from '@dao-gov/node/protocol';
import { Input, Switch } from 'antd';
import { useState } from 'react';
import { formatDecimal } from '../../lib/format.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { type Columns, DataTable } from '../data-table.tsx';
import { ToneTag } from '../tags.tsx';
import { When } from '../when.tsx';
import styles from './evidence.module.css';
import { rankSeries, type Series, STANDS_OUT } from './metric-series.ts';

function Deviation({ deviation }: Pick<Series, 'deviation'>) {
  const { t, format } = useI18n();
  if (deviation === null) return <span className="soft">{t('metrics.noBaseline')}</span>;
  const spreads = format.signed(Math.round(deviation / 100) / 10);
  if (Math.abs(deviation) < STANDS_OUT) return <span className="number">{spreads} σ</span>;
  return <ToneTag tone={Math.abs(deviation) >= 3 * STANDS_OUT ? 'bad' : 'warn'}>{spreads} σ</ToneTag>;
}

/** The measured series, the most unusual first. A value that was not measured is shown as absent, never as zero. */
export function MetricsSnapshotView({ snapshot }: { readonly snapshot: MetricsSnapshot }) {
  const { t, format } = useI18n();
  const [search, setSearch] = useState('');
  const [unusualOnly, setUnusualOnly] = useState(false);
  const figure = (value: string | null) =>
    value === null ? <span className="soft">{t('metrics.absent')}</span> : formatDecimal(format, value);
  const columns: Columns<Series> = [
    { title: t('metrics.node'), key: 'node', render: (_, { node }) => <span className="mono">{node}</span> },
    { title: t('metrics.metric'), key: 'metric', render: (_, { metric }) => <span className="mono">{metric}</span> },
    { title: t('metrics.value'), key: 'value', align: 'right', render: (_, { value }) => figure(value) },
    { title: t('metrics.baseline'), key: 'baseline', align: 'right', render: (_, { baseline }) => figure(baseline) },
    {
      title: t('metrics.deviation'),
      key: 'deviation',
      align: 'right',
      render: (_, { deviation }) => <Deviation deviation={deviation} />,
    },
    {
      title: t('metrics.onset'),
      key: 'onset',
      render: (_, { onsetMs }) => (onsetMs === null ? '–' : <When atMs={onsetMs} />),
    },
    { title: t('metrics.samples'), key: 'samples', align: 'right', render: (_, { samples }) => format.number(samples) },
  ];
  return (
    <div className={styles.stack}>
      <p className={styles.caption}>
        {t('metrics.window')} <When atMs={snapshot.windowFromMs} /> – <When atMs={snapshot.windowToMs} />
      </p>
      <div className={styles.row}>
        <Input.Search
          allowClear
          aria-label={t('metrics.search')}
          placeholder={t('metrics.search')}
          style={{ width: 240 }}
          onChange={({ target }) => setSearch(target.value)}
        />
        <span className={styles.row}>
          <Switch size="small" checked={unusualOnly} onChange={setUnusualOnly} aria-label={t('metrics.unusualOnly')} />
          <span aria-hidden>{t('metrics.unusualOnly')}</span>
        </span>
      </div>
      <DataTable
        label={t('evidence.kind.metrics_snapshot')}
        columns={columns}
        rows={rankSeries(snapshot.series, { search, unusualOnly })}
        rowKey={({ node, metric }) => `${node} ${metric}`}
        pageSize={12}
      />
      {snapshot.silentNodes.length > 0 && (
        <p className={styles.caption}>
          {t('metrics.silentNodes')} <span className="mono">{snapshot.silentNodes.join(', ')}</span>
        </p>
      )}
    </div>
  );
}
