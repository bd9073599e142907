import { describe, expect, test } from 'vitest';
import { buildGraph, cheapestPredecessors, distancesFrom, pathTo, tidyEdges, visibleCallees } from './graph.ts';
import type { Edge } from './types.ts';

const edges = (...calls: readonly string[]): readonly Edge[] =>
  tidyEdges(calls.map((call) => ({ caller: call[0] ?? '', callee: call[1] ?? '' })));

describe('call graph', () => {
  test('duplicates and self-calls are left out', () => {
    expect(edges('bc', 'ab', 'aa', 'ab')).toEqual([
      { caller: 'a', callee: 'b' },
      { caller: 'b', callee: 'c' },
    ]);
  });

  test('distances are the fewest calls, cycles included', () => {
    const graph = buildGraph(edges('ab', 'bc', 'ca', 'ac', 'xy'));
    expect(Object.fromEntries(distancesFrom(graph.callees, 'a'))).toEqual({ a: 0, b: 1, c: 1 });
  });

  test('a silent callee is looked through', () => {
    const graph = buildGraph(edges('as', 'sb', 'st', 'ts', 'tc', 'ta'));
    expect(visibleCallees(graph, 'a', (node) => node === 's' || node === 't')).toEqual(['b', 'c']);
  });

  test('the cheapest path avoids costly nodes, and an unreachable node has a path of its own only', () => {
    const graph = buildGraph(edges('ab', 'bz', 'ac', 'cd', 'dz', 'zq'));
    const before = cheapestPredecessors(graph, 'a', (node) => (node === 'b' ? 9 : 1));
    expect(pathTo(before, 'a', 'z')).toEqual(['a', 'c', 'd', 'z']);
    expect(pathTo(before, 'a', 'a')).toEqual(['a']);
    expect(pathTo(before, 'a', 'nowhere')).toEqual(['nowhere']);
  });
});
