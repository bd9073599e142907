import type { FaultWeb } from '@dao-gov/node/protocol';
import { useMemo } from 'react';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { type Columns, DataTable } from '../data-table.tsx';
import { InlineMeter } from '../meter.tsx';
import { type Tone, ToneTag } from '../tags.tsx';
import { GraphOrTable } from './graph-or-table.tsx';
import { GraphView } from './graph-view.tsx';

type WebNode = FaultWeb['nodes'][number];

const PART_LOOK: Readonly<
  Record<WebNode['part'], { readonly colour: string; readonly tone: Tone; readonly mark: string }>
> = {
  root_cause: { colour: 'var(--vote-against)', tone: 'bad', mark: '◆' },
  propagated: { colour: 'var(--vote-abstain)', tone: 'warn', mark: '▲' },
  suspect: { colour: 'var(--vote-sealed)', tone: 'accent', mark: '?' },
  healthy: { colour: 'var(--vote-for)', tone: 'good', mark: '●' },
  silent: { colour: 'var(--line-strong)', tone: 'quiet', mark: '○' },
};

/** Edges at least this likely (thousandths) carry the fault. */
const CARRIES_FAULT = 500;

function FaultWebTable({ nodes }: Pick<FaultWeb, 'nodes'>) {
  const { t, format } = useI18n();
  const columns: Columns<WebNode> = [
    { title: t('metrics.node'), key: 'node', render: (_, { node }) => <span className="mono">{node}</span> },
    {
      title: t('web.part'),
      key: 'part',
      render: (_, { part }) => (
        <ToneTag tone={PART_LOOK[part].tone} icon={PART_LOOK[part].mark}>
          {t(`web.part.${part}`)}
        </ToneTag>
      ),
    },
    {
      title: t('web.probability'),
      key: 'probability',
      width: 180,
      render: (_, { probability, part }) => (
        <InlineMeter
          part={probability / 1_000}
          text={format.percent(probability)}
          tone={part === 'root_cause' ? 'bad' : 'accent'}
        />
      ),
    },
  ];
  return (
    <DataTable
      label={t('evidence.kind.fault_web')}
      columns={columns}
      rows={nodes.toSorted((a, b) => b.probability - a.probability)}
      rowKey={({ node }) => node}
      pageSize={15}
    />
  );
}

/** How the fault spread: each node with its part in it, each call with how likely it carried the fault. */
export function FaultWebView({ web }: { readonly web: FaultWeb }) {
  const { t, format } = useI18n();
  const edges = useMemo(
    () =>
      web.edges.map(({ caller, callee, probability }) => ({
        caller,
        callee,
        strength: probability / 1_000,
        hot: probability >= CARRIES_FAULT,
      })),
    [web],
  );
  const nodes = web.nodes.map(({ node, part, probability }) => ({
    node,
    note: `${PART_LOOK[part].mark} ${t(`web.part.${part}`)} · ${format.percent(probability)}`,
    colour: PART_LOOK[part].colour,
    strong: part === 'root_cause' || part === 'propagated',
  }));
  return (
    <GraphOrTable
      nodeCount={web.nodes.length}
      graph={<GraphView label={t('web.label', { rootCause: web.rootCause })} nodes={nodes} edges={edges} />}
      table={<FaultWebTable nodes={web.nodes} />}
    />
  );
}
