/**
 * A cluster of whole nodes in one process: the real host, consensus, execution and sync over a memory network, memory
 * stores and a clock that the test owns. Stores and logs survive a crash, everything else is lost.
 */

import { ChainNode, LOCAL_TIMING } from '../host/index.ts';
import type { Clock, TelemetrySink } from '../ports/index.ts';
import type { Genesis } from '../protocol/genesis.ts';
import type { Hash } from '../protocol/types.ts';
import type { TransactionEnvelope } from '../protocol/wire.ts';
import { type MemoryContent, openMemoryLog, openMemoryStore } from '../storage/index.ts';
import { cachedVerifier } from './cached-verifier.ts';
import { developmentGenesis, type GenesisOverrides, testAgents } from './chain-kit.ts';
import { type MemoryHub, type MemoryMessage, memoryHub } from './memory-network.ts';

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

/** Time that moves only when the test says so; between two timers everything that was set off comes to rest. */
export class ManualClock implements Clock {
  private nowMs = 0;
  private readonly originMs: number;
  private readonly timers = new Set<Timer>();

  constructor(originMs: number) {
    this.originMs = originMs;
  }

  monotonicMs(): number {
    return this.nowMs;
  }

  wallMs(): number {
    return this.originMs + Math.floor(this.nowMs);
  }

  at(monotonicMs: number, callback: () => void): () => void {
    const timer = { atMs: Math.max(monotonicMs, this.nowMs), callback };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Lets `forMs` pass, or less when `until` holds before. */
  async advance(forMs: number, until: () => boolean = () => false): Promise<boolean> {
    const end = this.nowMs + forMs;
    for (;;) {
      await rest();
      if (until()) return true;
      const next = [...this.timers].reduce<Timer | undefined>(
        (first, timer) => (first && first.atMs <= timer.atMs ? first : timer),
        undefined,
      );
      if (!next || next.atMs > end) break;
      this.timers.delete(next);
      this.nowMs = next.atMs;
      next.callback();
    }
    this.nowMs = end;
    await rest();
    return until();
  }
}

/** Lets promises and immediates run dry: nothing here waits for the outside. */
async function rest(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((done) => setImmediate(done));
}

interface Member {
  readonly content: MemoryContent;
  readonly logContent: Uint8Array[];
  node: ChainNode | undefined;
}

export class NodeCluster {
  readonly clock: ManualClock;
  readonly genesis: Genesis;
  readonly hub: MemoryHub;
  readonly fatal: unknown[] = [];
  readonly counts = new Map<string, number>();
  private readonly members: Member[];
  /** One for all: what one node has verified the others need not. */
  private readonly verifier = cachedVerifier();
  private readonly logCompactionBlocks: number | undefined;

  /** @param logCompactionBlocks final blocks between two compactions of a log; the usual number when absent */
  constructor(
    fate: (message: MemoryMessage) => number | 'lost' = () => 2,
    genesis: GenesisOverrides = {},
    logCompactionBlocks?: number,
  ) {
    this.logCompactionBlocks = logCompactionBlocks;
    this.genesis = developmentGenesis(genesis);
    this.clock = new ManualClock(this.genesis.timestampMs + 1_000);
    this.hub = memoryHub({ clock: this.clock, fate });
    this.members = testAgents.map(() => ({ content: new Map(), logContent: [], node: undefined }));
  }

  static async started(
    fate?: (message: MemoryMessage) => number | 'lost',
    genesis?: GenesisOverrides,
  ): Promise<NodeCluster> {
    const cluster = new NodeCluster(fate, genesis);
    for (const index of testAgents.keys()) await cluster.start(index);
    await cluster.clock.advance(100);
    return cluster;
  }

  private readonly networks = new Map<number, ReturnType<MemoryHub['join']>>();

  async start(index: number): Promise<void> {
    const member = this.member(index);
    const agent = testAgents[index];
    if (!agent) throw new RangeError(`no node ${index}`);
    const network = this.networks.get(index) ?? this.hub.join(agent.validatorKey);
    this.networks.set(index, network);
    const telemetry: TelemetrySink = {
      log: () => {},
      count: (name, by = 1) => this.counts.set(name, (this.counts.get(name) ?? 0) + by),
      observe: () => {},
    };
    member.node = await ChainNode.start({
      genesis: this.genesis,
      name: `node-${index + 1}`,
      store: await openMemoryStore(member.content),
      log: openMemoryLog(member.logContent),
      network,
      clock: this.clock,
      signer: { key: agent.validatorKey, sign: agent.signAsValidator },
      verifier: this.verifier,
      telemetry,
      timing: LOCAL_TIMING,
      ...(this.logCompactionBlocks !== undefined && { logCompactionBlocks: this.logCompactionBlocks }),
      onFatal: (error) => this.fatal.push(error),
      reporter: agent.wallet,
    });
  }

  /** Says something on the consensus streams in a node's name that the node itself would not. */
  say(index: number, bytes: Uint8Array): void {
    this.networks.get(index)?.broadcastConsensus(bytes);
  }

  async stop(index: number): Promise<void> {
    const { node } = this.member(index);
    this.member(index).node = undefined;
    await node?.stop();
  }

  /** Deletes the chain of a node that is down; its log stays. */
  loseChain(index: number): void {
    this.member(index).content.clear();
  }

  private member(index: number): Member {
    const member = this.members[index];
    if (!member) throw new RangeError(`no node ${index}`);
    return member;
  }

  node(index: number): ChainNode {
    const { node } = this.member(index);
    if (!node) throw new Error(`node ${index} is down`);
    return node;
  }

  living(): readonly ChainNode[] {
    return this.members.flatMap(({ node }) => (node ? [node] : []));
  }

  heights(): readonly number[] {
    return this.living().map((node) => node.final().height);
  }

  /** Submits at one node and waits until all living nodes have it in a final block. False when that takes too long. */
  async settle(index: number, envelope: TransactionEnvelope, withinMs = 10_000): Promise<boolean> {
    const hash = await this.node(index).submit(envelope);
    return this.final(hash, withinMs);
  }

  async final(hash: Hash, withinMs = 10_000): Promise<boolean> {
    const at = new Set<ChainNode>();
    const look = async (): Promise<boolean> => {
      for (const node of this.living()) if (await node.store.placeOf(hash)) at.add(node);
      return this.living().every((node) => at.has(node));
    };
    for (let waited = 0; waited < withinMs; waited += 20) {
      if (await look()) return true;
      await this.clock.advance(20);
    }
    return look();
  }
}
