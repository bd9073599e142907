import { describe, expect, it } from 'vitest';
import { chaosPlan, KINDS } from './plan.ts';

const NODES = [1, 2, 3, 4, 5, 6, 7];

describe('the plan', () => {
  const plan = chaosPlan(NODES);

  it('does everything to one node and to two, and at last kills all at once', () => {
    expect(plan.map(({ kind, nodes }) => [kind, nodes.length])).toEqual([
      ...KINDS.map((kind) => [kind, 1]),
      ...KINDS.map((kind) => [kind, 2]),
      ['kill', 7],
    ]);
  });

  it('never perturbs a node twice at once, and each of them before the end', () => {
    for (const { nodes } of plan) expect(new Set(nodes).size).toBe(nodes.length);
    expect(new Set(plan.slice(0, -1).flatMap(({ nodes }) => nodes))).toEqual(new Set(NODES));
  });

  it('holds with some kinds only', () => {
    expect(chaosPlan(NODES, ['pause']).map(({ kind }) => kind)).toEqual(['pause', 'pause', 'kill']);
  });
});
