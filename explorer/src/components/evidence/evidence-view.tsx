/** An evidence blob in the form that suits its kind. What is of no known kind is shown as the JSON that it is. */
import { type Evidence, evidenceSchema } from '@dao-gov/node/protocol';
import { useMemo } from 'react';
import { useI18n } from '../../lib/i18n/use-i18n.ts';
import { useEvidence } from '../../lib/queries.ts';
import { HashText } from '../hash-text.tsx';
import { JsonView } from '../json-view.tsx';
import { QueryBody } from '../states.tsx';
import { ToneTag } from '../tags.tsx';
import { DependencyGraphView } from './dependency-graph-view.tsx';
import styles from './evidence.module.css';
import { FaultAssessmentView } from './fault-assessment-view.tsx';
import { FaultWebView } from './fault-web-view.tsx';
import { MetricsSnapshotView } from './metrics-snapshot-view.tsx';
import { OutcomeMeasurementView } from './outcome-measurement-view.tsx';
import { SolutionView } from './solution-view.tsx';
import { TaskPlanView } from './task-plan-view.tsx';
import { TranscriptView } from './transcript-view.tsx';

function KnownEvidence({ evidence }: { readonly evidence: Evidence }) {
  switch (evidence.kind) {
    case 'metrics_snapshot':
      return <MetricsSnapshotView snapshot={evidence} />;
    case 'dependency_graph':
      return <DependencyGraphView graph={evidence} />;
    case 'fault_assessment':
      return <FaultAssessmentView assessment={evidence} />;
    case 'fault_web':
      return <FaultWebView web={evidence} />;
    case 'solution':
      return <SolutionView solution={evidence} />;
    case 'transcript':
      return <TranscriptView transcript={evidence} />;
    case 'task_plan':
      return <TaskPlanView plan={evidence} />;
    case 'outcome_measurement':
      return <OutcomeMeasurementView measurement={evidence} />;
  }
}

function EvidenceContent({ json }: { readonly json: unknown }) {
  const { t } = useI18n();
  const parsed = useMemo(() => evidenceSchema.safeParse(json), [json]);
  return parsed.success ? (
    <KnownEvidence evidence={parsed.data} />
  ) : (
    <JsonView value={json} label={t('evidence.raw')} />
  );
}

const kindOf = (json: unknown): string =>
  typeof json === 'object' && json !== null && 'kind' in json && typeof json.kind === 'string' ? json.kind : 'unknown';

/** Fetches a blob by its hash and shows it. */
export function EvidenceView({ hash }: { readonly hash: string }) {
  const { t, name, format } = useI18n();
  const query = useEvidence(hash);
  return (
    <QueryBody query={query}>
      {({ bytes, json }) => (
        <div className={styles.stack}>
          <div className={styles.row}>
            <ToneTag tone="accent">{name('evidence', `kind.${kindOf(json)}`)}</ToneTag>
            <span className="soft">{t('evidence.hash')}</span>
            <HashText value={hash} />
            <span className="soft number">{format.bytes(bytes)}</span>
          </div>
          <EvidenceContent json={json} />
        </div>
      )}
    </QueryBody>
  );
}

/** The repair steps behind a hash, for screens that show nothing else of the evidence. */
export function SolutionOf({ hash }: { readonly hash: string }) {
  const query = useEvidence(hash);
  return <QueryBody query={query}>{({ json }) => <EvidenceContent json={json} />}</QueryBody>;
}
