/**
 * A steady load of transactions over the gateways, as a wallet would make it: signed, handed to a node, handed in again
 * elsewhere when that node does not answer, and followed on the nodes' live streams until it is final.
 */
import type { ApiClient } from '@dao-gov/node/client';
import type { Hash } from '@dao-gov/node/protocol';
import { clientOf } from '../testnet/api.ts';
import type { Testnet } from '../testnet/testnet.ts';
import { type NodeHttp, nodeHttp } from './http.ts';
import type { Sender, Signed } from './wallets.ts';

/** Milliseconds between two looks at what is due. */
const TICK_MS = 10;
/** Unfinished transactions of one sender: below the pool's 64, so that a slow chain slows the load, not its answers. */
const IN_FLIGHT_MAX = 56;
/** Milliseconds between two looks at what has to be handed in again. */
const RESUBMIT_LOOK_MS = 500;
const RETRY_MS = 50;

export interface Submission extends Signed {
  readonly sender: number;
  readonly submittedAt: number;
  /** When a node said that it waits; milliseconds of this process, as all times here. */
  acceptedAt: number | null;
  /** When the first followed node told that it is final, and in which block. */
  finalAt: number | null;
  height: number | null;
  resubmitted: number;
  lastTryAt: number;
}

export interface FinalNotice {
  readonly at: number;
  readonly height: number;
  readonly hash: Hash;
  readonly transactionCount: number;
  readonly node: number;
}

export interface LoadOptions {
  readonly testnet: Testnet;
  readonly senders: readonly Sender[];
  /** Transactions a second over all senders. */
  readonly rate: number;
  /** Nodes whose live streams are followed. */
  readonly witnesses: readonly number[];
  /**
   * Milliseconds after which a transaction that is not final is handed in again: pools are in memory and may be gone.
   * Too short a time makes more load of every delay.
   */
  readonly resubmitMs: number;
  /** A fork that two nodes tell of: two hashes at one height. */
  readonly onFork: (height: number) => void;
}

export class Load {
  readonly submissions = new Map<Hash, Submission>();
  /** Every block once, when the first witness told of it. */
  readonly blocks: FinalNotice[] = [];
  /** Transactions that were due while a sender had too many under way. */
  heldBack = 0;
  refusals = new Map<string, number>();
  private readonly options: LoadOptions;
  private readonly clients: ReadonlyMap<number, ApiClient>;
  private readonly requests: ReadonlyMap<number, NodeHttp>;
  /** Submissions that are not final yet. */
  private readonly open = new Map<Hash, Submission>();
  private readonly hashes = new Map<number, Hash>();
  private readonly inFlight: number[];
  private readonly streams: (() => void)[] = [];
  private readonly timers: NodeJS.Timeout[] = [];
  /** Nodes that are expected not to answer now. */
  private readonly away = new Set<number>();
  private issuing = false;
  private stopped = false;
  /** The sender whose turn it is. */
  private turn = 0;
  private rate: number;
  /** Since when the rate holds, and how many were due since then: sent, or held back. */
  private since = 0;
  private due = 0;

  constructor(options: LoadOptions) {
    this.options = options;
    this.clients = new Map(options.testnet.nodes.map((node) => [node, clientOf(options.testnet, node)]));
    this.requests = new Map(options.testnet.nodes.map((node) => [node, nodeHttp(options.testnet.url(node))]));
    this.inFlight = options.senders.map(() => 0);
    this.rate = options.rate;
  }

  start(): void {
    for (const node of this.options.witnesses) {
      const onBlock = (block: Omit<FinalNotice, 'at' | 'node'>): void =>
        this.onBlock({ ...block, at: performance.now(), node });
      this.streams.push(this.client(node).stream({ onBlock }));
    }
    this.setRate(this.rate);
    this.timers.push(
      setInterval(() => this.issue(), TICK_MS),
      setInterval(() => this.resubmit(this.options.resubmitMs), RESUBMIT_LOOK_MS),
    );
  }

  /** From here on so many transactions a second. */
  setRate(rate: number): void {
    this.rate = rate;
    this.since = performance.now();
    this.due = 0;
    this.issuing = true;
  }

  /** Signs ahead what so many seconds at a rate will take, so that signing does not compete with what is measured. */
  prepare(rate: number, seconds: number): void {
    const { senders } = this.options;
    const each = Math.ceil((rate * seconds) / senders.length);
    for (const sender of senders) sender.prepare(each);
  }

  /** No new transactions from here on; those under way are still followed. */
  pauseIssuing(): void {
    this.issuing = false;
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    for (const stream of this.streams) stream();
    for (const http of this.requests.values()) http.close();
  }

