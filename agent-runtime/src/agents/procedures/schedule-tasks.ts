import type { TelemetryWindow } from '../../analysis/index.ts';
import { WINDOW_AFTER_MS, WINDOW_BEFORE_MS } from '../../core/constants.ts';
import { AnalystError } from '../../core/errors.ts';
import { blobOf } from '../../core/evidence/blob.ts';
import { taskPlanDocument } from '../../core/evidence/documents.ts';
import type { Procedure, ProcedureContext, StepDuty } from './procedure.ts';

/** What is to be examined, and by whom: the neighbourhood of the alerting node over the window of its telemetry. */
export const scheduleTasks: Procedure<StepDuty> = async ({ incident }, context) => {
  const { incidentId, alert } = incident;
  const { scope, summary } = await context.decide('schedule_tasks');
  const { fromMs, toMs } = await windowOf(context, alert.atMs);
  const plan = blobOf(taskPlanDocument(incidentId, alert.node, scope));
  const args = {
    incidentId,
    scope,
    windowFromMs: Math.max(0, Math.round(fromMs)),
    windowToMs: Math.round(toMs),
    summary,
  };
  return { intent: { type: 'schedule_tasks', args, evidence: [plan, context.transcript()] } };
};

/** Without telemetry of its own an agent can still say what others should look at. */
async function windowOf(context: ProcedureContext, atMs: number): Promise<TelemetryWindow> {
  try {
    return (await context.findings()).window;
  } catch (error) {
    if (!(error instanceof AnalystError)) throw error;
    return { fromMs: atMs - WINDOW_BEFORE_MS, toMs: atMs + WINDOW_AFTER_MS };
  }
}
