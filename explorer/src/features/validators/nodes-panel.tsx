import { GlobalOutlined } from '@ant-design/icons';
import { Panel } from '../../components/panel.tsx';
import { RoleMark } from '../../components/party-name.tsx';
import { EmptyState, QueryBody } from '../../components/states.tsx';
import { ToneTag } from '../../components/tags.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { addressOnNode, preferences } from '../../lib/preferences.ts';
import { useChain } from '../../lib/queries.ts';
import { useStore } from '../../lib/store.ts';
import styles from './validators-page.module.css';

/** The same explorer on the other nodes: trust none of them, compare them. */
export function NodesPanel() {
  const { t } = useI18n();
  const query = useChain();
  const chosen = useStore(preferences);
  return (
    <Panel title={t('nodes.title')} icon={<GlobalOutlined />}>
      <QueryBody query={query} rows={3}>
        {({ gateways, node }) =>
          gateways.length === 0 ? (
            <EmptyState title={t('nodes.none')}>{t('nodes.noneHint')}</EmptyState>
          ) : (
            <ul className={styles.nodes}>
              {gateways.map(({ name, url, role }) => (
                <li key={url}>
                  <a className={styles.node} href={addressOnNode(url, '/validators', chosen)}>
                    {role && <RoleMark role={role} />}
                    <span className={styles.nodeText}>
                      <strong>{name}</strong>
                      <span className="mono soft">{url}</span>
                    </span>
                    {name === node.name && (
                      <span className={styles.here}>
                        <ToneTag tone="accent">{t('validator.self')}</ToneTag>
                      </span>
                    )}
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </QueryBody>
    </Panel>
  );
}
