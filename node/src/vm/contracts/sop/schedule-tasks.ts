import type { Call } from '../call.ts';
import { beginStep, completeStep } from './steps.ts';

/** What is to be examined. Fails as `beginStep`. */
export function scheduleTasks(call: Call<'schedule_tasks'>): void {
  const { incidentId, scope, summary } = call.args;
  const incident = beginStep(call, incidentId, 'schedule_tasks');
  completeStep(call, incident, { step: 'schedule_tasks', summary }, { scope, stepDue: 'submit_data_collection' });
  call.emit('TasksScheduled', { ...call.args, by: call.sender });
}
