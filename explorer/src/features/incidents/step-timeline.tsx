import { CheckOutlined, NodeIndexOutlined } from '@ant-design/icons';
import type { IncidentDetail } from '@dao-gov/node/protocol';
import { EvidenceList } from '../../components/evidence/evidence-list.tsx';
import { BlockHeight, TransactionHash } from '../../components/hash-text.tsx';
import { Panel } from '../../components/panel.tsx';
import { PartyName } from '../../components/party-name.tsx';
import { EmptyState } from '../../components/states.tsx';
import { When } from '../../components/when.tsx';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { evidenceEntries } from './step-evidence.ts';
import styles from './step-timeline.module.css';

type StepView = IncidentDetail['steps'][number];

function StepItem({ step }: { readonly step: StepView }) {
  const { name } = useI18n();
  const entries = evidenceEntries(step).map(({ hash, kind }) => ({
    hash,
    title: name('evidence', kind === null ? 'blob' : `kind.${kind}`),
  }));
  return (
    <li className={styles.step}>
      <span className={styles.dot} aria-hidden>
        <CheckOutlined />
      </span>
      <div className={styles.head}>
        <h3>{name('step', step.step)}</h3>
        <PartyName party={step.by} link />
      </div>
      <div className={styles.anchor}>
        <When atMs={step.atMs} />
        <BlockHeight height={step.height} />
        <TransactionHash hash={step.transaction} />
      </div>
      {step.summary && <p className={styles.summary}>{step.summary}</p>}
      {entries.length > 0 && <EvidenceList entries={entries} />}
    </li>
  );
}

/** Every step that was performed, with the evidence that it left. */
export function StepTimeline({ incident }: { readonly incident: IncidentDetail }) {
  const { t } = useI18n();
  return (
    <Panel title={t('incident.steps')} icon={<NodeIndexOutlined />}>
      {incident.steps.length === 0 ? (
        <EmptyState title={t('incident.noSteps')} />
      ) : (
        <ol className={styles.timeline}>
          {incident.steps.map((step) => (
            <StepItem key={step.transaction} step={step} />
          ))}
        </ol>
      )}
    </Panel>
  );
}
