import { expect, test } from 'vitest';
import { evidenceEntries } from './step-evidence.ts';

test('the first blob is the product of the step, the others are transcripts', () => {
  expect(evidenceEntries({ step: 'submit_fault_web', evidence: ['web', 'mind'] })).toEqual([
    { hash: 'web', kind: 'fault_web' },
    { hash: 'mind', kind: 'transcript' },
  ]);
});

test('steps without evidence have no entries', () => {
  expect(evidenceEntries({ step: 'triage', evidence: [] })).toEqual([]);
});
