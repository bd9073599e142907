/** Verification of an audit bundle in the browser: nothing is sent anywhere, nothing is taken from the node unasked. */
import { CloudDownloadOutlined, FileProtectOutlined, PrinterOutlined, SafetyOutlined } from '@ant-design/icons';
import { App, Button } from 'antd';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { Page } from '../../components/page.tsx';
import { Panel } from '../../components/panel.tsx';
import { ToneTag } from '../../components/tags.tsx';
import { useApi } from '../../lib/api.ts';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { FileDrop, type GivenFile } from './file-drop.tsx';
import { Outcome } from './outcome.tsx';
import { useVerifier } from './use-verifier.ts';
import styles from './verify-page.module.css';

const INCIDENT = 'incident';

/** Takes a file from this node, where the reader asks for it, and says so when the node does not give it. */
function useFromNode(choose: (file: GivenFile) => void) {
  const { t } = useI18n();
  const { message } = App.useApp();
  return async (name: string, ask: () => Promise<ArrayBuffer>): Promise<void> => {
    try {
      choose({ name, bytes: await ask(), fromNode: true });
    } catch {
      void message.error(t('verify.notGiven'));
    }
  };
}

interface FileChoiceProps {
  readonly file: GivenFile | null;
  readonly choose: (file: GivenFile) => void;
}

function BundleChoice({ file, choose }: FileChoiceProps) {
  const { t } = useI18n();
  const api = useApi();
  const [query] = useSearchParams();
  const incidentId = query.get(INCIDENT);
  const take = useFromNode(choose);
  return (
    <div className={styles.file}>
      <FileDrop title={t('verify.bundle')} hint={t('verify.bundleHint')} file={file} choose={choose} />
      {incidentId !== null && (
        <div className={styles.offer}>
          <Button
            icon={<CloudDownloadOutlined />}
            onClick={() => void take(`${incidentId}.bundle.json`, () => api.bundleFile(incidentId))}
          >
            {t('verify.takeBundle', { incident: incidentId })}
          </Button>
        </div>
      )}
    </div>
  );
}

function GenesisChoice({ file, choose }: FileChoiceProps) {
  const { t } = useI18n();
  const api = useApi();
  const take = useFromNode(choose);
  return (
    <div className={styles.file}>
      <FileDrop title={t('verify.genesis')} hint={t('verify.genesisHint')} file={file} choose={choose} />
      <div className={styles.offer}>
        <Button icon={<CloudDownloadOutlined />} onClick={() => void take('genesis.json', () => api.genesisFile())}>
          {t('verify.takeGenesis')}
        </Button>
        {file?.fromNode && <ToneTag tone="warn">{t('verify.trustsNode')}</ToneTag>}
      </div>
    </div>
  );
}

export function VerifyPage() {
  const { t } = useI18n();
  const [bundle, setBundle] = useState<GivenFile | null>(null);
  const [genesis, setGenesis] = useState<GivenFile | null>(null);
  const { verification, run, reset } = useVerifier();
  const chosen = (set: (file: GivenFile) => void) => (file: GivenFile) => {
    set(file);
    reset();
  };
  return (
    <Page
      name={t('verify.title')}
      intro={t('verify.intro')}
      extra={
        verification.kind === 'verified' && (
          <Button icon={<PrinterOutlined />} onClick={() => print()}>
            {t('verify.print')}
          </Button>
        )
      }
    >
      <div className={styles.inputs}>
        <Panel title={t('verify.files')} icon={<FileProtectOutlined />}>
          <div className={styles.files}>
            <BundleChoice file={bundle} choose={chosen(setBundle)} />
            <GenesisChoice file={genesis} choose={chosen(setGenesis)} />
          </div>
          <div className={styles.actions}>
            <Button
              type="primary"
              icon={<SafetyOutlined />}
              disabled={bundle === null || genesis === null}
              loading={verification.kind === 'running'}
              onClick={() => {
                if (bundle && genesis) run({ bundle: bundle.bytes, genesis: genesis.bytes });
              }}
            >
              {t('verify.run')}
            </Button>
          </div>
        </Panel>
      </div>
      <Outcome verification={verification} bundle={bundle} genesis={genesis} />
    </Page>
  );
}
