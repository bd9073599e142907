import { EyeOutlined } from '@ant-design/icons';
import type { Validators } from '@dao-gov/node/protocol';
import { type Columns, DataTable } from '../../components/data-table.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { ToneTag } from '../../components/tags.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useChain, usePeers } from '../../lib/queries.ts';
import { ConnectionTag } from './connection-tag.tsx';

interface FullNode {
  readonly key: string;
  readonly name: string;
  readonly self: boolean;
}

/** Nodes that follow the chain without a bond: as far as this node is one of them, or connected to them. */
function useFullNodes({ others }: Pick<Validators, 'others'>): readonly FullNode[] {
  const chain = useChain().data;
  const peers = usePeers().data?.items ?? [];
  const bonding = new Set(others.map(({ key }) => key));
  const own = chain && !chain.node.validator ? [{ key: chain.node.key, name: chain.node.name, self: true }] : [];
  const known = peers.filter(({ validator }) => !validator).map(({ key, name }) => ({ key, name, self: false }));
  return [...own, ...known].filter(
    ({ key }, index, all) => !bonding.has(key) && all.findIndex((one) => one.key === key) === index,
  );
}

/** Nothing where this node knows of none. */
export function FullNodesTable({ others }: Pick<Validators, 'others'>) {
  const { t } = useI18n();
  const nodes = useFullNodes({ others });
  const columns: Columns<FullNode> = [
    { title: t('fullNodes.title'), key: 'name', render: (_, { name }) => name },
    {
      title: t('validator.status'),
      key: 'status',
      render: () => (
        <ToneTag tone="info" icon={<EyeOutlined />} title={t('node.fullHint')}>
          {t('validator.fullNode')}
        </ToneTag>
      ),
    },
    { title: t('validator.link'), key: 'link', render: (_, { self }) => <ConnectionTag self={self} connected /> },
    { title: t('validator.key'), key: 'key', render: (_, { key }) => <HashText value={key} /> },
  ];
  if (nodes.length === 0) return null;
  return <DataTable label={t('fullNodes.title')} columns={columns} rows={nodes} rowKey={({ key }) => key} />;
}
