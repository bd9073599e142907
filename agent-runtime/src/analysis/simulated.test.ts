/** The engine on simulated systems of known cause: every kind of fault, with and without traces, and none at all. */
import { describe, expect, test } from 'vitest';
import { analyse } from './analyse.ts';
import { SIMULATED_FAULTS, type SimulatedFault, simulate } from './testing/simulated-system.ts';

const SEEDS = [201, 202, 203, 204, 205, 206];

function rightOf(fault: SimulatedFault, traces: boolean, metrics: boolean): number {
  return SEEDS.filter((seed) => {
    const { capture, rootCause, alternatives } = simulate({ seed, fault, traces, logs: traces });
    const { verdict, candidates } = analyse(metrics ? capture : { ...capture, metrics: [] });
    if (rootCause === null) return verdict === 'not-enough-evidence';
    const named = candidates[0]?.node ?? '';
    return verdict === 'root-cause' && [rootCause, ...alternatives].includes(named);
  }).length;
}

describe('by metrics alone', () => {
  test.each(SIMULATED_FAULTS)('%s', (fault) => {
    expect(rightOf(fault, false, true)).toBeGreaterThanOrEqual(SEEDS.length - 1);
  });
});

describe('by spans and logs alone', () => {
  // What a surge or a crash does to the rest of the system hides it from spans of the rest.
  test.each(['latency', 'errors', 'saturation', 'network'] as const)('%s', (fault) => {
    // Two traces in half a minute are a thin sample.
    expect(rightOf(fault, true, false)).toBeGreaterThanOrEqual(SEEDS.length - 2);
  });
});

test.each(['cpu', 'memory', 'saturation', 'errors', 'latency', 'crash', 'load'] as const)(
  'the kind of fault: %s',
  (fault) => {
    const kinds = SEEDS.map((seed) => analyse(simulate({ seed, fault }).capture).candidates[0]?.faultKind);
    expect(kinds.filter((kind) => kind === fault).length).toBeGreaterThanOrEqual(SEEDS.length - 2);
  },
);

test('without a call graph the cause is still among the first', () => {
  const { capture, rootCause } = simulate({ seed: 201, fault: 'cpu' });
  const { candidates } = analyse({ ...capture, topology: { nodes: [], edges: [] } });
  expect(candidates.slice(0, 3).map(({ node }) => node)).toContain(rootCause);
});
