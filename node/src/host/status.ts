/** What the node has seen of the validators and of its own pace, as the API shows it. */
import { type ConsensusState, leaderSilent } from '../consensus/index.ts';
import type { ChainStore, NodeKey } from '../ports/index.ts';
import type { ConsensusView, Validators } from '../protocol/api/index.ts';
import type { ValidatorRecord } from '../protocol/records.ts';
import type { Hash, ValidatorKey } from '../protocol/types.ts';
import { epochOf, type State } from '../vm/index.ts';
import type { BlockTree, ExecutedBlock } from './block-tree.ts';
import { FINALITY_SAMPLES, PROPOSERS_WINDOW } from './constants.ts';
import { ObservedActivity } from './observed-activity.ts';

export class Observations {
  private readonly proposers: NodeKey[];
  private readonly begunAt = new Map<Hash, number>();
  private readonly finalityMs: number[] = [];
  /** What a node goes by that is no validator. */
  readonly activity = new ObservedActivity();

  constructor(proposers: readonly NodeKey[]) {
    this.proposers = [...proposers];
  }

  /** Proposers of the newest final blocks, oldest first. */
  static async proposersOf(store: ChainStore, height: number): Promise<NodeKey[]> {
    const keys: NodeKey[] = [];
    for (let at = Math.max(1, height - PROPOSERS_WINDOW + 1); at <= height; at += 1) {
      const stored = await store.blockAt(at);
      if (stored) keys.push(stored.block.header.proposer);
    }
    return keys;
  }

  /** A block was proposed or is being judged. */
  begun(hash: Hash, atMs: number): void {
    if (this.begunAt.size > FINALITY_SAMPLES) this.begunAt.clear();
    if (!this.begunAt.has(hash)) this.begunAt.set(hash, atMs);
  }

  /** @returns milliseconds since the block was begun, where this node saw that */
  finalized({ hash, block }: ExecutedBlock, atMs: number): number | undefined {
    const begun = this.begunAt.get(hash);
    this.begunAt.delete(hash);
    if (begun !== undefined) this.finalityMs.push(atMs - begun);
    if (this.finalityMs.length > FINALITY_SAMPLES) this.finalityMs.shift();
    this.proposers.push(block.header.proposer);
    if (this.proposers.length > PROPOSERS_WINDOW) this.proposers.shift();
    return begun === undefined ? undefined : atMs - begun;
  }

  private isSilent(core: ConsensusState, validator: number): boolean {
    return core.config.self === null ? this.activity.isSilent(validator) : leaderSilent(core, validator);
  }

  private medianFinalityMs(): number | null {
    const sorted = [...this.finalityMs].sort((a, b) => a - b);
    const median = sorted[Math.floor(sorted.length / 2)];
    return median === undefined ? null : Math.round(median * 100) / 100;
  }

  validators(core: ConsensusState, state: State, connected: ReadonlySet<NodeKey>, self: NodeKey): Validators {
    const { epoch, lastHeight, validators } = epochOf(state);
    const leader = core.rounds.get(core.view)?.leader;
    return {
      ...{ epoch, lastHeight },
      totalPower: validators.reduce((sum, { power }) => sum + power, 0),
      quorumPower: core.quorum,
      validators: validators.map(({ key, power }, index) => {
        const bonder = state.get('validator', key);
        const bonded = bonder?.status ?? 'leaving';
        const signs = this.isSilent(core, index) ? ('silent' as const) : ('active' as const);
        return {
          ...{ index, ...bondView(state, key, bonder), power },
          status: bonded === 'bonded' ? signs : bonded,
          connected: connected.has(key),
          self: key === self,
          leader: index === leader,
          lastSignedView: Math.max(core.activity[index]?.signedView ?? 0, this.activity.lastSigned(index)),
          blocksProposed: this.proposers.filter((proposer) => proposer === key).length,
        };
      }),
      others: othersOf(state, new Set(validators.map(({ key }) => key))),
    };
  }

  consensus(core: ConsensusState, tree: BlockTree, syncing: boolean): ConsensusView {
    const round = core.rounds.get(core.view);
    const leader = round?.leader ?? 0;
    const key = core.config.validators.validators[leader]?.key ?? '';
    const name = tree.tip.state.get('validators')?.owners.find((one) => one.key === key)?.name ?? key.slice(0, 8);
    let notarizedHeight = tree.tip.header.height;
    for (const { block } of tree.values()) {
      if (core.rounds.get(block.header.view)?.notarization)
        notarizedHeight = Math.max(notarizedHeight, block.header.height);
    }
    return {
      epoch: core.config.epoch,
      view: core.view,
      leader: key,
      leaderName: name,
      leaderSkipped: this.isSilent(core, leader),
      phase: phaseOf(core, syncing),
      finalizedHeight: tree.tip.header.height,
      notarizedHeight,
      finalizeMsP50: this.medianFinalityMs(),
      votes: {
        notarize: Math.max(0, ...[...(round?.notarizes.values() ?? [])].map(({ size }) => size)),
        nullify: round?.nullifies.size ?? 0,
        finalize: Math.max(0, ...[...(round?.finalizes.values() ?? [])].map(({ size }) => size)),
      },
    };
  }
}

/** Name, owner and what is at stake. A key that nobody bonds for any more has been released while its epoch lasts. */
function bondView(state: State, key: ValidatorKey, bonder: ValidatorRecord | undefined) {
  const name = bonder?.name ?? state.get('validators')?.owners.find((one) => one.key === key)?.name;
  const owner = bonder?.owner ?? state.get('validators')?.owners.find((one) => one.key === key)?.owner ?? '';
  const agent = state.get('account', owner)?.agent;
  return {
    ...{ key, name: name ?? key.slice(0, 8) },
    owner: { address: owner, name: agent?.name ?? '', role: agent?.role ?? null },
    bond: bonder?.bond ?? 0,
    unbonding: bonder?.unbonding.reduce((sum, { amount }) => sum + amount, 0) ?? 0,
  };
}

const othersOf = (state: State, inSet: ReadonlySet<ValidatorKey>): Validators['others'] =>
  (state.get('staking')?.keys ?? []).flatMap((key) => {
    const bonder = state.get('validator', key);
    if (!bonder || inSet.has(key)) return [];
    const times = bonder.unbonding.map(({ releaseAtMs }) => releaseAtMs);
    const releaseAtMs = times.includes(0) ? 0 : Math.max(0, ...times);
    const status = bonder.status === 'bonded' ? ('joining' as const) : bonder.status;
    return [{ ...bondView(state, key, bonder), releaseAtMs, status }];
  });

function phaseOf(core: ConsensusState, syncing: boolean): ConsensusView['phase'] {
  const round = core.rounds.get(core.view);
  if (syncing) return 'syncing';
  if (round?.own.nullify) return 'nullifying';
  if (round?.own.notarize || round?.proposal) return 'notarizing';
  return round?.buildAsked ? 'proposing' : 'idle';
}
