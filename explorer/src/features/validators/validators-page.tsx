import { ExportMenu } from '../../components/export-menu.tsx';
import { Page } from '../../components/page.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { ConsensusPanel } from './consensus-panel.tsx';
import { NodesPanel } from './nodes-panel.tsx';
import { PeersPanel } from './peers-panel.tsx';
import { SlashesPanel } from './slashes-panel.tsx';
import styles from './validators-page.module.css';
import { ValidatorsPanel } from './validators-panel.tsx';

export function ValidatorsPage() {
  const { t } = useI18n();
  return (
    <Page name={t('validators.title')} intro={t('validators.intro')} extra={<ExportMenu what="events" />}>
      <ConsensusPanel />
      <ValidatorsPanel />
      <SlashesPanel />
      <div className={styles.columns}>
        <PeersPanel />
        <NodesPanel />
      </div>
    </Page>
  );
}
