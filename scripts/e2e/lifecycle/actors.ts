/**
 * The seven agents without their minds: a script says what each intends, and the agents' own executor signs it, hands
 * it in at the agent's own node and follows it until it is final.
 */
import { randomBytes } from 'node:crypto';
import type { DaoExecutor, FinalReceipt, Intent } from '@dao-gov/agent-runtime';
import {
  type Address,
  type CallArgs,
  type CallType,
  type Hash,
  ROLES,
  type Role,
  toHex,
  type VoteOption,
  voteCommitment,
} from '@dao-gov/node/protocol';
import { executorOf, walletOfNode } from '../../testnet/wallets.ts';
import type { Fixture } from '../support.ts';
import type { ChainWatch } from './chain-watch.ts';
import type { Blob } from './evidence.ts';

export type Ballots = Partial<Record<Role, VoteOption>>;
type Ballot = readonly [role: Role, option: VoteOption];
const ballotsOf = (ballots: Ballots) => Object.entries(ballots) as Ballot[];

export const both = (text: string) => ({ en: text, zh: text });
/** Data of a receipt's event. */
export const dataOf = ({ events }: FinalReceipt, event: string) =>
  events.find(({ name }) => name === event)?.data ?? {};
export const nodeOf = (role: Role): number => ROLES.indexOf(role) + 1;

/** What the node or the contract said no to. */
class Refusal extends Error {
  readonly code: string;

  constructor(message: string, code: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}

function unlessClosed(error: unknown): void {
  if (!(error instanceof Refusal) || error.code !== 'VOTING_CLOSED') throw error;
}

interface Actor {
  readonly address: Address;
  readonly executor: DaoExecutor;
}

export class Actors {
  readonly #chainId: string;
  readonly #watch: ChainWatch;
  readonly #actors: ReadonlyMap<Role, Actor>;

  private constructor(chainId: string, watch: ChainWatch, actors: ReadonlyMap<Role, Actor>) {
    this.#chainId = chainId;
    this.#watch = watch;
    this.#actors = actors;
  }

  static async open(fixture: Fixture, watch: ChainWatch): Promise<Actors> {
    const { chainId } = await fixture.client(1).chain();
    const actors = await Promise.all(
      ROLES.map(async (role) => {
        const wallet = walletOfNode(fixture.testnet, nodeOf(role));
        if (!wallet) throw new Error(`the ${role} has no wallet`);
        const executor = await executorOf(fixture.client(nodeOf(role)), wallet);
        return [role, { address: wallet.address, executor }] as const;
      }),
    );
    return new Actors(chainId, watch, new Map(actors));
  }

  stop(): void {
    for (const { executor } of this.#actors.values()) executor.stop();
  }

  address(role: Role): Address {
    return this.#of(role).address;
  }

  /**
   * Until it is final, at the actor's own node and at the one that is watched.
   * @throws Error with the reason when the node refused it or the contract did
   */
  async call<T extends CallType>(
    role: Role,
    type: T,
    args: CallArgs[T],
    blobs: readonly Blob[] = [],
  ): Promise<FinalReceipt> {
    const evidence = blobs.map(({ bytes }) => bytes);
    // Type and arguments belong together by this function's own type.
    const outcome = await this.#of(role).executor.perform({ type, args, evidence } as Intent);
    if (!outcome.ok) throw new Refusal(`${type} of the ${role}: ${outcome.code}: ${outcome.detail}`, outcome.code);
    await this.#watch.reached(outcome.receipt.height);
    return outcome.receipt;
  }

  /**
   * A sealed vote of all but whose agent votes for itself: all commit, then all reveal. Resolves when it is decided,
   * which a challenge is as soon as nobody can change it any more: who reveals later is too late.
   */
  async sealedVote(proposalId: Hash, ballots: Ballots, stake: number): Promise<void> {
    const votes = ballotsOf(ballots).map(([role, option]) => ({
      ...{ role, option },
      salt: toHex(new Uint8Array(randomBytes(32))),
    }));
    await Promise.all(
      votes.map(({ role, option, salt }) => {
        const commitment = voteCommitment(this.#chainId, proposalId, this.address(role), option, salt);
        return this.call(role, 'vote', { proposalId, stake, commitment });
      }),
    );
    await this.#watch.event('RevealOpened', { proposalId });
    await Promise.all(
      votes.map(({ role, option, salt }) => {
        const reason = both(`${option}, from what I measured.`);
        return this.call(role, 'reveal_vote', { proposalId, option, salt, reason }).catch(unlessClosed);
      }),
    );
    await this.#watch.event('ConsensusReached', { proposalId });
  }

  /** An open vote. It is decided as soon as nobody can change it any more: who comes later is too late. */
  async openVote(proposalId: Hash, ballots: Ballots, stake: number): Promise<void> {
    const cast = ballotsOf(ballots).map(([role, option]) =>
      this.call(role, 'vote', { proposalId, stake, option, reason: both(`${option}.`) }).catch(unlessClosed),
    );
    await Promise.all(cast);
    await this.#watch.event('MotionDecided', { proposalId });
  }

  #of(role: Role): Actor {
    const actor = this.#actors.get(role);
    if (!actor) throw new Error(`there is no ${role}`);
    return actor;
  }
}
