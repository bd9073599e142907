import { AuditOutlined, CheckCircleFilled, CloseCircleFilled, FileTextOutlined } from '@ant-design/icons';
import { AUDIT_STEPS, type AuditReport, type AuditStepResult } from '@dao-gov/node/audit';
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

function StepDetail({ step, ok, detail, figures }: AuditStepResult) {
  const { t } = useI18n();
  if (ok) return <p className={styles.detail}>{t(`audit.detail.${step}`, figures)}</p>;
  return (
    <>
      <p className={styles.detail}>{t(`audit.broken.${step}`)}</p>
      <p className={styles.detail}>
        {t('verify.finding')} <q lang="en">{detail}</q>
      </p>
    </>
  );
}

const MARKS = { passed: '✓', failed: '✗', unchecked: '–' } as const;

/** All steps in their order; those after a failed one were not looked at. */
function Steps({ steps }: Pick<AuditReport, 'steps'>) {
  const { t, name } = useI18n();
  const results = new Map(steps.map((result) => [result.step, result]));
  return (
    <ol className={styles.steps} aria-label={t('verify.steps')}>
      {AUDIT_STEPS.map((step) => {
        const result = results.get(step);
        const look = result === undefined ? 'unchecked' : result.ok ? 'passed' : 'failed';
        const words = t(result === undefined ? 'verify.notChecked' : result.ok ? 'verify.ok' : 'verify.wrong');
        return (
          <li key={step} className={`${styles.step} ${styles[look]}`}>
            <span className={styles.mark} title={words}>
              <span aria-hidden>{MARKS[look]}</span>
              <span className="visually-hidden">{words}</span>
            </span>
            <div>
              {name('audit', step)}
              <code className={styles.code}>{step}</code>
              {result && <StepDetail {...result} />}
            </div>
          </li>
        );
      })}
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
        {!ok && <p className={styles.detail}>{t('verify.notCheckedHint')}</p>}
      </Panel>
      {verdict && (
        <Panel title={t('verify.judgment')} icon={<FileTextOutlined />}>
          <p className={styles.judgment}>{pick(verdict.judgment)}</p>
        </Panel>
      )}
    </>
  );
}
