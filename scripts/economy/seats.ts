/** Who sits in which role, and what moves on the chain: transactions of agents that can pay for them, in turn. */
import type { CallArgs, CallType, Params, Role, Transaction } from '@dao-gov/node/protocol';
import { ROLES, ringDistance } from '@dao-gov/node/protocol';
import { type Random, type TestChain, testAgent } from '@dao-gov/node/testing';
import type { Books } from './books.ts';
import { type Profile, shuffled } from './profiles.ts';

/** More than any transaction of an incident costs at gas price 1. */
const GAS_OF_ONE = 300;
/** Tokens that stay in the balance when stake is added: gas until the incident ends. */
const GAS_RESERVE = 5 * GAS_OF_ONE;

export class Seats {
  readonly chain: TestChain;
  readonly books: Books;
  readonly random: Random;
  readonly #profiles: ReadonlyMap<Role, Profile>;
  /** Claims that each role has made. */
  readonly #claims = new Map<Role, number>();

  constructor(chain: TestChain, books: Books, random: Random, profiles: ReadonlyMap<Role, Profile>) {
    this.chain = chain;
    this.books = books;
    this.random = random;
    this.#profiles = profiles;
  }

  get params(): Params {
    return this.chain.genesis.params;
  }

  profile(role: Role): Profile {
    const profile = this.#profiles.get(role);
    if (!profile) throw new Error(`nobody sits as ${role}`);
    return profile;
  }

  address = (role: Role): string => testAgent(role).wallet.address;

  canPay = (role: Role): boolean => this.chain.account(role).balance >= GAS_OF_ONE;

  /** Whoever runs short of gas takes back what it has staked, while it can still pay for that. */
  refill(): void {
    const short = ROLES.filter((role) => this.canPay(role) && this.chain.account(role).balance < GAS_RESERVE);
    const back = short.filter((role) => this.#free(role) > 0);
    if (back.length === 0) return;
    this.block(back.map((role) => this.chain.transaction(role, 'unstake', { amount: this.#free(role) })));
  }

  /** Whose turn it is to claim: who has made the fewest claims first, others of as many in an order that is drawn. */
  claimants(): readonly Role[] {
    const made = (role: Role): number => this.#claims.get(role) ?? 0;
    return [...shuffled(ROLES, this.random)].sort((a, b) => made(a) - made(b));
  }

  claimed(role: Role): void {
    this.#claims.set(role, (this.#claims.get(role) ?? 0) + 1);
  }

  /** Executes a block and books it. @throws Error when a transaction failed: the simulation only makes what is allowed */
  block(transactions: readonly Transaction[], afterMs = 1_000): void {
    const { receipts } = this.chain.block(transactions, afterMs);
    const failed = receipts.find(({ status }) => status === 'failed');
    if (failed) throw new Error(`${failed.reason}: ${failed.detail}`);
    this.books.read(receipts);
  }

  call<T extends CallType>(role: Role, type: T, args: CallArgs[T]): void {
    this.block([this.chain.transaction(role, type, args)]);
  }

  /** Lets time pass until so long after `sinceMs`. */
  waitUntil(atMs: number): void {
    if (atMs > this.chain.timestampMs) this.block([], atMs - this.chain.timestampMs);
  }

  /** The first of the ring that can pay, once it is its turn. @param sinceMs when the turn of `first` began */
  inTurn(first: Role, sinceMs: number): Role {
    const ring = [...ROLES].sort((a, b) => ringDistance(a, first) - ringDistance(b, first));
    const role = ring.find(this.canPay);
    if (!role) throw new Error('no agent can pay for a transaction');
    this.waitUntil(sinceMs + ringDistance(role, first) * this.params.stepDeadlineMs);
    return role;
  }

  /**
   * Tops free stakes up, all in one block, as far as balances reach.
   * @returns the stake that each may use: what it wants, or all that is free
   */
  fund(wanted: ReadonlyMap<Role, number>): ReadonlyMap<Role, number> {
    const additions = [...wanted].flatMap(([role, amount]) => {
      const { balance } = this.chain.account(role);
      const missing = Math.min(amount - this.#free(role), balance - GAS_RESERVE);
      return missing > 0 ? [this.chain.transaction(role, 'stake', { amount: missing })] : [];
    });
    if (additions.length > 0) this.block(additions);
    return new Map([...wanted].map(([role, amount]) => [role, Math.min(amount, this.#free(role))]));
  }

  #free(role: Role): number {
    const { stake, locked } = this.chain.account(role);
    return stake - locked;
  }
}
