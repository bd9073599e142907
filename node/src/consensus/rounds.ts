/** The table of views: creation, chain of parents, pruning. */
import type { Block, Certificate, Hash } from '../protocol/types.ts';
import { isTail } from '../protocol/validator-set.ts';
import { leaderOf } from './leader.ts';
import type { ConsensusState, Round } from './types.ts';

/** Views ahead of the current one for which votes are kept; certificates are accepted at any distance. */
export const VIEWS_AHEAD_MAX = 64;

export function roundOf(state: ConsensusState, view: number): Round {
  const known = state.rounds.get(view);
  if (known) return known;
  const round: Round = {
    view,
    leader: leaderOf(state.cycle, state.config.epoch, view),
    proposal: null,
    notarizes: new Map(),
    finalizes: new Map(),
    nullifies: new Map(),
    notarization: null,
    nullification: null,
    own: { notarize: null, nullify: null, finalize: null },
    accused: new Set(),
    buildAsked: false,
    dueAtMs: null,
  };
  state.rounds.set(view, round);
  return round;
}

/** What stands between a view and a parent that it may build on. */
export type ParentSearch =
  | { readonly type: 'found'; readonly view: number; readonly hash: Hash }
  /** Neither notarization nor nullification of this view is held. */
  | { readonly type: 'missing'; readonly view: number };

/** The newest notarized block below `view` with every view between nullified, or the anchor. */
export function parentFor(state: ConsensusState, view: number): ParentSearch {
  for (let below = view - 1; below > state.anchor.view; below -= 1) {
    const round = state.rounds.get(below);
    if (round?.notarization) return { type: 'found', view: below, hash: round.notarization.block };
    if (!round?.nullification) return { type: 'missing', view: below };
  }
  return { type: 'found', view: state.anchor.view, hash: state.anchor.hash };
}

export type ParentCheck =
  | 'ok'
  | 'wrong'
  | { readonly missingBody: Hash }
  | { readonly missingFrom: number; readonly missingTo: number };

/** Tells whether a block may stand on its parent: parent notarized (or the anchor), every view between nullified, and all bodies at hand. */
export function checkParent(state: ConsensusState, block: Block): ParentCheck {
  const { parentHash, view, height } = block.header;
  const parent = parentHash === state.anchor.hash ? state.anchor : state.blocks.get(parentHash)?.header;
  if (!parent) return height <= state.anchor.height + 1 ? 'wrong' : { missingBody: parentHash };
  if (height !== parent.height + 1 || view <= parent.view) return 'wrong';
  if (isTail(block.header) !== height > state.config.lastHeight) return 'wrong';
  const body = missingBody(state, parentHash);
  if (body !== undefined) return { missingBody: body };
  let from = 0;
  let to = 0;
  const miss = (at: number): void => {
    from = from === 0 ? at : Math.min(from, at);
    to = Math.max(to, at);
  };
  if (parent !== state.anchor && state.rounds.get(parent.view)?.notarization?.block !== parentHash) miss(parent.view);
  for (let between = parent.view + 1; between < view; between += 1) {
    if (!state.rounds.get(between)?.nullification) miss(between);
  }
  return from === 0 ? 'ok' : { missingFrom: from, missingTo: to };
}

/** The newest body that is missing between the anchor and `hash`, which may be that of `hash` itself. */
export function missingBody(state: ConsensusState, hash: Hash): Hash | undefined {
  for (let at = hash; at !== state.anchor.hash; ) {
    const block = state.blocks.get(at);
    if (!block) return at;
    if (block.header.height <= state.anchor.height) return undefined;
    at = block.header.parentHash;
  }
  return undefined;
}

/** The blocks after the anchor up to `hash`, oldest first; undefined while a body is missing. */
export function linkToAnchor(state: ConsensusState, hash: Hash): readonly Block[] | undefined {
  const chain: Block[] = [];
  for (let at = hash; at !== state.anchor.hash; ) {
    const block = state.blocks.get(at);
    if (!block || block.header.height <= state.anchor.height) return undefined;
    chain.push(block);
    at = block.header.parentHash;
  }
  return chain.reverse();
}

/** True once the epoch's last block is final: this core has done its work, and the next epoch's takes over. */
export const isClosed = ({ anchor, config }: Pick<ConsensusState, 'anchor' | 'config'>): boolean =>
  anchor.height >= config.lastHeight;

/** Whether the current view's block would be a tail. False while the parent's body is missing. */
export function wantsTail(state: ConsensusState): boolean {
  const parent = parentFor(state, state.view);
  if (parent.type === 'missing') return false;
  const height = parent.hash === state.anchor.hash ? state.anchor.height : state.blocks.get(parent.hash)?.header.height;
  return height !== undefined && height >= state.config.lastHeight;
}

/** Forgets what finality made obsolete. */
export function prune(state: ConsensusState): void {
  for (const view of state.rounds.keys()) if (view <= state.anchor.view) state.rounds.delete(view);
  for (const [hash, block] of state.blocks) if (block.header.height <= state.anchor.height) state.blocks.delete(hash);
  if (state.unlinked && state.unlinked.view <= state.anchor.view) state.unlinked = null;
}

export const holdsCertificate = (round: Round, certificate: Certificate): boolean =>
  (certificate.kind === 'notarize' && round.notarization !== null) ||
  (certificate.kind === 'nullify' && round.nullification !== null);
