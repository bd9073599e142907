/** A node that knows the genesis only, against peers that hold a chain and answer well, badly, or not at all. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Network, NetworkHandlers, NodeKey } from '../ports/index.ts';
import { silentTelemetry } from '../ports/index.ts';
import { nobleVerifier } from '../protocol/crypto/verifier.ts';
import { evidenceHash } from '../protocol/hashing.ts';
import type { Block, FinalityProof } from '../protocol/types.ts';
import { decodeSyncRequest, encodeSyncResponse, type SyncRequest, type SyncResponse } from '../protocol/wire.ts';
import { type MemoryContent, openMemoryLog, openMemoryStore } from '../storage/index.ts';
import { testAgent } from '../testing/chain-kit.ts';
import { FinalizedChain } from '../testing/finalized-chain.ts';
import { type MemoryHub, memoryHub } from '../testing/memory-network.ts';
import { ManualClock } from '../testing/node-cluster.ts';
import { LOCAL_TIMING, SYNC_RANGES_MAX, SYNC_RANGES_PER_PEER_MAX } from './constants.ts';
import { ChainNode } from './node.ts';

const BLOCKS = 150;
const JOINER: NodeKey = 'f0'.repeat(32);
const peerKey = (index: number): NodeKey => `${index + 10}`.repeat(32);
const BLOB = 'a blob that a block of the chain refers to';

/** Built once: every test reads it only. */
const chain = ((): FinalizedChain => {
  const built = new FinalizedChain();
  const to = testAgent('process_scheduler').wallet.address;
  for (let height = 1; height <= BLOCKS; height += 1) {
    const evidence = height === 40 ? [built.keep(BLOB)] : [];
    const isBusy = height % 10 === 0;
    built.block(
      isBusy ? [built.transaction('alert_receiver', 'transfer', { to, amount: 1 }, { evidence, gasLimit: 500 })] : [],
      5_000,
    );
  }
  return built;
})();

type Answer = SyncResponse | undefined | 'never';
type Peer = (request: SyncRequest) => Answer;

const range = (from: number, count: number): { blocks: readonly Block[]; finality: FinalityProof | null } => {
  const found = chain.finalBlocks.slice(from - 1, from - 1 + count);
  return { blocks: found.map(({ block }) => block), finality: found.at(-1)?.finality ?? null };
};

const honest: Peer = (request) => {
  switch (request.type) {
    case 'status': {
      const tip = chain.finalBlocks.at(-1);
      return { type: 'status', height: BLOCKS, hash: tip?.hash ?? '', view: BLOCKS + 1 };
    }
    case 'blocks':
      return { type: 'blocks', ...range(request.fromHeight, request.count) };
    case 'evidence':
      return { type: 'evidence', blobs: request.hashes.flatMap((hash) => chain.blobs.get(hash) ?? []) };
    default:
      return undefined;
  }
};

/** Answers like `honest`, but ranges as told. */
const withRanges =
  (give: (request: Extract<SyncRequest, { type: 'blocks' }>) => Answer): Peer =>
  (request) =>
    request.type === 'blocks' ? give(request) : honest(request);

const PEERS = {
  honest,
  silent: withRanges(() => 'never'),
  empty: withRanges(() => ({ type: 'blocks', blocks: [], finality: null })),
  short: withRanges(({ fromHeight, count }) => ({ type: 'blocks', ...range(fromHeight, Math.min(count, 5)) })),
  shifted: withRanges(({ fromHeight, count }) => ({ type: 'blocks', ...range(fromHeight + 1, count) })),
  forged: withRanges(({ fromHeight, count }) => {
    const { blocks, finality } = range(fromHeight, count);
    const forge = ({ header, transactions }: Block): Block => ({
      header: { ...header, timestampMs: header.timestampMs + 1 },
      transactions,
    });
    return { type: 'blocks', blocks: blocks.map(forge), finality };
  }),
  uncertified: withRanges(({ fromHeight, count }) => {
    const { blocks, finality } = range(fromHeight, count);
    if (!finality) return undefined;
    const { certificate } = finality;
    const signatures = certificate.signatures.map(() => '0'.repeat(128));
    return { type: 'blocks', blocks, finality: { ...finality, certificate: { ...certificate, signatures } } };
  }),
  boaster: ((request) =>
    request.type === 'status'
      ? { type: 'status', height: 1_000_000, hash: 'ab'.repeat(32), view: 1 }
      : honest(request)) as Peer,
} as const;

