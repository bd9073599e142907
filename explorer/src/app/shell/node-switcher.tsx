import { ClusterOutlined, DownOutlined } from '@ant-design/icons';
import { Dropdown } from 'antd';
import { useLocation } from 'react-router';
import { NodeName } from '../../components/node-name.tsx';
import { RoleMark } from '../../components/party-name.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { addressOnNode, preferences } from '../../lib/preferences.ts';
import { useChain } from '../../lib/queries.ts';
import { useStore } from '../../lib/store.ts';
import styles from './shell.module.css';

/** Goes to the same screen of another node. The list stays while this node is down: that is when it is needed. */
export function NodeSwitcher() {
  const { t } = useI18n();
  const { data: chain } = useChain();
  const { pathname, search } = useLocation();
  const chosen = useStore(preferences);
  if (!chain) return null;
  return (
    <Dropdown
      trigger={['click']}
      disabled={chain.gateways.length < 2}
      menu={{
        selectable: true,
        selectedKeys: [chain.node.name],
        items: chain.gateways.map(({ name, url, role }) => ({
          key: name,
          label: (
            <a className={styles.nodeLink} href={addressOnNode(url, `${pathname}${search}`, chosen)}>
              {role && <RoleMark role={role} />}
              {name}
            </a>
          ),
        })),
      }}
    >
      <button type="button" className={styles.tool} aria-label={t('nodes.switch')} title={t('nodes.switch')}>
        <ClusterOutlined />
        <span className={styles.wideOnly}>
          <NodeName node={chain.node} />
        </span>
        {chain.gateways.length > 1 && <DownOutlined style={{ fontSize: 10 }} />}
      </button>
    </Dropdown>
  );
}
