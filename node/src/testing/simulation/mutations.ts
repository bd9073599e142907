/**
 * Deliberately broken rules, put around the core from outside: through what it is given, what comes out of it, and what
 * is done with that. A simulation that does not notice one of them would not notice the same mistake in the core.
 */
import type { ConsensusConfig, ConsensusState, Effect, Input, LogRecord } from '../../consensus/index.ts';
import { type Vote, type VoteKind, ZERO_HASH } from '../../protocol/types.ts';
import { OTHER_EPOCH } from './constants.ts';
import { sealOf } from './seals.ts';

export interface Mutation {
  readonly name: string;
  /** The rule that it breaks, in words. */
  readonly breaks: string;
  /** Within how many seeds an invariant has to fail. */
  readonly seedsMax: number;
  /** Liars without whom the mistake does no harm. */
  readonly actors?: readonly string[];
  readonly state?: (state: ConsensusState) => ConsensusState;
  readonly verify?: (verify: ConsensusConfig['verify']) => ConsensusConfig['verify'];
  readonly input?: (input: Input, state: ConsensusState) => Input;
  readonly effects?: (effects: readonly Effect[], state: ConsensusState) => readonly Effect[];
  readonly restored?: (records: readonly LogRecord[]) => readonly LogRecord[];
  readonly trustsSync?: true;
  readonly config?: (config: ConsensusConfig) => ConsensusConfig;
  /** The seeds that it is tried on have short epochs. */
  readonly epochs?: true;
  /** Messages of all epochs reach the core. */
  readonly hearsAllEpochs?: true;
  /** Who is in another epoch is neither helped nor listened to. */
  readonly leavesLaggards?: true;
}

function signed(state: ConsensusState, kind: VoteKind, view: number, block: string): readonly Effect[] {
  const subject = { kind, epoch: state.config.epoch, view, block };
  const vote: Vote = { ...subject, validator: state.config.self ?? 0, signature: state.config.sign(subject) };
  const round = state.rounds.get(view);
  if (round) round.own[kind] = vote;
  return [
    { type: 'persist', records: [{ type: 'vote', vote }] },
    { type: 'broadcast', message: { type: 'vote', vote } },
  ];
}

/** Adds to single effects, or drops them. */
const each =
  (change: (effect: Effect, state: ConsensusState) => readonly Effect[]): NonNullable<Mutation['effects']> =>
  (effects, state) =>
    effects.flatMap((effect) => change(effect, state));

const voteOf = (effect: Effect): Vote | undefined =>
  effect.type === 'broadcast' && effect.message.type === 'vote' ? effect.message.vote : undefined;

const PADDING = 'padding';

/** Certificates count as signed by everybody, however few did. */
function padded(input: Input, state: ConsensusState): Input {
  if (input.type !== 'message' || input.message.type !== 'certificate') return input;
  const { certificate } = input.message;
  const signers = state.config.validators.validators.map((_, index) => index);
  const signatures = signers.map((index) => certificate.signatures[certificate.signers.indexOf(index)] ?? PADDING);
  return { ...input, message: { type: 'certificate', certificate: { ...certificate, signers, signatures } } };
}

function thisEpoch(input: Input, state: ConsensusState): Input {
  if (input.type !== 'message' || input.message.type !== 'certificate') return input;
  const certificate = { ...input.message.certificate, epoch: state.config.epoch };
  return { ...input, message: { type: 'certificate', certificate } };
}

/** Where certificates between a proposal and its parent are missing, the proposal is judged without them. */
const unfounded = each((effect, state) => {
  const proposal = state.rounds.get(state.view)?.proposal;
  if (effect.type !== 'fetchCertificates' || proposal?.status !== 'waiting' || effect.from === null) return [effect];
  proposal.status = 'checking';
  return [{ type: 'validate', block: proposal.block, hash: proposal.hash, from: effect.from }];
});

const notarizeBoth = each((effect, state) => {
  if (effect.type !== 'accuse' || effect.second.kind !== 'notarize' || state.config.self === null) return [effect];
  return [effect, ...signed(state, 'notarize', effect.second.view, effect.second.block)];
});

