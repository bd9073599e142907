import { useId, useMemo } from 'react';
import styles from './graph-view.module.css';
import { type CallEdge, type LayeredGraph, layeredGraph } from './layered-graph.ts';

export interface GraphNode {
  readonly node: string;
  /** A short remark under the name. */
  readonly note: string;
  /** CSS colour of the frame. */
  readonly colour?: string | undefined;
  readonly strong?: boolean;
}

export interface GraphEdge extends CallEdge {
  /** 0..1, drawn as thickness. */
  readonly strength?: number;
  readonly hot?: boolean;
}

/** Lengths in pixels. */
const NODE = { width: 172, height: 46 } as const;
const GAP = { x: 56, y: 16 } as const;
const MARGIN = 10;
/** Part of its natural size to which a graph may shrink to fit; below that it scrolls, because nobody could read it. */
const SHRINK_MIN = 0.75;
const NAME_CHARACTERS_MAX = 21;

const shorten = (name: string): string =>
  name.length <= NAME_CHARACTERS_MAX ? name : `${name.slice(0, NAME_CHARACTERS_MAX - 1)}…`;

interface Place {
  readonly x: number;
  readonly y: number;
}

function placesOf({ nodes, rows }: LayeredGraph): ReadonlyMap<string, Place> {
  const inLayer = new Map<number, number>();
  for (const { layer } of nodes) inLayer.set(layer, (inLayer.get(layer) ?? 0) + 1);
  return new Map(
    nodes.map(({ node, layer, row }) => {
      const offset = (rows - (inLayer.get(layer) ?? rows)) / 2;
      return [
        node,
        {
          x: MARGIN + layer * (NODE.width + GAP.x),
          y: MARGIN + (row + offset) * (NODE.height + GAP.y),
        },
      ];
    }),
  );
}

/** A curve from the right side of one box to the left side of the other. */
function curve(from: Place, to: Place): string {
  const [x1, y1] = [from.x + NODE.width, from.y + NODE.height / 2];
  const [x2, y2] = [to.x - 5, to.y + NODE.height / 2];
  const bend = Math.max(GAP.x / 2, Math.abs(x2 - x1) / 2);
  return `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}`;
}

const NO_NODES: readonly string[] = [];

interface GraphViewProps {
  readonly label: string;
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly start?: readonly string[];
}

/** A call graph, callers left of callees. Whoever cannot see it reads the table that stands beside it. */
export function GraphView({ label, nodes, edges, start = NO_NODES }: GraphViewProps) {
  const id = useId();
  const graph = useMemo(
    () =>
      layeredGraph(
        nodes.map(({ node }) => node),
        edges,
        start,
      ),
    [nodes, edges, start],
  );
  const places = useMemo(() => placesOf(graph), [graph]);
  const width = 2 * MARGIN + graph.layers * (NODE.width + GAP.x) - GAP.x;
  const height = 2 * MARGIN + graph.rows * (NODE.height + GAP.y) - GAP.y;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={label}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        style={{ width, minWidth: width * SHRINK_MIN }}
        role="img"
        aria-label={label}
      >
        <defs>
          {(['cold', 'hot'] as const).map((kind) => (
            <marker
              key={kind}
              id={`${id}-${kind}`}
              viewBox="0 0 8 8"
              refX="6"
              refY="4"
              markerWidth="8"
              markerHeight="8"
              markerUnits="userSpaceOnUse"
              orient="auto"
            >
              <path className={kind === 'hot' ? `${styles.arrow} ${styles.hot}` : styles.arrow} d="M0,0 L8,4 L0,8 z" />
            </marker>
          ))}
        </defs>
        {edges.map((edge) => (
          <EdgeShape key={`${edge.caller} ${edge.callee}`} edge={edge} places={places} markers={id} />
        ))}
        {nodes.map((node) => {
          const place = places.get(node.node);
          return place && <NodeShape key={node.node} node={node} place={place} />;
        })}
      </svg>
    </section>
  );
}

interface EdgeShapeProps {
  readonly edge: GraphEdge;
  readonly places: ReadonlyMap<string, Place>;
  readonly markers: string;
}

function EdgeShape({ edge, places, markers }: EdgeShapeProps) {
  const [from, to] = [places.get(edge.caller), places.get(edge.callee)];
  if (!from || !to) return null;
  const look = [styles.edge, edge.hot && styles.hot, to.x <= from.x && styles.back].filter(Boolean).join(' ');
  return (
    <path
      className={look}
      d={curve(from, to)}
      style={edge.strength === undefined ? undefined : { strokeWidth: 1 + 3 * edge.strength }}
      markerEnd={`url(#${markers}-${edge.hot ? 'hot' : 'cold'})`}
    />
  );
}

function NodeShape({ node, place }: { readonly node: GraphNode; readonly place: Place }) {
  return (
    <g
      className={node.strong ? `${styles.node} ${styles.strong}` : styles.node}
      transform={`translate(${place.x} ${place.y})`}
      style={node.colour === undefined ? undefined : ({ '--node': node.colour } as React.CSSProperties)}
    >
      <title>{`${node.node}: ${node.note}`}</title>
      <rect width={NODE.width} height={NODE.height} rx={8} />
      <text className={styles.name} x={12} y={19}>
        {shorten(node.node)}
      </text>
      <text className={styles.note} x={12} y={36}>
        {node.note}
      </text>
    </g>
  );
}