class Scene {
  readonly clock = new ManualClock(chain.genesis.timestampMs + BLOCKS * 5_000);
  readonly content: MemoryContent = new Map();
  private readonly logged: Uint8Array[] = [];
  readonly fatal: unknown[] = [];
  /** Requests for blocks as they came, by peer. */
  readonly asked: { readonly peer: number; readonly from: number }[] = [];
  /** The most that were under way at a time: of all peers, and of one. */
  readonly most = { all: 0, one: 0 };
  private readonly underWay = new Map<number, number>();
  private readonly hub: MemoryHub;
  private readonly joiner;
  node: ChainNode | undefined;

  constructor() {
    this.hub = memoryHub({ clock: this.clock, isMember: (key) => key !== JOINER, fate: () => 5 });
    this.joiner = this.hub.join(JOINER);
  }

  async peer(index: number, peer: Peer): Promise<Network> {
    const handlers: NetworkHandlers = {
      onConsensus: () => {},
      onTransaction: async () => 'ignore',
      onAnnouncement: () => {},
      onPeerConnected: () => {},
      onPeerDisconnected: () => {},
      onSyncRequest: (_from, bytes) => this.answer(index, decodeSyncRequest(bytes), peer),
    };
    const network = this.hub.join(peerKey(index));
    await network.start(handlers);
    return network;
  }

  private async answer(index: number, request: SyncRequest, peer: Peer): Promise<Uint8Array> {
    const isRange = request.type === 'blocks';
    if (isRange) {
      this.asked.push({ peer: index, from: request.fromHeight });
      this.underWay.set(index, (this.underWay.get(index) ?? 0) + 1);
      const counts = [...this.underWay.values()];
      this.most.one = Math.max(this.most.one, ...counts);
      this.most.all = Math.max(
        this.most.all,
        counts.reduce((sum, count) => sum + count, 0),
      );
    }
    const answer = peer(request);
    if (answer === 'never') return new Promise(() => {});
    await new Promise<void>((done) => this.clock.at(this.clock.monotonicMs() + 20, done));
    if (isRange) this.underWay.set(index, (this.underWay.get(index) ?? 1) - 1);
    if (!answer) throw new Error('nothing to say');
    return encodeSyncResponse(answer);
  }

  async start(): Promise<void> {
    this.node = await ChainNode.start({
      genesis: chain.genesis,
      name: 'joiner',
      store: await openMemoryStore(this.content),
      log: openMemoryLog(this.logged),
      network: this.joiner,
      clock: this.clock,
      signer: { key: JOINER, sign: () => '' },
      verifier: nobleVerifier,
      telemetry: silentTelemetry,
      timing: LOCAL_TIMING,
      onFatal: (error) => this.fatal.push(error),
    });
  }

  get height(): number {
    return this.node?.final().height ?? 0;
  }

  reaches(height: number, withinMs = 60_000): Promise<boolean> {
    return this.clock.advance(withinMs, () => this.height >= height);
  }

  async stop(): Promise<void> {
    await this.node?.stop();
    this.node = undefined;
  }
}

let scene: Scene;
const sceneOf = async (...peers: readonly (keyof typeof PEERS)[]): Promise<Scene> => {
  scene = new Scene();
  for (const [index, name] of peers.entries()) await scene.peer(index, PEERS[name]);
  await scene.start();
  return scene;
};

afterEach(async () => {
  await scene.stop();
  expect(scene.fatal).toEqual([]);
});

