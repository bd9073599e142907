import { AuditOutlined, CheckCircleFilled, CloseCircleFilled, FileTextOutlined } from '@ant-design/icons';
import type { AuditReport } from '@dao-gov/node/audit';
import type { ReactNode } from 'react';
import { Panel } from '../../components/panel.tsx';
import { ToneTag } from '../../components/tags.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import type { GivenFile } from './file-drop.tsx';
import type { Verification } from './use-verifier.ts';
import styles from './verify-page.module.css';

function Result({ ok, title, detail }: { readonly ok: boolean; readonly title: string; readonly detail?: ReactNode }) {
  return (
    <div className={`${styles.result} ${ok ? styles.good : styles.bad}`} role="status">
      {ok ? <CheckCircleFilled aria-hidden /> : <CloseCircleFilled aria-hidden />}
      <span>
        {title}
        {detail && <small>{detail}</small>}
      </span>
    </div>
  );
}

function Steps({ steps }: Pick<AuditReport, 'steps'>) {
  const { t, name } = useI18n();
  return (
    <ol className={styles.steps} aria-label={t('verify.steps')}>
      {steps.map(({ step, ok, detail }) => (
        <li key={step} className={styles.step}>
          <span
            className={`${styles.mark} ${ok ? styles.passed : styles.failed}`}
            title={t(ok ? 'verify.ok' : 'verify.wrong')}
          >
            <span aria-hidden>{ok ? '✓' : '✗'}</span>
            <span className="visually-hidden">{t(ok ? 'verify.ok' : 'verify.wrong')}</span>
          </span>
          <div>
            {name('audit', step)}
            <code className={styles.code}>{step}</code>
            {detail && <p className={styles.detail}>{detail}</p>}
          </div>
        </li>
      ))}
    </ol>
  );
}

interface OutcomeProps {
  readonly verification: Verification;
  readonly bundle: GivenFile | null;
  readonly genesis: GivenFile | null;
}

/** What the verifier found, step by step, and the judgment of a bundle that holds. */
export function Outcome({ verification, bundle, genesis }: OutcomeProps) {
  const { t, name, pick } = useI18n();
  if (verification.kind === 'idle' || verification.kind === 'running') return null;
  if (verification.kind === 'broken') {
    return <Result ok={false} title={t('verify.broken')} detail={verification.detail} />;
  }
  const { ok, steps, failedStep, verdict } = verification.report;
  return (
    <>
      <Panel
        title={t('verify.result')}
        icon={<AuditOutlined />}
        extra={genesis?.fromNode && <ToneTag tone="warn">{t('verify.trustsNode')}</ToneTag>}
      >
        <Result
          ok={ok}
          title={ok ? t('verify.holds') : t('verify.fails', { step: name('audit', failedStep ?? '') })}
          detail={t('verify.against', { bundle: bundle?.name ?? '', genesis: genesis?.name ?? '' })}
        />
        <Steps steps={steps} />
      </Panel>
      {verdict && (
        <Panel title={t('verify.judgment')} icon={<FileTextOutlined />}>
          <p className={styles.judgment}>{pick(verdict.judgment)}</p>
        </Panel>
      )}
    </>
  );
}
