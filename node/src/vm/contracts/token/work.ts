/**
 * Honest work pays: when an incident is finalized, each step that led there gets its gas back and a wage. The report's
 * figures alone leave a supporter short (it pays for a step, a commitment and a reveal, and earns 300 and 70 % of the
 * vote's gas). Paid at the end only, at most once a step, bounded by parameters, within the epoch's budget: an incident
 * that convinces nobody is refunded nothing, and who alone raised the alert gets gas and no wage (ADR 0007).
 */
import type { AlertRecord, IncidentRecord, ProposalRecord } from '../../../protocol/records.ts';
import type { Step } from '../../../protocol/roles.ts';
import type { Address, Amount } from '../../../protocol/types.ts';
import { addCapped } from '../../integers.ts';
import type { Effects } from '../call.ts';
import type { WorkReason } from '../events.ts';
import { paramsOf } from '../params/params.ts';
import { standingSteps } from '../sop/standing-steps.ts';
import { countPaid, payable } from './budget.ts';
import { payFromTreasury } from './ledger.ts';

interface Payment {
  readonly to: Address;
  readonly amount: Amount;
  readonly reason: WorkReason;
  readonly step: Step | '';
}

function paymentsOf(
  effects: Effects,
  incident: IncidentRecord,
  alert: AlertRecord,
  { withheldFrom }: ProposalRecord,
): readonly Payment[] {
  const { stepReward, gasRebateMax } = paramsOf(effects.draft).work;
  const refund = (to: Address, gasPaid: Amount, reason: WorkReason, step: Step | ''): Payment => ({
    ...{ to, reason, step },
    amount: Math.min(gasPaid, gasRebateMax),
  });
  const [observer] = alert.observers;
  const reports = incident.outcomeReports.filter(({ round, recovered }) => recovered && round === incident.round);
  return [
    ...(observer === undefined ? [] : [refund(observer, alert.gasPaid, 'alert_gas', '')]),
    ...standingSteps(incident.steps).flatMap(({ by, step, gasPaid }): readonly Payment[] => [
      refund(by, gasPaid, 'step_gas', step),
      // The proposer's wage is the reward of the claim.
      ...(by === withheldFrom || step === 'propose_root_cause'
        ? []
        : [{ to: by, amount: stepReward, reason: 'step', step } as const]),
    ]),
    ...reports.map(({ by, gasPaid }) => refund(by, gasPaid, 'outcome_gas', '')),
  ];
}

/** Pays in the order of the procedure, as far as treasury and budget reach. */
export function payWork(effects: Effects, incident: IncidentRecord, claim: ProposalRecord): void {
  const { incidentId } = incident;
  const ref = { incidentId, proposalId: claim.proposalId };
  const alert = effects.draft.must('alert', incident.alertId);
  const payments = paymentsOf(effects, incident, alert, claim).filter(({ amount }) => amount > 0);
  const wanted = payments.map(({ amount }) => amount).reduce(addCapped, 0);
  const available = payable(effects);
  if (available < wanted) effects.emit('TreasuryShort', { wanted, available, ...ref });
  for (const { to, amount: full, reason, step } of payments) {
    const amount = Math.min(full, payable(effects));
    if (amount === 0) return;
    payFromTreasury(effects.draft, to, amount);
    countPaid(effects, amount);
    effects.emit('WorkPaid', { to, amount, reason, step, ...ref });
  }
}
