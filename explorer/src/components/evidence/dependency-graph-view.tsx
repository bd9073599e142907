import type { DependencyGraph } from '@dao-gov/node/protocol';
import { useMemo } from 'react';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { type Columns, DataTable } from '../data-table.tsx';
import { GraphOrTable } from './graph-or-table.tsx';
import { GraphView } from './graph-view.tsx';

type Edge = DependencyGraph['edges'][number];

export function DependencyGraphView({ graph }: { readonly graph: DependencyGraph }) {
  const { t, format } = useI18n();
  const distances = useMemo(() => new Map(graph.nodes.map(({ node, distance }) => [node, distance])), [graph]);
  const start = useMemo(() => [graph.root], [graph]);
  const noteOf = (node: string): string => {
    if (node === graph.root) return t('graph.alerted');
    const distance = distances.get(node) ?? null;
    return distance === null ? t('graph.unreached') : t('graph.distance', { distance: format.number(distance) });
  };
  const columns: Columns<Edge> = [
    { title: t('graph.caller'), key: 'caller', render: (_, { caller }) => <span className="mono">{caller}</span> },
    { title: t('graph.callee'), key: 'callee', render: (_, { callee }) => <span className="mono">{callee}</span> },
    { title: t('graph.calleeNote'), key: 'note', render: (_, { callee }) => noteOf(callee) },
  ];
  return (
    <GraphOrTable
      nodeCount={graph.nodes.length}
      graph={
        <GraphView
          label={t('graph.dependencies', { root: graph.root })}
          nodes={graph.nodes.map(({ node }) => ({
            node,
            note: noteOf(node),
            strong: node === graph.root,
            colour: node === graph.root ? 'var(--warn)' : undefined,
          }))}
          edges={graph.edges}
          start={start}
        />
      }
      table={
        <DataTable
          label={t('evidence.kind.dependency_graph')}
          columns={columns}
          rows={graph.edges}
          rowKey={({ caller, callee }) => `${caller} ${callee}`}
          pageSize={15}
        />
      }
    />
  );
}
