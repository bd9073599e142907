/** What the work on a finalized incident is paid: every step that the standing claim rests on, and nothing else. */
import type { Params } from '../../genesis.ts';
import type { CaseContent } from '../content.ts';
import { check } from '../errors.ts';
import { named, numberOfEvent, ofProposal, textOfEvent } from '../event-data.ts';
import type { TermsAt } from '../terms.ts';
import { same } from './procedure.ts';
import { standingSteps } from './release.ts';

interface WorkPayment {
  readonly to: string;
  readonly amount: number;
  readonly reason: string;
  readonly step: string;
}

/** In the order in which the chain pays. */
function workDue(content: CaseContent, { work }: Params): readonly WorkPayment[] {
  const { incident, alert, proposals } = content.records;
  const withheldFrom = proposals.at(-1)?.record.withheldFrom ?? '';
  const refund = (to: string, gasPaid: number, reason: string, step = ''): WorkPayment => ({
    ...{ to, reason, step },
    amount: Math.min(gasPaid, work.gasRebateMax),
  });
  const wage = (to: string, step: string): readonly WorkPayment[] =>
    to === withheldFrom || step === 'propose_root_cause' ? [] : [{ to, amount: work.stepReward, reason: 'step', step }];
  const [observer] = alert.observers;
  const reports = incident.outcomeReports.filter(({ round, recovered }) => recovered && round === incident.round);
  const payments = [
    ...(observer === undefined ? [] : [refund(observer, alert.gasPaid, 'alert_gas')]),
    ...standingSteps(content).flatMap(({ by, step, gasPaid }) => [
      refund(by, gasPaid, 'step_gas', step),
      ...wage(by, step),
    ]),
    ...reports.map(({ by, gasPaid }) => refund(by, gasPaid, 'outcome_gas')),
  ];
  return payments.filter(({ amount }) => amount > 0);
}

/** In turn, until nothing is left. */
function paidOut(payments: readonly WorkPayment[], available: number): readonly WorkPayment[] {
  let left = available;
  return payments.flatMap((payment) => {
    const amount = Math.min(payment.amount, left);
    left -= amount;
    return amount > 0 ? [{ ...payment, amount }] : [];
  });
}

/** @throws CheckError */
export function checkWorkAmounts(content: CaseContent, termsAt: TermsAt): void {
  const [end] = named(content.events, 'IncidentFinalized');
  if (end === undefined) return; // `checkRelease` has seen that no work was paid
  const stated = named(content.events, 'WorkPaid').map((event) => ({
    ...{ to: textOfEvent(event, 'to'), amount: numberOfEvent(event, 'amount') },
    ...{ reason: textOfEvent(event, 'reason'), step: textOfEvent(event, 'step') },
  }));
  const last = ofProposal(content.events, content.records.incident.proposalId);
  const paid = last.findIndex(({ name, data }) => name === 'StakeReleased' && data.reason === 'proposal');
  const [short] = named(last.slice(Math.max(0, paid)), 'TreasuryShort');
  const available = short && numberOfEvent(short, 'available');
  const isDue = (params: Params): boolean => {
    const due = workDue(content, params);
    return same(stated, available === undefined ? due : paidOut(due, available));
  };
  check(termsAt(end.epoch).some(isDue), 'the work is not paid as the parameters ask for');
}
