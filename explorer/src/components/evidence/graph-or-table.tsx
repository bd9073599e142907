import { ApartmentOutlined, TableOutlined } from '@ant-design/icons';
import { Segmented } from 'antd';
import { type ReactNode, useState } from 'react';
import { GRAPH_NODES_MAX } from '../../lib/constants.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import styles from './evidence.module.css';

interface GraphOrTableProps {
  readonly nodeCount: number;
  readonly graph: ReactNode;
  readonly table: ReactNode;
}

/** A graph and the table that says the same; large graphs are tables only, because nobody could read the drawing. */
export function GraphOrTable({ nodeCount, graph, table }: GraphOrTableProps) {
  const { t } = useI18n();
  const [view, setView] = useState<'graph' | 'table'>('graph');
  if (nodeCount > GRAPH_NODES_MAX) {
    return (
      <div className={styles.stack}>
        <p className="soft">{t('evidence.graphTooLarge', { count: nodeCount, most: GRAPH_NODES_MAX })}</p>
        {table}
      </div>
    );
  }
  return (
    <div className={styles.stack}>
      <Segmented
        aria-label={t('evidence.view')}
        size="small"
        value={view}
        onChange={setView}
        options={[
          { value: 'graph', label: t('evidence.graph'), icon: <ApartmentOutlined /> },
          { value: 'table', label: t('evidence.table'), icon: <TableOutlined /> },
        ]}
        style={{ alignSelf: 'flex-start' }}
      />
      {view === 'graph' ? graph : table}
    </div>
  );
}
