/** What a step's evidence is, told before it is fetched: the first blob is the step's product, the rest transcripts. */
import type { Evidence, IncidentDetail, Step } from '@dao-gov/node/protocol';

const PRODUCT: Readonly<Partial<Record<Step, Evidence['kind']>>> = {
  triage: 'transcript',
  schedule_tasks: 'task_plan',
  propose_root_cause: 'transcript',
  submit_data_collection: 'metrics_snapshot',
  submit_dependency_graph: 'dependency_graph',
  submit_fault_assessment: 'fault_assessment',
  submit_fault_web: 'fault_web',
  submit_solution: 'solution',
};

export interface StepEvidence {
  readonly hash: string;
  /** Null where a step has no prescribed product: the blob itself says what it is. */
  readonly kind: Evidence['kind'] | null;
}

export const evidenceEntries = ({
  step,
  evidence,
}: Pick<IncidentDetail['steps'][number], 'step' | 'evidence'>): readonly StepEvidence[] =>
  evidence.map((hash, index) => {
    const product = PRODUCT[step];
    if (product === undefined) return { hash, kind: null };
    return { hash, kind: index === 0 ? product : 'transcript' };
  });
