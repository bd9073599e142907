import type { DutyOf, Procedure } from './procedure.ts';

/** Opens the incident of an alert with the priority that its symptom deserves. */
export const triage: Procedure<DutyOf<'triage'>> = async ({ alert }, context) => {
  const { priority, summary } = await context.decide('triage');
  const args = { alertId: alert.alertId, priority, summary };
  return { intent: { type: 'triage', args, evidence: [context.transcript()] } };
};
