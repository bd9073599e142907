/**
 * Simplex consensus (Chan and Pass, "Simplex Consensus: A Simple and Fast Consensus Protocol", TCC 2023), as a
 * function: `step(state, input, now) -> effects`. No clock, no randomness, no await. The state is changed in place and
 * belongs to the caller; given the same inputs at the same times, two cores do the same.
 *
 * Views 1, 2, ... each have a leader. Messages are votes (notarize, nullify, finalize) and quorums of them, where a
 * quorum is strictly more than two thirds of the epoch's power.
 *  - The leader proposes a block on the newest notarized one. A validator notarizes the first valid proposal of a view.
 *  - A validator whose timer fires nullifies the view.
 *  - A notarization or a nullification of view v leads into v+1; with a notarization, a validator that has not
 *    nullified v sends finalize(v). A quorum of finalize makes the block and its ancestors final.
 *
 * Safety rests on one rule: no honest validator sends both nullify(v) and finalize(v). A finalized block's view
 * therefore has no nullification, so no later block can be founded on skipping it, and two blocks cannot both be
 * notarized in one view, because two quorums share an honest validator and it notarizes once. Every own vote is logged
 * and synced before it leaves, so a crash breaks neither.
 *
 * Epochs. A core runs one epoch: its validators, from the block that ended the epoch before (the anchor) to the block of
 * height `lastHeight`, the boundary B. Which validators follow is part of the state after B, so nobody can certify a
 * block above B before B is final; but B may be notarized in a view that does not finalize it. Until B is final, leaders
 * of the same epoch therefore propose *tails* above it: empty blocks that execute nothing and name no validators.
 * A finalized tail makes B final as any descendant does, and is then thrown away: a header is of the chain only if it
 * names the validators of its epoch. Once B is final the core is closed, and the next epoch's begins with B as its
 * anchor; its views go on from B's.
 *
 * Why that is safe: within an epoch, tails are blocks like all others, so all finalized blocks of it lie on one chain,
 * and there is one B in that chain. Every core of the next epoch has that anchor and that set, because the set is a
 * function of the state after B; by induction from genesis there is one chain. A vote names its epoch in what is signed,
 * so votes of the views that both epochs have (those of tails) are never counted for each other. A validator runs one
 * core at a time, the one that its newest final block says, and never returns to an earlier one: what it signed in an
 * epoch that has ended can be forgotten. Why it is live: whoever has B final tells those who still nullify views of the
 * epoch, and they need nothing else from it.
 *
 * Deviations from the paper, and why they are safe:
 *  - Timers start with a reason (see `pacing.ts`), not on entering a view. Timing is never part of the safety argument;
 *    liveness is kept because every reason reaches all honest validators or is a clock's.
 *  - Timers are those configured or longer, by what leaders were seen to take (see `patience.ts`): a bounded factor, so
 *    they still end, and a bound on the network's delay that the paper assumes is met by more networks.
 *  - A block of many transactions is followed by a pause (see `pacing.ts`). It delays the reason, for everyone alike.
 *  - A silent leader's view is nullified at once: nullifying early is always allowed before finalize.
 *  - A validator joins a nullify that more than one third of the power has sent, for the same reason.
 *  - An invalid proposal is answered with nullify instead of waiting for the timer.
 *  - No dummy blocks: a nullification takes their place, and a block names its parent by hash and view.
 *  - A straggler that resends nullify of a past view is sent the certificate that led out of it.
 *  - Certificates are read as votes too, so that a validator that told others something else is found out.
 */
import { headerHash } from '../protocol/hashing.ts';
import { honestPower, quorumPower } from '../protocol/power.ts';
import type { Block, Vote } from '../protocol/types.ts';
import type { ConsensusMessage } from '../protocol/wire.ts';
import { leaderCycle } from './leader.ts';
import { nextWake, nullifyAt, resendAt } from './pacing.ts';
import { consider, onBuilt, onProposal, onValidated } from './proposals.ts';
import { isClosed, prune, roundOf } from './rounds.ts';
import type { Anchor, ConsensusConfig, ConsensusState, Effect, Input, LogRecord, Round } from './types.ts';
import { type Context, enterView, nullify, onCertificate, onVote } from './votes.ts';

