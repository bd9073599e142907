/** Casting and counting votes, and what a quorum of them sets off. */
import { headerHash } from '../protocol/hashing.ts';
import { type Certificate, type Hash, type Vote, type VoteKind, ZERO_HASH } from '../protocol/types.ts';
import { leaderSilent, noteLeader, pauseAfter, reasonAt } from './pacing.ts';
import { certificateOf, powerOf, verifyCertificate } from './quorum.ts';
import { holdsCertificate, linkToAnchor, prune, roundOf, VIEWS_AHEAD_MAX } from './rounds.ts';
import type { ConsensusState, Effect, LogRecord, Round } from './types.ts';

/** Blocks of one view for which the votes of one validator are kept. Two prove its equivocation; the rest is noise. */
const EQUIVOCATION_BLOCKS_MAX = 4;

export interface Context {
  readonly state: ConsensusState;
  readonly nowMs: number;
  readonly out: Effect[];
}

/** Signs a vote, once. The caller persists it before it lets it go. */
export function signVote(state: ConsensusState, kind: VoteKind, view: number, block: Hash): Vote {
  const subject = { kind, epoch: state.config.epoch, view, block };
  return { ...subject, validator: state.config.self ?? 0, signature: state.config.sign(subject) };
}

/** Log before send: the record, then the message, then the count of the own vote. */
export function release(context: Context, vote: Vote, alsoRecords: readonly LogRecord[] = []): void {
  const round = roundOf(context.state, vote.view);
  round.own[vote.kind] = vote;
  context.out.push({ type: 'persist', records: [...alsoRecords, { type: 'vote', vote }] });
  context.out.push({ type: 'broadcast', message: { type: 'vote', vote } });
  count(context, vote);
}

/** Gives up on the current view. Never after a finalize vote of the same view. */
export function nullify(context: Context): void {
  const { state } = context;
  const round = roundOf(state, state.view);
  if (state.config.self === null || round.own.nullify || round.own.finalize) return;
  state.resentAtMs = context.nowMs;
  round.dueAtMs = reasonAt(state);
  release(context, signVote(state, 'nullify', state.view, ZERO_HASH));
}

/** The votes of one kind and subject. */
function tallyOf(round: Round, kind: VoteKind, block: Hash): Map<number, Vote> {
  if (kind === 'nullify') return round.nullifies;
  const byBlock = kind === 'notarize' ? round.notarizes : round.finalizes;
  const known = byBlock.get(block);
  if (known) return known;
  const tally = new Map<number, Vote>();
  byBlock.set(block, tally);
  return tally;
}

/** The same for looking only: what is not verified must leave nothing behind. */
function knownTally(round: Round, kind: VoteKind, block: Hash): ReadonlyMap<number, Vote> {
  if (kind === 'nullify') return round.nullifies;
  return (kind === 'notarize' ? round.notarizes : round.finalizes).get(block) ?? NO_VOTES;
}
const NO_VOTES: ReadonlyMap<number, Vote> = new Map();

/** True when this validator voted for so many blocks of one view that one more would only fill the memory. */
function votesTooMuch(round: Round, { kind, validator }: Vote): boolean {
  if (kind === 'nullify') return false;
  let blocks = 0;
  for (const tally of (kind === 'notarize' ? round.notarizes : round.finalizes).values()) {
    if (tally.has(validator)) blocks += 1;
  }
  return blocks >= EQUIVOCATION_BLOCKS_MAX;
}

/** A verified vote that no honest validator signs together with this one. */
export function conflictOf(round: Round, vote: Vote): Vote | undefined {
  const sameKind = vote.kind === 'notarize' ? round.notarizes : vote.kind === 'finalize' ? round.finalizes : undefined;
  for (const [block, tally] of sameKind ?? []) {
    const other = tally.get(vote.validator);
    if (block !== vote.block && other) return other;
  }
  if (vote.kind === 'finalize') return round.nullifies.get(vote.validator);
  if (vote.kind !== 'nullify') return undefined;
  for (const tally of round.finalizes.values()) {
    const other = tally.get(vote.validator);
    if (other) return other;
  }
  return undefined;
}