const finalizeNullified = each((effect, state) => {
  if (effect.type !== 'persist') return [effect];
  const also = effect.records.flatMap((record) => {
    if (record.type !== 'certificate' || record.certificate.kind !== 'notarize') return [];
    const { view, block } = record.certificate;
    const own = state.rounds.get(view)?.own;
    return own?.nullify && !own.finalize ? signed(state, 'finalize', view, block) : [];
  });
  return [effect, ...also];
});

/** Gives up on the view before the current one too. */
const nullifyFinalized = each((effect, state) => {
  const vote = voteOf(effect);
  if (vote?.kind !== 'nullify' || !state.rounds.get(vote.view - 1)?.own.finalize) return [effect];
  return [effect, ...signed(state, 'nullify', vote.view - 1, ZERO_HASH)];
});

const without =
  (...types: readonly Effect['type'][]): NonNullable<Mutation['effects']> =>
  (effects) =>
    effects.filter(({ type }) => !types.includes(type));

/** Lets each thing be said once: what was lost stays lost. */
function saidOnce(): NonNullable<Mutation['effects']> {
  const said = new WeakMap<ConsensusState, Set<string>>();
  return (effects, state) => {
    const before = said.get(state) ?? new Set<string>();
    said.set(state, before);
    return effects.filter((effect) => {
      if (effect.type !== 'broadcast') return true;
      const text = JSON.stringify(effect.message.type === 'proposal' ? effect.message.vote : effect.message);
      const isNew = !before.has(text);
      before.add(text);
      return isNew;
    });
  };
}

const quorumOf =
  (change: (quorum: number, honest: number) => number): NonNullable<Mutation['state']> =>
  (state) => ({ ...state, quorum: change(state.quorum, state.honest) });

/** What ends the epoch ends it with all that was finalized, as if tails were blocks of the chain. */
const tailsKept = each((effect) => {
  if (effect.type !== 'finalize') return [effect];
  const kept = effect.tails.map((header) => ({ header, transactions: [] }));
  return [{ ...effect, blocks: [...effect.blocks, ...kept], tails: [] }];
});

/** Votes and certificates of the epoch before count as this one's. */
function relabelled(input: Input, state: ConsensusState): Input {
  if (input.type !== 'message') return input;
  const { epoch } = state.config;
  const { message } = input;
  if (message.type === 'certificate') {
    return { ...input, message: { type: 'certificate', certificate: { ...message.certificate, epoch } } };
  }
  return message.type === 'vote' ? { ...input, message: { type: 'vote', vote: { ...message.vote, epoch } } } : input;
}

const anyEpochsSeal: NonNullable<Mutation['verify']> = (verify) => (subject, validator, signature) => {
  for (let epoch = subject.epoch; epoch >= 0; epoch -= 1) {
    if (verify({ ...subject, epoch }, validator, signature)) return true;
  }
  return false;
};

