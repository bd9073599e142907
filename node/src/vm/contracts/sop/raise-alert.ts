import type { CallArgs } from '../../../protocol/calls.ts';
import { canonicalBytes } from '../../../protocol/canonical.ts';
import { hashBytes } from '../../../protocol/hashing.ts';
import type { Hash } from '../../../protocol/types.ts';
import { ensure } from '../../errors.ts';
import { agentOf, type Call } from '../call.ts';

/** The same observation gives the same id, whoever makes it: so several observers meet on one record. */
export const alertIdOf = ({ node, metric, atMs, source }: Omit<CallArgs['raise_alert'], 'title'>): Hash =>
  hashBytes(canonicalBytes({ node, metric, atMs, source }));

/** An observation, or the confirmation of another agent's. Fails: NOT_AN_AGENT, ALERT_DUPLICATE. */
export function raiseAlert(call: Call<'raise_alert'>): void {
  const { args, draft, sender, block } = call;
  agentOf(call);
  const alertId = alertIdOf(args);
  const known = draft.get('alert', alertId);
  if (known === undefined) {
    const seen = { raisedAtMs: block.timestampMs, observers: [sender], gasPaid: call.fee };
    const alert = { ...args, alertId, ...seen, incidentId: '' };
    draft.set('alert', alert, alertId);
    const sequence = draft.must('sequence');
    draft.set('sequence', { ...sequence, untriaged: [...sequence.untriaged, alertId] });
    call.emit('AlertRaised', { ...args, alertId, by: sender });
    return;
  }
  ensure(!known.observers.includes(sender), 'ALERT_DUPLICATE', 'The sender has raised this alert already.');
  const observers = [...known.observers, sender];
  draft.set('alert', { ...known, observers }, alertId);
  call.emit('AlertConfirmed', { alertId, by: sender, observers: observers.length, incidentId: known.incidentId });
}
