/** What follows from a scenario alone: who certifies when, a validator's core, a liar's hands, a block. */
import { type ConsensusConfig, type ConsensusState, createConsensus, leaderOf } from '../../consensus/index.ts';
import { type Block, type Hash, type Validator, type Vote, type VoteSubject, ZERO_HASH } from '../../protocol/types.ts';
import type { ActorHands } from './byzantine/index.ts';
import { GENESIS_HASH, OTHER_EPOCH, SET_HASH, TIMING } from './constants.ts';
import type { Member } from './member.ts';
import type { Mutation } from './mutations.ts';
import type { Scenario } from './scenario.ts';
import { hashOf, sealOf } from './seals.ts';

export class CoreWorld {
  readonly validators: readonly Validator[];
  private readonly scenario: Scenario;

  constructor(scenario: Scenario) {
    this.scenario = scenario;
    this.validators = scenario.powers.map((power, index) => ({ key: index.toString(16).padStart(64, '0'), power }));
  }

  /** The epoch that a block of this height belongs to. */
  epochAt(height: number): number {
    return Math.floor((height - 1) / this.scenario.epochBlocks);
  }

  lastHeightOf(epoch: number): number {
    return (epoch + 1) * this.scenario.epochBlocks;
  }

  /** Everybody keeps its index; who is not in the set has no power in it. */
  setOf(epoch: number): readonly Validator[] {
    const powers = this.scenario.powersIn(epoch);
    return this.validators.map(({ key }, index) => ({ key, power: powers[index] ?? 0 }));
  }

  /** The core of the epoch that comes after a final chain. */
  core(validator: number, final: readonly Block[], mutation: Mutation | undefined): ConsensusState {
    const head = final.at(-1);
    const verify: ConsensusConfig['verify'] = (subject, by, signature) => signature === sealOf(by, subject);
    const epoch = this.epochAt(final.length + 1);
    const validators = this.setOf(epoch);
    const config: ConsensusConfig = {
      ...TIMING,
      epoch,
      validators: { epoch, validators },
      lastHeight: this.lastHeightOf(epoch),
      self: validators[validator]?.power ? validator : null,
      verify: mutation?.verify?.(verify) ?? verify,
      sign: (subject) => sealOf(validator, subject),
    };
    const state = createConsensus(
      mutation?.config?.(config) ?? config,
      head
        ? { hash: hashOf(head), height: head.header.height, view: head.header.view }
        : { hash: GENESIS_HASH, height: 0, view: 0 },
    );
    return mutation?.state?.(state) ?? state;
  }

  /** @param core the liar's own core, which changes with the epoch */
  hands(validator: number, core: () => ConsensusState): ActorHands {
    const vote = (by: number, subject: VoteSubject): Vote => ({
      ...subject,
      validator: by,
      signature: sealOf(by, subject),
    });
    return {
      validator,
      key: this.validators[validator]?.key ?? ZERO_HASH,
      peers: [...this.validators.keys()].filter((index) => index !== validator),
      random: this.scenario.random,
      sign: (kind, view, block) => vote(validator, { kind, epoch: core().config.epoch, view, block }),
      foreignVote: (by, kind, view, block) => vote(by, { kind, epoch: OTHER_EPOCH, view, block }),
      leads: (view) => leaderOf(core().cycle, core().config.epoch, view) === validator,
    };
  }

  /** A block of the member's, or a tail where its epoch has no more blocks. @param localMs the member's own clock */
  block(
    { state, final, validator }: Pick<Member, 'state' | 'final' | 'validator'>,
    at: { readonly view: number; readonly parentHash: Hash; readonly localMs: number },
  ): Block {
    const { view, parentHash, localMs } = at;
    const { anchor, config } = state;
    const parent = state.blocks.get(parentHash)?.header ?? final.at(-1)?.header;
    const height = (parentHash === anchor.hash ? anchor.height : (parent?.height ?? 0)) + 1;
    const header = {
      ...{ height, view, epoch: config.epoch, parentHash },
      timestampMs: Math.max((parent?.timestampMs ?? 0) + 1, Math.floor(localMs)),
      proposer: this.validators[validator]?.key ?? ZERO_HASH,
      transactionsRoot: ZERO_HASH,
      receiptsRoot: ZERO_HASH,
      stateRoot: ZERO_HASH,
      evidenceRoot: ZERO_HASH,
      validatorSetHash: height > config.lastHeight ? ZERO_HASH : SET_HASH,
    };
    return { header, transactions: [] };
  }
}