/** One power each, as if nobody had ever bonded or left. */
const firstSet = ({ validators }: ConsensusConfig): ConsensusConfig['validators']['validators'] =>
  validators.validators.map((validator) => ({ ...validator, power: 1 }));

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'quorum-off-by-one',
    breaks: 'a quorum is strictly more than two thirds',
    seedsMax: 60,
    actors: ['equivocator'],
    state: quorumOf((quorum) => quorum - 1),
  },
  {
    name: 'quorum-third',
    breaks: 'two quorums share an honest validator',
    seedsMax: 20,
    actors: ['equivocator'],
    state: quorumOf((_, honest) => honest),
  },
  {
    name: 'vote-before-log',
    breaks: 'a vote is on disk before it leaves',
    seedsMax: 120,
    effects: (effects) => [
      ...effects.filter(({ type }) => type !== 'persist'),
      ...effects.filter(({ type }) => type === 'persist'),
    ],
  },
  {
    name: 'no-log',
    breaks: 'own votes are logged',
    seedsMax: 30,
    effects: without('persist'),
  },
  {
    name: 'restart-forgets-votes',
    breaks: 'a restart puts own votes back',
    seedsMax: 30,
    restored: (records) => records.filter(({ type }) => type !== 'vote'),
  },
  {
    name: 'finalize-after-nullify',
    breaks: 'no finalize after nullify in one view',
    seedsMax: 10,
    effects: finalizeNullified,
  },
  {
    name: 'nullify-after-finalize',
    breaks: 'no nullify after finalize in one view',
    seedsMax: 20,
    effects: nullifyFinalized,
  },
  {
    name: 'notarize-both',
    breaks: 'only the first proposal of a view is notarized',
    seedsMax: 10,
    actors: ['equivocator'],
    effects: notarizeBoth,
  },
  {
    name: 'parent-unchecked',
    breaks: 'every view between a block and its parent is nullified',
    seedsMax: 60,
    actors: ['invalid-proposer'],
    effects: unfounded,
  },
  {
    name: 'execution-unchecked',
    breaks: 'a block is notarized when it executes to its stated roots',
    seedsMax: 20,
    actors: ['invalid-proposer'],
    input: (input) => (input.type === 'validated' ? { ...input, valid: true } : input),
  },
  {
    name: 'signatures-unchecked',
    breaks: 'every vote is signed by its validator',
    seedsMax: 20,
    actors: ['certificate-forger'],
    verify: () => () => true,
  },
  {
    name: 'certificate-power-unchecked',
    breaks: 'a certificate is signed by a quorum',
    seedsMax: 20,
    actors: ['certificate-forger'],
    input: padded,
    verify: (verify) => (subject, validator, signature) =>
      signature === PADDING || verify(subject, validator, signature),
  },
  {
    name: 'certificate-epoch-unchecked',
    breaks: 'votes of another epoch are worth nothing',
    seedsMax: 20,
    actors: ['certificate-forger'],
    hearsAllEpochs: true,
    input: thisEpoch,
    verify: (verify) => (subject, validator, signature) =>
      verify(subject, validator, signature) || signature === sealOf(validator, { ...subject, epoch: OTHER_EPOCH }),
  },
  {
    name: 'sync-unverified',
    breaks: 'synced blocks come with their finalization',
    seedsMax: 40,
    actors: ['certificate-forger'],
    trustsSync: true,
  },
  {
    name: 'never-nullify',
    breaks: 'a silent leader is given up on',
    seedsMax: 10,
    actors: ['silent-leader'],
    effects: each((effect) => (voteOf(effect)?.kind === 'nullify' ? [] : [effect])),
  },
  {
    name: 'no-resend',
    breaks: 'what may have been lost is said again',
    seedsMax: 60,
    effects: saidOnce(),
  },
  {
    name: 'no-fetch',
    breaks: 'missing blocks and certificates are asked for',
    seedsMax: 60,
    effects: without('fetchBlock', 'fetchCertificates', 'behind'),
  },
  {
    name: 'boundary-unchecked',
    breaks: 'an epoch ends at its last block',
    seedsMax: 30,
    epochs: true,
    config: (config) => ({ ...config, lastHeight: Number.MAX_SAFE_INTEGER }),
  },
  {
    name: 'tail-committed',
    breaks: 'tails are never blocks of the chain',
    seedsMax: 20,
    epochs: true,
    effects: tailsKept,
  },
  {
    name: 'epoch-before-accepted',
    breaks: 'votes of the epoch before are worth nothing in this one',
    seedsMax: 40,
    actors: ['stale-replayer'],
    epochs: true,
    hearsAllEpochs: true,
    input: relabelled,
    verify: anyEpochsSeal,
  },
  {
    name: 'set-never-changes',
    breaks: 'each epoch has the validators that the one before it gave',
    seedsMax: 20,
    epochs: true,
    config: (config) => ({ ...config, validators: { ...config.validators, validators: firstSet(config) } }),
  },
  {
    name: 'laggards-left',
    breaks: 'who is behind by an epoch is helped over its end',
    seedsMax: 30,
    epochs: true,
    leavesLaggards: true,
  },
];
