/** A network under load, measured in windows: what all ways of measuring have in common. */
import { dim, fail, say } from '../lib/output.ts';
import { clientOf } from '../testnet/api.ts';
import type { Testnet } from '../testnet/testnet.ts';
import { type MessageSizes, messageSizes } from './floor.ts';
import { Load } from './load.ts';
import { type Figures, figuresOf, openWindow, serves, type Window } from './measure.ts';
import { type Folder, startNetwork, temporaryFolder } from './network.ts';
import { fundedSenders, type Sender } from './wallets.ts';

/** Wallets that send: at 56 unfinished transactions each, enough for thousands a second. */
const WALLETS = 56;
/** A light load at first, in transactions a second and milliseconds: processes that have just started compile their code. */
const FIRST_RATE = 10;
const FIRST_MS = 8_000;
/** Load at the wanted rate before it is measured, at least and at most: what piles up at first is worked off. */
const WARM_UP_MS_MIN = 3_000;
const WARM_UP_MS_MAX = 40_000;
/** Milliseconds after which a wallet tries again: so long that a slow chain is not made slower. */
const RESUBMIT_MS = 15_000;
/** Milliseconds that the last transactions get to become final. */
const DRAIN_MS_MAX = 30_000;
/** The witness: never killed, and the client listens to it. */
const WITNESS = 1;

export const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** What one window of one rate came to. */
export interface Measured {
  readonly figures: Figures;
  /** Transactions that were due and not sent, because too many were unfinished. */
  readonly heldBack: number;
  /** Accepted transactions that are not final after the load has ended. */
  readonly unfinished: number;
  /** False when more was offered than the chain took. */
  readonly keptUp: boolean;
  /** Of the messages that made these blocks final. */
  readonly sizes: MessageSizes;
}

export interface SessionOptions {
  readonly validators: number;
  readonly payloadBytes: number;
  /** How much longer than usual the timers of consensus are. */
  readonly timers: number;
}

export class Session {
  readonly testnet: Testnet;
  readonly load: Load;
  readonly folder: Folder;
  readonly begun = performance.now();
  private readonly senders: readonly Sender[];

  private constructor(testnet: Testnet, folder: Folder, senders: readonly Sender[]) {
    const onFork = (height: number): never => fail(`two blocks at height ${height}`);
    this.testnet = testnet;
    this.folder = folder;
    this.senders = senders;
    this.load = new Load({ testnet, senders, rate: 0, witnesses: [WITNESS], resubmitMs: RESUBMIT_MS, onFork });
    this.load.start();
  }

  /** Starts the network and gives the load its wallets. */
  static async open({ validators, payloadBytes, timers }: SessionOptions): Promise<Session> {
    const folder = temporaryFolder();
    const testnet = await startNetwork(folder, validators, timers);
    const { chainId } = await clientOf(testnet, WITNESS).chain();
    say(dim(`funding ${WALLETS} wallets for the load …`));
    const session = new Session(
      testnet,
      folder,
      await fundedSenders(testnet, chainId, { count: WALLETS, payloadBytes }),
    );
    session.load.setRate(FIRST_RATE);
    await pause(FIRST_MS);
    await session.drain();
    return session;
  }

  /** Loads at a rate until less than a second's load is under way. Returns false when that does not come. */
  async warmUp(rate: number, thenSeconds: number): Promise<boolean> {
    this.load.prepare(rate, WARM_UP_MS_MAX / 1_000 + thenSeconds);
    this.load.setRate(rate);
    await pause(WARM_UP_MS_MIN);
    const end = performance.now() + WARM_UP_MS_MAX - WARM_UP_MS_MIN;
    while (performance.now() < end) {
      if (this.load.unfinished().length < Math.max(1, rate)) return true;
      await pause(100);
    }
    return false;
  }

  async window(seconds: number): Promise<{ readonly begin: Window; readonly end: Window }> {
    const begin = await openWindow(this.testnet);
    await pause(seconds * 1_000);
    return { begin, end: await openWindow(this.testnet) };
  }

  /** Ends the load and waits for what is under way. @returns accepted transactions that are not final */
  async drain(): Promise<number> {
    this.load.pauseIssuing();
    const end = performance.now() + DRAIN_MS_MAX;
    while (this.load.unfinished().length > 0 && performance.now() < end) await pause(50);
    return this.load.unfinished().length;
  }

  /** One rate from its warm-up to the end of what it left. */
  async measure(rate: number, seconds: number): Promise<Measured> {
    const before = this.load.heldBack;
    const settled = await this.warmUp(rate, seconds);
    const { begin, end } = await this.window(seconds);
    const unfinished = await this.drain();
    const figures = figuresOf(this.load, begin, end);
    const heldBack = this.load.heldBack - before;
    const keptUp = settled && heldBack === 0 && unfinished === 0 && serves(figures, rate);
    return { figures, heldBack, unfinished, keptUp, sizes: this.sizesAt(figures) };
  }

  /** Sizes of messages with proposals of as many transactions as were in a block. */
  sizesAt({ transactionsPerBlock }: Figures): MessageSizes {
    const { senders } = this;
    const count = Math.round(transactionsPerBlock);
    const sample = Array.from({ length: count }, (_, at) => senders[at % senders.length]?.example());
    return messageSizes(
      this.testnet.nodes.length,
      sample.filter((one) => one !== undefined),
    );
  }

  /** Ends the nodes; the folder stays until it is removed, or this process ends. */
  async close(): Promise<void> {
    this.load.stop();
    await this.testnet.down();
  }
}