async function expectWholeChain(): Promise<void> {
  expect(await scene.reaches(BLOCKS)).toBe(true);
  expect(scene.node?.final().hash).toBe(chain.finalBlocks.at(-1)?.hash);
  expect(scene.node?.final().state.root()).toBe(chain.state.root());
}

describe('a follower', () => {
  it('has a new block as soon as a member announces it, without having asked, and never counts as catching up', async () => {
    scene = new Scene();
    let final = 100;
    const status = (): SyncResponse => ({ type: 'status', height: final, hash: 'ab'.repeat(32), view: final + 1 });
    const questions: SyncRequest['type'][] = [];
    const member = await scene.peer(0, (request) => {
      questions.push(request.type);
      if (request.type === 'status') return status();
      if (request.type !== 'blocks') return honest(request);
      return { type: 'blocks', ...range(request.fromHeight, Math.min(request.count, final - request.fromHeight + 1)) };
    });
    await scene.start();
    expect(await scene.reaches(final)).toBe(true);
    await scene.clock.advance(30_000);
    questions.length = 0;
    for (final = 101; final <= 110; final += 1) {
      member.announce(encodeSyncResponse(status()));
      expect(await scene.reaches(final, 100)).toBe(true);
      expect(scene.node?.consensus().phase).not.toBe('syncing');
      await scene.clock.advance(5_000);
    }
    expect(questions.filter((type) => type !== 'evidence')).toEqual(Array.from({ length: 10 }, () => 'blocks'));
  });

  it('goes by final blocks where it says who signs', async () => {
    await sceneOf('honest');
    await expectWholeChain();
    const { validators } = scene.node?.validators() ?? { validators: [] };
    // The chain's certificates are signed by the first six of seven.
    expect(validators.map(({ lastSignedView }) => lastSignedView)).toEqual([...Array(6).fill(BLOCKS), 0]);
    expect(validators.every(({ self }) => !self)).toBe(true);
  });
});

describe('a late joiner', () => {
  it('has the whole chain of several peers, asked side by side and within bounds', async () => {
    await sceneOf('honest', 'honest', 'honest');
    await expectWholeChain();
    expect(new Set(scene.asked.map(({ peer }) => peer)).size).toBe(3);
    expect(scene.most.all).toBeGreaterThan(2);
    expect(scene.most.all).toBeLessThanOrEqual(SYNC_RANGES_MAX);
    expect(scene.most.one).toBeLessThanOrEqual(SYNC_RANGES_PER_PEER_MAX + 1);
    expect(new Set(scene.asked.map(({ from }) => from)).size).toBe(scene.asked.length);
  });

  it.each(['silent', 'empty', 'short', 'shifted', 'forged', 'uncertified', 'boaster'] as const)(
    'gets past a peer that is %s, whichever of them is first',
    async (kind) => {
      await sceneOf(kind, 'honest', kind);
      await expectWholeChain();
    },
  );

  it.each(['forged', 'uncertified', 'shifted', 'empty', 'silent'] as const)(
    'takes nothing of peers that are all %s, and does not ask them without end',
    async (kind) => {
      await sceneOf(kind, kind);
      await scene.clock.advance(60_000);
      expect(scene.height).toBe(0);
      expect(scene.asked.length).toBeLessThan(100);
      expect(scene.node?.ready()).toBe(false);
    },
  );

  it('goes on after a restart where its last commit ended, with the evidence of all that it holds', async () => {
    await sceneOf('honest');
    await scene.clock.advance(60_000, () => scene.height >= 40 && scene.height < BLOCKS);
    const { height } = scene;
    expect(height).toBeLessThan(BLOCKS);
    await scene.stop();
    scene.asked.length = 0;
    await scene.start();
    expect(await scene.node?.store.hasEvidence(evidenceHash(new TextEncoder().encode(BLOB)))).toBe(true);
    expect(scene.height).toBe(height);
    await expectWholeChain();
    expect(Math.min(...scene.asked.map(({ from }) => from))).toBe(height + 1);
  });
});