/** Heartbeat that holds until the host has said what the chain's is. */
const HEARTBEAT_MS_UNTIL_TOLD = 5_000;

export function createConsensus(config: ConsensusConfig, anchor: Anchor): ConsensusState {
  const { validators } = config.validators;
  const total = validators.reduce((sum, { power }) => sum + power, 0);
  return {
    config,
    cycle: leaderCycle(validators),
    quorum: quorumPower(total),
    honest: honestPower(total),
    anchor,
    view: anchor.view + 1,
    enteredAtMs: 0,
    pauseMs: 0,
    entry: null,
    rounds: new Map(),
    blocks: new Map(),
    activity: validators.map(() => ({ signedView: 0, missedView: 0 })),
    unlinked: null,
    pendingSinceMs: null,
    heartbeatMs: HEARTBEAT_MS_UNTIL_TOLD,
    progressAtMs: 0,
    resentAtMs: 0,
    promptness: { meanMs: 0, deviationMs: 0 },
    asked: new Map(),
  };
}

/** Puts the log's records back, before `start`. What lies below the anchor is obsolete and left out. */
export function restore(state: ConsensusState, records: readonly LogRecord[]): void {
  for (const record of records) {
    if (record.type === 'block') {
      const { epoch, height } = record.block.header;
      if (epoch === state.config.epoch && height > state.anchor.height) {
        state.blocks.set(headerHash(record.block.header), record.block);
      }
      continue;
    }
    const subject = record.type === 'vote' ? record.vote : record.certificate;
    if (subject.epoch !== state.config.epoch || subject.view <= state.anchor.view) continue;
    const round = roundOf(state, subject.view);
    if (record.type === 'vote') round.own[record.vote.kind] = record.vote;
    else if (record.certificate.kind === 'notarize') round.notarization = record.certificate;
    else if (record.certificate.kind === 'nullify') round.nullification = record.certificate;
    if (record.type === 'certificate' && subject.view >= state.view) {
      state.view = subject.view + 1;
      state.entry = record.certificate;
    }
  }
}

/** The records that a log must still hold: everything above the anchor. */
export function liveRecords(state: ConsensusState): readonly LogRecord[] {
  const records: LogRecord[] = [];
  for (const block of state.blocks.values()) records.push({ type: 'block', block });
  for (const round of [...state.rounds.values()].sort((a, b) => a.view - b.view)) {
    for (const vote of Object.values(round.own)) if (vote) records.push({ type: 'vote', vote });
    for (const certificate of [round.notarization, round.nullification]) {
      if (certificate) records.push({ type: 'certificate', certificate });
    }
  }
  return records;
}

/** One input, all its effects in the order in which they must be performed. */
export function step(state: ConsensusState, input: Input, nowMs: number): readonly Effect[] {
  const context: Context = { state, nowMs, out: [] };
  if (!isClosed(state)) handle(context, input);
  if (isClosed(state)) return context.out;
  consider(context);
  const wake = nextWake(state, nowMs);
  if (Number.isFinite(wake)) context.out.push({ type: 'wake', atMs: wake });
  return context.out;
}

function handle(context: Context, input: Input): void {
  switch (input.type) {
    case 'start':
      return onStart(context);
    case 'tick':
      return onTick(context);
    case 'message':
      return onMessage(context, input.from, input.message);
    case 'work':
      return onWork(context, input.pending, input.heartbeatMs);
    case 'built':
      return onBuilt(context, input.view, input.block);
    case 'validated':
      return onValidated(context, input.hash, input.valid);
    case 'block':
      return onBlock(context, input.block);
    case 'synced':
      return onSynced(context, input.anchor);
  }
}

