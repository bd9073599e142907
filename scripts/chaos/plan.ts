/** What is done to the nodes, one perturbation after the other. */

export const KINDS = ['kill', 'pause', 'disconnect', 'restart'] as const;
export type Kind = (typeof KINDS)[number];

export interface Perturbation {
  readonly kind: Kind;
  readonly nodes: readonly number[];
  /** Milliseconds until the nodes are let go; 0 where they are started again at once. */
  readonly holdMs: number;
}

/** Milliseconds that killed nodes stay away: the others have to skip their turns meanwhile. */
export const KILLED_MS = 3_000;
export const PAUSED_MS = 10_000;
export const DISCONNECTED_MS = 10_000;

const HOLD_MS: Readonly<Record<Kind, number>> = {
  kill: KILLED_MS,
  pause: PAUSED_MS,
  disconnect: DISCONNECTED_MS,
  restart: 0,
};

/**
 * Every kind on one node, then on two, then all nodes killed and started again at once. The nodes take turns, so that
 * every agent and every leader is hit.
 */
export function chaosPlan(nodes: readonly number[], kinds: readonly Kind[] = KINDS): readonly Perturbation[] {
  let turn = 1;
  const next = (): number => nodes[turn++ % nodes.length] ?? 1;
  const few = [1, 2].flatMap((count) =>
    kinds.map((kind) => ({ kind, nodes: Array.from({ length: count }, next), holdMs: HOLD_MS[kind] })),
  );
  return [...few, { kind: 'kill', nodes, holdMs: 0 }];
}