  /**
   * Transactions go to other nodes than this one, until it is back. Pools are in memory: when the first of all comes
   * back, what is not final is handed in again at once, or newer transactions would wait for the nonces before them.
   */
  setAway(node: number, away: boolean): void {
    if (away) {
      this.away.add(node);
      return;
    }
    const nobodyWasThere = this.away.size === this.options.testnet.nodes.length;
    this.away.delete(node);
    if (nobodyWasThere) this.resubmit(0);
  }

  unfinished(): readonly Submission[] {
    return [...this.open.values()].filter(({ acceptedAt }) => acceptedAt !== null);
  }

  private client(node: number): ApiClient {
    const client = this.clients.get(node);
    if (!client) throw new RangeError(`there is no node ${node}`);
    return client;
  }

  private http(node: number): NodeHttp {
    const http = this.requests.get(node);
    if (!http) throw new RangeError(`there is no node ${node}`);
    return http;
  }

  private issue(): void {
    if (!this.issuing) return;
    const due = Math.floor(((performance.now() - this.since) / 1_000) * this.rate);
    for (; this.due < due; this.due += 1) {
      const sender = this.turn++ % this.options.senders.length;
      if ((this.inFlight[sender] ?? 0) >= IN_FLIGHT_MAX) this.heldBack += 1;
      else this.submitNext(sender);
    }
  }

  private submitNext(sender: number): void {
    const signed = this.options.senders[sender]?.next();
    if (!signed) return;
    const now = performance.now();
    const submission = { ...signed, sender, submittedAt: now, lastTryAt: now };
    const open: Submission = { ...submission, acceptedAt: null, finalAt: null, height: null, resubmitted: 0 };
    this.submissions.set(signed.hash, open);
    this.open.set(signed.hash, open);
    this.inFlight[sender] = (this.inFlight[sender] ?? 0) + 1;
    void this.handIn(open, this.options.senders[sender]?.home ?? 1);
  }

  /** Tries one node after the other. What is not accepted anywhere comes again with `resubmit`. */
  private async handIn(submission: Submission, home: number): Promise<void> {
    const { nodes } = this.options.testnet;
    submission.lastTryAt = performance.now();
    for (let turn = 0; turn < nodes.length && submission.finalAt === null; turn += 1) {
      const node = ((home - 1 + turn) % nodes.length) + 1;
      if (this.away.has(node)) continue;
      const refused = await this.http(node).submit(submission.body);
      if (refused === null) {
        submission.acceptedAt ??= performance.now();
        return;
      }
      if (refused === 'TX_KNOWN' || refused === 'TX_NONCE_USED') return;
      this.refusals.set(refused, (this.refusals.get(refused) ?? 0) + 1);
      await new Promise((done) => setTimeout(done, RETRY_MS));
    }
  }

  /** @param afterMs since it was handed in last */
  private resubmit(afterMs: number): void {
    const now = performance.now();
    for (const submission of this.open.values()) {
      if (now - submission.lastTryAt < afterMs) continue;
      submission.resubmitted += 1;
      void this.handIn(
        submission,
        ((submission.sender + submission.resubmitted) % this.options.testnet.nodes.length) + 1,
      );
    }
  }

  private onBlock(notice: FinalNotice): void {
    const known = this.hashes.get(notice.height);
    if (known !== undefined) {
      if (known !== notice.hash) this.options.onFork(notice.height);
      return;
    }
    this.hashes.set(notice.height, notice.hash);
    this.blocks.push(notice);
    if (notice.transactionCount > 0) void this.settle(notice);
  }

  /** The time counted is that of the notice; which transactions it brings is asked afterwards, until a node answers. */
  private async settle({ at, height, node }: FinalNotice): Promise<void> {
    const witnesses = [node, ...this.options.witnesses.filter((other) => other !== node)];
    for (let turn = 0; !this.stopped; turn += 1) {
      const witness = witnesses[turn % witnesses.length] ?? node;
      try {
        if (this.away.has(witness)) throw new Error('it would not answer');
        for (const hash of await this.http(witness).transactionsOf(height)) this.finish(hash, at, height);
        return;
      } catch {
        await new Promise((done) => setTimeout(done, RETRY_MS));
      }
    }
  }

  private finish(hash: Hash, at: number, height: number): void {
    const submission = this.submissions.get(hash);
    if (!submission || submission.finalAt !== null) return;
    this.open.delete(hash);
    submission.finalAt = at;
    submission.height = height;
    // Final is more than accepted: the answer of a node that fell may never have come.
    submission.acceptedAt ??= at;
    this.inFlight[submission.sender] = (this.inFlight[submission.sender] ?? 1) - 1;
  }
}
