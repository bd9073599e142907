/** Leading a view, and judging what a leader proposes. */
import { headerHash } from '../protocol/hashing.ts';
import type { Block, Vote } from '../protocol/types.ts';
import { noteLeader, reasonAt } from './pacing.ts';
import { checkParent, missingBody, parentFor, roundOf, VIEWS_AHEAD_MAX } from './rounds.ts';
import type { Proposal } from './types.ts';
import {
  accuse,
  askedLately,
  type Context,
  conflictOf,
  count,
  fetchBlock,
  nullify,
  release,
  signVote,
} from './votes.ts';

/** Looks at the current view: leads when it is this node's turn, judges a proposal that had to wait. */
export function consider(context: Context): void {
  lead(context);
  const proposal = context.state.rounds.get(context.state.view)?.proposal;
  if (proposal?.status === 'waiting') judge(context, proposal);
}

/** Asks the host for a block once there is a reason for one. */
function lead(context: Context): void {
  const { state, nowMs, out } = context;
  const { view } = state;
  const round = roundOf(state, view);
  if (round.leader !== state.config.self || round.buildAsked) return;
  if (round.own.nullify || round.own.notarize || nowMs < reasonAt(state)) return;
  const parent = parentFor(state, view);
  if (parent.type === 'missing') {
    if (!askedLately(state, `view/${parent.view}`, nowMs)) {
      out.push({ type: 'fetchCertificates', fromView: state.anchor.view + 1, toView: view - 1, from: null });
    }
    return;
  }
  const missing = missingBody(state, parent.hash);
  if (missing !== undefined) {
    fetchBlock(context, missing, null);
    return;
  }
  round.buildAsked = true;
  out.push({ type: 'build', view, parent: parent.hash });
}

/** The block that the host built: logged with the own notarize vote, then proposed. Too late is too late. */
export function onBuilt(context: Context, view: number, block: Block): void {
  const { state, nowMs, out } = context;
  const round = roundOf(state, view);
  if (view !== state.view || round.own.nullify || round.own.notarize) return;
  // Asked for by the core of the epoch before, which has ended since.
  if (!round.buildAsked || block.header.epoch !== state.config.epoch) return;
  const hash = headerHash(block.header);
  const vote = signVote(state, 'notarize', view, hash);
  round.proposal = { hash, block, vote, receivedAtMs: nowMs, status: 'valid' };
  round.own.notarize = vote;
  state.blocks.set(hash, block);
  out.push({
    type: 'persist',
    records: [
      { type: 'block', block },
      { type: 'vote', vote },
    ],
  });
  out.push({ type: 'broadcast', message: { type: 'proposal', block, vote } });
  count(context, vote);
}

/** A proposal of a peer. The leader's notarize vote authenticates it; the first one counts, a second is evidence. */
export function onProposal(context: Context, block: Block, vote: Vote): void {
  const { state, nowMs } = context;
  const { header } = block;
  const { epoch, validators } = state.config;
  if (header.epoch !== epoch || header.view <= state.anchor.view || header.view > state.view + VIEWS_AHEAD_MAX) return;
  const round = roundOf(state, header.view);
  if (vote.kind !== 'notarize' || vote.epoch !== epoch || vote.view !== header.view) return;
  if (vote.validator !== round.leader || header.proposer !== validators.validators[round.leader]?.key) return;
  const hash = headerHash(header);
  if (vote.block !== hash || round.proposal?.hash === hash) return;
  if (!state.config.verify(vote, vote.validator, vote.signature)) return;
  if (round.proposal) return accuse(context, round, round.proposal.vote, vote);
  // A vote of the leader's for another block may have come alone and before.
  const other = conflictOf(round, vote);
  if (other) accuse(context, round, other, vote);
  noteLeader(state, round, nowMs);
  round.proposal = { hash, block, vote, receivedAtMs: nowMs, status: 'waiting' };
  state.blocks.set(hash, block);
  count(context, vote);
}

/** Checks the ancestry, fetches what is missing, and hands a well-founded block to the host for execution. */
function judge(context: Context, proposal: Proposal): void {
  const { state, nowMs, out } = context;
  const round = roundOf(state, proposal.block.header.view);
  if (round.own.notarize || round.own.nullify || state.config.self === null) return;
  const parent = checkParent(state, proposal.block);
  if (parent === 'wrong') {
    proposal.status = 'invalid';
    nullify(context);
  } else if (parent === 'ok') {
    proposal.status = 'checking';
    out.push({ type: 'validate', block: proposal.block, hash: proposal.hash, from: round.leader });
  } else if ('missingBody' in parent) {
    fetchBlock(context, parent.missingBody, round.leader);
  } else if (!askedLately(state, `view/${parent.missingFrom}`, nowMs)) {
    out.push({
      type: 'fetchCertificates',
      fromView: parent.missingFrom,
      toView: parent.missingTo,
      from: round.leader,
    });
  }
}

/** The host's verdict on a block. */
export function onValidated(context: Context, hash: string, valid: boolean): void {
  const { state } = context;
  const round = [...state.rounds.values()].find(({ proposal }) => proposal?.hash === hash);
  if (round?.proposal?.status !== 'checking') return;
  round.proposal.status = valid ? 'valid' : 'invalid';
  if (round.view !== state.view || round.own.notarize || round.own.nullify) return;
  if (!valid) {
    nullify(context);
    return;
  }
  release(context, signVote(state, 'notarize', round.view, hash), [{ type: 'block', block: round.proposal.block }]);
}
