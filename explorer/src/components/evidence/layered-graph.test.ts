import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CallEdge, layeredGraph } from './layered-graph.ts';

const calls = (...pairs: readonly string[]): readonly CallEdge[] =>
  pairs.map((pair) => {
    const [caller = '', callee = ''] = pair.split('>');
    return { caller, callee };
  });

const layersOf = (nodes: readonly string[], edges: readonly CallEdge[], start?: readonly string[]) =>
  Object.fromEntries(layeredGraph(nodes, edges, start).nodes.map(({ node, layer }) => [node, layer]));

describe('layers', () => {
  test('stand callers left of callees, by the longest way', () => {
    expect(layersOf(['web', 'buy', 'food', 'db'], calls('web>buy', 'buy>food', 'food>db', 'web>db'))).toEqual({
      web: 0,
      buy: 1,
      food: 2,
      db: 3,
    });
  });

  test('survive circles, and start them where the walk starts', () => {
    expect(layersOf(['a', 'b', 'c'], calls('a>b', 'b>c', 'c>a'), ['b'])).toEqual({ b: 0, c: 1, a: 2 });
    expect(layersOf(['a'], calls('a>a'))).toEqual({ a: 0 });
  });

  test('ignore calls of nodes that are not in the graph', () => {
    expect(layersOf(['a', 'b'], calls('a>b', 'a>gone', 'gone>b'))).toEqual({ a: 0, b: 1 });
  });

  test('of nothing are none', () => {
    expect(layeredGraph([], [])).toEqual({ nodes: [], layers: 0, rows: 0 });
  });
});

test('rows untangle what need not cross', () => {
  const { nodes } = layeredGraph(['a', 'b', 'x', 'y'], calls('a>y', 'b>x'));
  const row = new Map(nodes.map((node) => [node.node, node.row]));
  expect((row.get('a') ?? 0) < (row.get('b') ?? 0)).toBe((row.get('y') ?? 0) < (row.get('x') ?? 0));
});

test('every node gets a place of its own, whatever the graph', () => {
  const name = fc.constantFrom(...'abcdefgh');
  fc.assert(
    fc.property(fc.uniqueArray(name), fc.array(fc.record({ caller: name, callee: name })), (nodes, edges) => {
      const placed = layeredGraph(nodes, edges).nodes;
      expect(placed.map(({ node }) => node).toSorted()).toEqual(nodes.toSorted());
      expect(new Set(placed.map(({ layer, row }) => `${layer} ${row}`)).size).toBe(nodes.length);
    }),
  );
});
