/** A verification report for people and for machines. */
import { AUDIT_STEPS, type AuditReport, type AuditStep } from '@dao-gov/node/audit';
import { bold, dim, green, red, table } from '../lib/output.ts';

export type Language = 'en' | 'zh' | 'both';

/** What each step proves, for somebody who sees the table for the first time. */
const MEANING: Readonly<Record<AuditStep, string>> = {
  parse: 'the file is a bundle, byte for byte',
  genesis: 'it is about the chain of your genesis file',
  headers: 'one header for each block referred to',
  validators: 'who may certify blocks, from the genesis on',
  finality: 'a quorum of validators signed each block',
  origin: 'the chain began with your genesis file',
  signatures: 'each transaction was signed by its sender',
  inclusion: 'transactions and receipts stand in those blocks',
  evidence: 'all evidence is here, unchanged',
  state: 'the records stand in the certified state',
  procedure: 'every step was performed, in order',
  votes: 'each vote is what its voter signed',
  outcome: 'the votes give the recorded decision',
  challenge: 'each challenge came in time, with new evidence and an equal bond',
  verification: 'each report of the outcome is signed, with its measurement',
  settlement: 'stakes, fines and payments agree with it, to the token',
  release: 'nothing was let go before its time, nor paid to somebody else',
  verdict: 'the verdict follows from all this',
};

/** Details quote the file under test: nothing in it may steer the terminal. */
const plain = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]+/gu, ' ');

/** The table of steps; those after a failed one were not looked at. */
function stepTable({ steps }: AuditReport): string {
  const results = new Map(steps.map((result) => [result.step, result]));
  const rows = AUDIT_STEPS.map((step) => {
    const result = results.get(step);
    if (result === undefined) return [dim('–'), dim(step), dim(MEANING[step]), dim('not checked')];
    return [result.ok ? green('✓') : red('✗'), step, MEANING[step], plain(result.detail)];
  });
  return table([['', 'step', 'proves that', 'result'], ...rows]);
}

/** Table and conclusion. */
export function stepsText(report: AuditReport): string {
  const conclusion = report.ok
    ? green('VERIFIED: every check holds, from the genesis file alone.')
    : red(`NOT VERIFIED: the check "${report.failedStep}" does not hold. Nothing in this bundle should be relied on.`);
  return `${stepTable(report)}\n\n${conclusion}`;
}

/** Table, conclusion and, of a bundle that holds, the judgment. */
export function reportText(report: AuditReport, language: Language): string {
  const { verdict } = report;
  const judgments = verdict
    ? (['en', 'zh'] as const)
        .filter((one) => language === 'both' || language === one)
        .map((one) => verdict.judgment[one])
    : [];
  return [stepsText(report), ...judgments.map((judgment) => `${bold('JUDGMENT')}\n${judgment}`)].join('\n\n');
}

/** The last line of `--json`. */
export const reportJson = ({ ok, steps, failedStep }: AuditReport) => ({
  ok,
  steps: steps.map(({ step, ok: holds }) => ({ step, ok: holds })),
  ...(failedStep && { failedStep }),
});
