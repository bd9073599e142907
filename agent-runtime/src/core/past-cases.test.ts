import type { IncidentRecord, OutcomeReport } from '@dao-gov/node/protocol';
import { testParams } from '@dao-gov/node/testing';
import { expect, test } from 'vitest';
import { PAST_CASES_CITED_MAX } from './constants.ts';
import { pastCases } from './past-cases.ts';

const CAUSE = { incidentId: 'INC-0009', rootCause: 'db', faultKind: 'latency' };

const incidentWith = (incidentId: string, changes: Partial<IncidentRecord>): IncidentRecord => ({
  ...{ incidentId, alertId: '', title: '', priority: 'P2', state: 'Finalized', openedAtMs: 0, stepOpenedAtMs: 0 },
  ...{ alert: { node: 'web', metric: 'latency', atMs: 0, source: 'capture' }, stepDue: '', scope: [], steps: [] },
  ...{ round: 1, proposalId: '', proposals: [], rootCause: 'db', faultKind: 'latency', challengeEndsAtMs: 0 },
  ...{ closedAtMs: 0, challenges: [], outcomeReports: [], ...changes },
});

const report = (recovered: boolean, round = 1): OutcomeReport => ({
  ...{ by: '', round, recovered, metrics: '', atMs: 0, transaction: '', gasPaid: 0 },
});

const casesAmong = (incidents: readonly IncidentRecord[]) =>
  pastCases({ recentIncidents: async (limit) => incidents.slice(0, limit) }, CAUSE, testParams);

test('the same service and kind comes first, then the service, then the kind; nothing else', async () => {
  const cases = await casesAmong([
    incidentWith('INC-0009', {}),
    incidentWith('INC-0008', { rootCause: 'cache' }),
    incidentWith('INC-0007', { rootCause: 'cache', faultKind: 'errors' }),
    incidentWith('INC-0006', { faultKind: 'errors' }),
    incidentWith('INC-0005', {}),
  ]);
  expect(cases.map(({ incidentId }) => incidentId)).toEqual(['INC-0005', 'INC-0006', 'INC-0008']);
});

test('only finalized incidents are cases, and an unknown kind is like no other', async () => {
  expect(await casesAmong([incidentWith('INC-0008', { state: 'Solution' })])).toEqual([]);
  expect(await casesAmong([incidentWith('INC-0008', { state: 'Inconclusive' })])).toEqual([]);
  const unknown = { ...CAUSE, faultKind: 'unknown' };
  const ledger = { recentIncidents: async () => [incidentWith('INC-0008', { rootCause: 'x', faultKind: 'unknown' })] };
  expect(await pastCases(ledger, unknown, testParams)).toEqual([]);
});

test('a recovery that enough agents measured is told from one that was only not refuted', async () => {
  const outcomes = await casesAmong([
    incidentWith('INC-0008', { outcomeReports: [report(true), report(true)] }),
    incidentWith('INC-0007', { outcomeReports: [report(true), report(false)] }),
    incidentWith('INC-0006', { outcomeReports: [report(true), report(true)], round: 2 }),
  ]);
  expect(outcomes.map(({ outcome }) => outcome)).toEqual(['verified', 'stood', 'stood']);
});

test('a few are cited, the newest of those alike', async () => {
  const many = Array.from({ length: 9 }, (_, index) => incidentWith(`INC-00${20 - index}`, {}));
  const cases = await casesAmong(many);
  expect(cases.map(({ incidentId }) => incidentId)).toEqual(
    many.slice(0, PAST_CASES_CITED_MAX).map(({ incidentId }) => incidentId),
  );
});
