import { ApiOutlined } from '@ant-design/icons';
import type { Peers } from '@dao-gov/node/protocol';
import { type Columns, DataTable } from '../../components/data-table.tsx';
import { HashText } from '../../components/hash-text.tsx';
import { NodeName } from '../../components/node-name.tsx';
import { Panel } from '../../components/panel.tsx';
import { EmptyState, QueryBody } from '../../components/states.tsx';
import { Ago } from '../../components/when.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { usePeers } from '../../lib/queries.ts';

type Peer = Peers['items'][number];

/** The nodes that this one has connections to. */
export function PeersPanel() {
  const { t } = useI18n();
  const query = usePeers();
  const columns: Columns<Peer> = [
    { title: t('peer.name'), key: 'name', render: (_, peer) => <NodeName node={peer} /> },
    { title: t('peer.direction'), key: 'direction', render: (_, { direction }) => t(`peer.${direction}`) },
    { title: t('peer.connected'), key: 'connected', render: (_, { connectedAtMs }) => <Ago atMs={connectedAtMs} /> },
    { title: t('peer.address'), key: 'address', render: (_, { address }) => <span className="mono">{address}</span> },
    { title: t('peer.key'), key: 'key', render: (_, { key }) => <HashText value={key} /> },
  ];
  return (
    <Panel title={t('peer.title')} icon={<ApiOutlined />} flush>
      <QueryBody query={query} rows={5}>
        {({ items }) => (
          <DataTable
            label={t('peer.title')}
            columns={columns}
            rows={items}
            rowKey={({ key, direction }) => `${key} ${direction}`}
            empty={<EmptyState title={t('peer.none')}>{t('peer.noneHint')}</EmptyState>}
          />
        )}
      </QueryBody>
    </Panel>
  );
}
