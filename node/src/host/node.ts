/** A node as its gateway and its agent see it: the engine behind `NodeView`, joined to the network. */
import type {
  ChainStore,
  FinalBlock,
  NodeEvent,
  NodeKey,
  NodeView,
  PeerInfo,
  PendingTransaction,
} from '../ports/index.ts';
import type { ConsensusView, Validators } from '../protocol/api/index.ts';
import { DecodeError } from '../protocol/errors.ts';
import type { Genesis } from '../protocol/genesis.ts';
import { genesisHash, headerHash } from '../protocol/hashing.ts';
import type { Address, Hash } from '../protocol/types.ts';
import {
  type ConsensusMessage,
  decodeConsensusMessage,
  decodeSyncResponse,
  encodeEnvelope,
  encodeSyncResponse,
  type TransactionEnvelope,
} from '../protocol/wire.ts';
import { genesisHeader } from '../vm/index.ts';
import { BlockTree, type FinalTip } from './block-tree.ts';
import type { NodeDependencies } from './dependencies.ts';
import { Engine } from './engine.ts';
import { Herald } from './herald.ts';
import { admit, admitGossip, type IntakeDependencies } from './intake.ts';
import { loadTip } from './load-tip.ts';
import { Mempool } from './mempool.ts';
import { PeersClient } from './peers-client.ts';
import { readSigned, type SignedBefore } from './signed-before.ts';
import { paramsOf } from './state-access.ts';
import { Observations } from './status.ts';
import { answerSync, statusOf } from './sync-server.ts';

export class ChainNode implements NodeView {
  readonly genesis: Genesis;
  readonly genesisHash: Hash;
  readonly key: NodeKey;
  readonly name: string;
  readonly startedAtMs: number;
  readonly store: ChainStore;
  private readonly deps: NodeDependencies;
  private readonly tree: BlockTree;
  private readonly pool: Mempool;
  private readonly seen: Observations;
  private readonly engine: Engine;
  private readonly intake: IntakeDependencies;
  private readonly herald: Herald;
  private readonly listeners = new Set<(event: NodeEvent) => void>();
  private running = false;

  private constructor(deps: NodeDependencies, signed: SignedBefore, tip: FinalTip, proposers: readonly NodeKey[]) {
    this.deps = deps;
    this.genesis = deps.genesis;
    this.genesisHash = genesisHash(deps.genesis);
    this.key = deps.signer.key;
    this.name = deps.name;
    this.store = deps.store;
    this.startedAtMs = deps.clock.wallMs();
    this.tree = new BlockTree(deps.genesis.chainId, deps.verifier, tip);
    this.pool = new Mempool({
      account: (address) => this.tree.tip.state.get('account', address),
      params: () => paramsOf(this.tree.tip.state),
    });
    this.seen = new Observations(proposers);
    this.engine = new Engine({
      deps,
      tree: this.tree,
      pool: this.pool,
      asking: new PeersClient(deps.network, deps.telemetry),
      seen: this.seen,
      signed,
      onFinal: (blocks) => this.announce(blocks),
      onSyncChange: () => this.emitPeers(),
      submit: (transaction) => this.submit({ transaction, blobs: [] }),
    });
    this.herald = new Herald(deps.clock, () => {
      deps.network.announce(encodeSyncResponse(statusOf(this.tree, this.engine.core)));
    });
    const { verifier, store } = deps;
    const onAdmitted = (): void => this.onAdmitted();
    this.intake = { chainId: deps.genesis.chainId, verifier, store, pool: this.pool, onAdmitted };
  }

  /** Loads the chain, restores what was signed, and joins the network. @throws StoreError */
  static async start(deps: NodeDependencies): Promise<ChainNode> {
    const signed = await readSigned(deps.log, deps.store, headerHash(genesisHeader(deps.genesis)));
    const tip = await loadTip(deps.store, deps.genesis);
    const proposers = await Observations.proposersOf(deps.store, tip.header.height);
    const node = new ChainNode(deps, signed, tip, proposers);
    const { store, tree, pool, engine } = node;
    await engine.restore();
    await deps.network.start({
      onConsensus: (from, bytes) => node.onConsensus(from, bytes),
      onTransaction: (_from, bytes) => admitGossip(node.intake, bytes),
      onSyncRequest: async (from, bytes) => {
        try {
          return await answerSync({ store, tree, pool, core: engine.core }, bytes);
        } catch (error) {
          if (error instanceof DecodeError) deps.network.blame?.(from, 'malformed');
          throw error;
        }
      },
      onAnnouncement: (from, bytes) => node.onAnnouncement(from, bytes),
      onPeerConnected: (key) => {
        node.emitPeers();
        engine.catchUp.start(key);
      },
      onPeerDisconnected: (key) => {
        node.emitPeers();
        engine.catchUp.lost(key);
      },
    });
    node.running = true;
    engine.start();
    return node;
  }