function onMessage(context: Context, from: number | null, message: ConsensusMessage): void {
  switch (message.type) {
    case 'vote':
      return onVote(context, from, message.vote);
    case 'proposal':
      return onProposal(context, message.block, message.vote);
    case 'certificate':
      return onCertificate(context, message.certificate);
  }
}

/** Enters the restored view and tells the others where this node stands; they may all have been down. */
function onStart(context: Context): void {
  const { state, nowMs } = context;
  state.progressAtMs = nowMs;
  state.resentAtMs = nowMs;
  for (const round of state.rounds.values()) {
    for (const vote of Object.values(round.own)) if (vote) countOwn(context, vote);
    restoreProposal(context, round);
  }
  resend(context);
  enterView(state, state.view, nowMs);
}

/** A leader that went down after it proposed offers the same block again, never another. */
function restoreProposal({ state, nowMs }: Context, round: Round): void {
  const vote = round.own.notarize;
  const block = vote ? state.blocks.get(vote.block) : undefined;
  if (!vote || !block || round.leader !== state.config.self) return;
  round.proposal = { hash: vote.block, block, vote, receivedAtMs: nowMs, status: 'valid' };
}

/** A restored vote counts again; it is neither logged nor judged a second time. */
function countOwn({ state }: Context, vote: Vote): void {
  const round = roundOf(state, vote.view);
  if (vote.kind === 'nullify') round.nullifies.set(vote.validator, vote);
  else {
    const byBlock = vote.kind === 'notarize' ? round.notarizes : round.finalizes;
    byBlock.set(vote.block, (byBlock.get(vote.block) ?? new Map()).set(vote.validator, vote));
  }
}

function onTick(context: Context): void {
  const { state, nowMs } = context;
  const round = roundOf(state, state.view);
  if (state.config.self === null) return;
  if (round.own.nullify) {
    if (nowMs >= resendAt(state)) resend(context);
  } else if (nowMs >= nullifyAt(state, round)) {
    nullify(context);
  }
}

/** Everything that can help the current view to end: what led into it, and the own votes in it. */
function resend({ state, nowMs, out }: Context): void {
  state.resentAtMs = nowMs;
  if (state.entry) out.push({ type: 'broadcast', message: { type: 'certificate', certificate: state.entry } });
  const round = state.rounds.get(state.view);
  if (!round) return;
  const { proposal, own } = round;
  if (proposal && own.notarize && round.leader === state.config.self) {
    out.push({ type: 'broadcast', message: { type: 'proposal', block: proposal.block, vote: proposal.vote } });
  }
  for (const vote of Object.values(own)) if (vote) out.push({ type: 'broadcast', message: { type: 'vote', vote } });
}

function onWork(context: Context, pending: boolean, heartbeatMs: number): void {
  const { state, nowMs } = context;
  state.heartbeatMs = heartbeatMs;
  if (!pending) state.pendingSinceMs = null;
  else state.pendingSinceMs ??= nowMs;
}

/** A fetched body: known by its hash, so whoever asked can go on. */
function onBlock(context: Context, block: Block): void {
  const { state } = context;
  if (block.header.epoch !== state.config.epoch || block.header.height <= state.anchor.height) return;
  state.blocks.set(headerHash(block.header), block);
  const unlinked = state.unlinked;
  state.unlinked = null;
  if (unlinked) onCertificate(context, unlinked);
}

function onSynced(context: Context, anchor: Anchor): void {
  const { state, nowMs } = context;
  if (anchor.height <= state.anchor.height) return;
  state.anchor = anchor;
  const unlinked = state.unlinked;
  prune(state);
  if (anchor.view >= state.view) {
    state.entry = null;
    enterView(state, anchor.view + 1, nowMs);
  }
  if (unlinked && unlinked.view > anchor.view) {
    state.unlinked = null;
    onCertificate(context, unlinked);
  }
}