/** True when the vote can still change something, or tells that a silent validator is back. */
function worthVerifying(state: ConsensusState, round: Round, vote: Vote): boolean {
  const tally = knownTally(round, vote.kind, vote.block);
  if (tally.has(vote.validator)) return false;
  if (leaderSilent(state, vote.validator)) return true;
  if (vote.kind === 'notarize') return round.notarization === null;
  if (vote.kind === 'nullify') return round.nullification === null;
  return powerOf(state, tally.keys()) < state.quorum;
}

/** A vote of a peer: checked, counted, and answered when its sender is behind. */
export function onVote(context: Context, from: number | null, vote: Vote): void {
  const { state } = context;
  const { epoch, validators } = state.config;
  if (vote.epoch !== epoch || vote.validator >= validators.validators.length) return;
  if ((vote.block === ZERO_HASH) !== (vote.kind === 'nullify')) return;
  if (vote.view < state.view && vote.kind === 'nullify') helpStraggler(context, from);
  if (vote.view <= state.anchor.view || vote.view > state.view + VIEWS_AHEAD_MAX) return;
  const round = roundOf(state, vote.view);
  if (votesTooMuch(round, vote)) return;
  const other = conflictOf(round, vote);
  if (other && round.accused.has(vote.validator)) return;
  const wanted = other || worthVerifying(state, round, vote);
  if (!wanted || !state.config.verify(vote, vote.validator, vote.signature)) return;
  if (other) accuse(context, round, other, vote);
  count(context, vote);
}

/** Both votes are verified. Once a validator and view: one pair is proof enough. */
export function accuse({ out }: Context, round: Round, first: Vote, second: Vote): void {
  if (round.accused.has(second.validator)) return;
  round.accused.add(second.validator);
  out.push({ type: 'accuse', first, second });
}

/** A certificate is also its signers' votes: whoever told others something else is found out by it. */
function witness(context: Context, { signers, signatures, ...subject }: Certificate): void {
  const { state } = context;
  const near = subject.view <= state.view + VIEWS_AHEAD_MAX;
  const round = near ? roundOf(state, subject.view) : undefined;
  if (!round) return;
  for (const [place, validator] of signers.entries()) {
    const vote: Vote = { ...subject, validator, signature: signatures[place] as string }; // verified: one each
    const other = conflictOf(round, vote);
    if (other) accuse(context, round, other, vote);
    tallyOf(round, vote.kind, vote.block).set(validator, vote);
  }
}

/** Who resends for a view that is over gets the certificate that ended it and led here. */
function helpStraggler({ state, out }: Context, from: number | null): void {
  if (from !== null && from !== state.config.self && state.entry) {
    out.push({ type: 'send', to: from, message: { type: 'certificate', certificate: state.entry } });
  }
}

/** Counts a verified vote and acts on the quorum that it completes. */
export function count(context: Context, vote: Vote): void {
  const { state, nowMs } = context;
  const round = roundOf(state, vote.view);
  const tally = tallyOf(round, vote.kind, vote.block);
  tally.set(vote.validator, vote);
  seen(state, vote.validator, vote.view);
  if (vote.kind === 'nullify' && vote.validator === round.leader && !round.proposal) noteLeader(state, round, nowMs);
  const power = powerOf(state, tally.keys());
  if (power >= state.quorum) {
    const certificate = certificateOf(vote, tally);
    if (vote.kind !== 'finalize' && holdsCertificate(round, certificate)) return;
    if (apply(context, certificate)) tellAbsent(context, certificate);
    return;
  }
  const joins = vote.kind === 'nullify' && vote.view === state.view && power >= state.honest;
  if (joins) nullify(context);
}

/**
 * A certificate goes to those that have no vote in it. Whoever voted hears the same votes and counts for itself; if it
 * misses some, it resends its own vote and is helped, or meets a later proposal that refers to the certificate.
 */
function tellAbsent({ state, out }: Context, certificate: Certificate): void {
  for (let to = 0; to < state.config.validators.validators.length; to += 1) {
    if (to === state.config.self || certificate.signers.includes(to)) continue;
    out.push({ type: 'send', to, message: { type: 'certificate', certificate } });
  }
}

function seen(state: ConsensusState, validator: number, view: number): void {
  const activity = state.activity[validator];
  if (activity && view > activity.signedView) activity.signedView = view;
}