  async stop(): Promise<void> {
    this.running = false;
    this.herald.stop();
    await this.deps.network.stop();
    await this.engine.stop();
    await this.deps.log.close();
    await this.store.close();
  }

  final(): ReturnType<NodeView['final']> {
    const { header, hash, state } = this.tree.tip;
    return { height: header.height, hash, timestampMs: header.timestampMs, state };
  }

  ready(): boolean {
    return this.running && !this.engine.catchUp.active && this.connectedPower() >= this.engine.core.quorum;
  }

  pending(): readonly PendingTransaction[] {
    return this.pool.entries();
  }

  validators(): Validators {
    return this.seen.validators(this.engine.core, this.tree.tip.state, this.connected(), this.key);
  }

  consensus(): ConsensusView {
    return this.seen.consensus(this.engine.core, this.tree, this.engine.catchUp.active);
  }

  peers(): readonly PeerInfo[] {
    return this.deps.network.peers();
  }

  /**
   * Whether a peer is heard on the consensus protocol: the epoch's validators, and all others who bond, so that those
   * who come or go follow as they do.
   */
  isValidator(key: NodeKey): boolean {
    const { state } = this.tree.tip;
    return this.engine.set.validators.some((one) => one.key === key) || state.get('validator', key) !== undefined;
  }

  /** The nonce that this node would take next from a sender. */
  nextNonce(sender: Address): number {
    return this.pool.nextNonce(sender);
  }

  subscribe(listener: (event: NodeEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async submit(envelope: TransactionEnvelope): Promise<Hash> {
    const hash = await admit(this.intake, envelope);
    this.deps.network.publishTransaction(encodeEnvelope(envelope));
    return hash;
  }

  private onAdmitted(): void {
    this.deps.telemetry.count('transactions_admitted');
    this.emit({ type: 'pending', count: this.pool.size });
    this.engine.noteAdmitted();
  }

  private announce(blocks: readonly FinalBlock[]): void {
    for (const block of blocks) this.emit({ type: 'finalized', block });
    this.emit({ type: 'pending', count: this.pool.size });
    this.herald.tell();
  }

  private emitPeers(): void {
    this.emit({ type: 'peers', count: this.deps.network.peers().length });
  }

  private emit(event: NodeEvent): void {
    for (const listener of this.listeners) {
      try {
        listener(event);
      } catch (error) {
        this.deps.telemetry.log('error', 'a listener failed', { event: event.type, error: String(error) });
      }
    }
  }

  private connected(): ReadonlySet<NodeKey> {
    return new Set([this.key, ...this.deps.network.peers().map(({ key }) => key)]);
  }

  private connectedPower(): number {
    const connected = this.connected();
    return this.engine.set.validators.reduce((sum, { key, power }) => sum + (connected.has(key) ? power : 0), 0);
  }

  private onAnnouncement(from: NodeKey, bytes: Uint8Array): void {
    try {
      const said = decodeSyncResponse(bytes);
      if (said.type === 'status') this.engine.catchUp.announced(from, said.height);
    } catch (error) {
      this.deps.telemetry.count('malformed_messages');
      this.deps.telemetry.log('warn', 'malformed announcement', { from, error: String(error) });
    }
  }

  private onConsensus(from: NodeKey, bytes: Uint8Array): void {
    let message: ConsensusMessage;
    try {
      message = decodeConsensusMessage(bytes);
    } catch (error) {
      this.deps.telemetry.count('malformed_messages');
      this.deps.telemetry.log('warn', 'malformed message', { from, error: String(error) });
      this.deps.network.blame?.(from, 'malformed');
      return;
    }
    if (!this.engine.isOwnWord(from, message)) {
      this.deps.network.blame?.(from, 'invalid');
      return;
    }
    this.engine.hear(from, this.withTwins(message));
  }

  /** A proposal whose transactions are the pool's own, where it has them. */
  private withTwins(message: ConsensusMessage): ConsensusMessage {
    if (message.type !== 'proposal') return message;
    const { block } = message;
    const transactions = block.transactions.map((transaction) => this.pool.twin(transaction));
    return { ...message, block: { ...block, transactions } };
  }
}