/** A certificate of a peer. */
export function onCertificate(context: Context, certificate: Certificate): void {
  const { state } = context;
  if (certificate.epoch !== state.config.epoch || certificate.view <= state.anchor.view) return;
  if (certificate.kind === 'finalize' && state.unlinked && certificate.view <= state.unlinked.view) return;
  const round = state.rounds.get(certificate.view);
  if (round && holdsCertificate(round, certificate)) return;
  const known = round && knownTally(round, certificate.kind, certificate.block);
  if (!verifyCertificate(state, certificate, known)) return;
  for (const signer of certificate.signers) seen(state, signer, certificate.view);
  witness(context, certificate);
  apply(context, certificate);
}

/** Acts on a verified certificate. Returns false when it said nothing new. */
function apply(context: Context, certificate: Certificate): boolean {
  if (certificate.view <= context.state.anchor.view) return false;
  switch (certificate.kind) {
    case 'notarize':
      return notarized(context, certificate);
    case 'nullify':
      return nullified(context, certificate);
    case 'finalize':
      return finalized(context, certificate);
  }
}

function notarized(context: Context, certificate: Certificate): boolean {
  const { state, nowMs, out } = context;
  const round = roundOf(state, certificate.view);
  if (round.notarization) return false;
  round.notarization = certificate;
  state.progressAtMs = nowMs;
  // Simplex, step 4: finalize unless the view was given up. The certificate is logged in the same sync as the vote.
  const mayFinalize = state.config.self !== null && !round.own.nullify && !round.own.finalize;
  if (!state.blocks.has(certificate.block)) fetchBlock(context, certificate.block, null);
  // The vote goes first: leading the next view means executing a block, and finality should not wait for that.
  if (mayFinalize) {
    release(context, signVote(state, 'finalize', certificate.view, certificate.block), [
      { type: 'certificate', certificate },
    ]);
  } else {
    out.push({ type: 'persist', records: [{ type: 'certificate', certificate }] });
  }
  advance(context, certificate);
  return true;
}

function nullified(context: Context, certificate: Certificate): boolean {
  const { state } = context;
  const round = roundOf(state, certificate.view);
  if (round.nullification) return false;
  round.nullification = certificate;
  const leader = state.activity[round.leader];
  if (leader && !round.proposal) leader.missedView = Math.max(leader.missedView, certificate.view);
  context.out.push({ type: 'persist', records: [{ type: 'certificate', certificate }] });
  advance(context, certificate);
  return true;
}

function finalized(context: Context, certificate: Certificate): boolean {
  const { state, out } = context;
  advance(context, certificate);
  const chain = linkToAnchor(state, certificate.block);
  // Whatever stands above the epoch's last block is there to make that one final; it never is itself.
  const blocks = chain?.filter(({ header }) => header.height <= state.config.lastHeight);
  const head = blocks?.at(-1)?.header;
  if (!chain || !blocks || !head) {
    if (!state.unlinked || state.unlinked.view < certificate.view) state.unlinked = certificate;
    out.push({ type: 'behind', certificate });
    return true;
  }
  const tails = chain.slice(blocks.length).map(({ header }) => header);
  state.anchor = { hash: headerHash(head), height: head.height, view: head.view };
  prune(state);
  out.push({ type: 'finalize', blocks, tails, certificate });
  return true;
}

/** Enters the view after the certificate's, unless the node is there already. */
function advance(context: Context, certificate: Certificate): void {
  const { state, nowMs } = context;
  if (certificate.view < state.view) return;
  state.entry = certificate;
  enterView(state, certificate.view + 1, nowMs);
  if (certificate.kind === 'notarize') state.pauseMs = pauseAfter(state, certificate);
}

/** What the new view calls for is done at the end of the step, when everything that the input set off is known. */
export function enterView(state: ConsensusState, view: number, nowMs: number): void {
  state.view = view;
  state.enteredAtMs = nowMs;
  state.pauseMs = 0;
}

/** Asks once in a resend pause for a body. */
export function fetchBlock({ state, nowMs, out }: Context, hash: Hash, from: number | null): void {
  if (askedLately(state, `block/${hash}`, nowMs)) return;
  out.push({ type: 'fetchBlock', hash, from });
}

/** Remembers a question; true when it was asked within the resend pause. */
export function askedLately(state: ConsensusState, key: string, nowMs: number): boolean {
  const last = state.asked.get(key);
  if (last !== undefined && nowMs - last < state.config.resendMs) return true;
  if (state.asked.size > 1_024) state.asked.clear();
  state.asked.set(key, nowMs);
  return false;
}
