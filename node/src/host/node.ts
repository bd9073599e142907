/**
 * The host: performs what consensus asks for, in order, and feeds back what comes of it. One queue, one turn at a time:
 * every input, every commit and every sync step runs alone, so that the final tip changes in one place only.
 */
import {
  type ConsensusState,
  createConsensus,
  type Effect,
  type Input,
  liveRecords,
  restore,
  step,
} from '../consensus/index.ts';
import type {
  ChainStore,
  Clock,
  GossipVerdict,
  Network,
  NodeEvent,
  NodeKey,
  NodeView,
  PendingTransaction,
  TelemetrySink,
  ValidatorSigner,
  WriteAheadLog,
} from '../ports/index.ts';
import { StoreError } from '../ports/index.ts';
import type { ConsensusView, Validators } from '../protocol/api/index.ts';
import { EVIDENCE_BLOB_BYTES_MAX } from '../protocol/constants.ts';
import type { Verifier } from '../protocol/crypto/verifier.ts';
import { AdmissionError, DecodeError } from '../protocol/errors.ts';
import type { Genesis } from '../protocol/genesis.ts';
import { evidenceHash, genesisHash, headerHash, transactionHash, voteSigningRoot } from '../protocol/hashing.ts';
import type { Block, FinalityProof, Hash, ValidatorSet } from '../protocol/types.ts';
import {
  type ConsensusMessage,
  decodeConsensusMessage,
  decodeEnvelope,
  encodeConsensusMessage,
  encodeEnvelope,
  type TransactionEnvelope,
} from '../protocol/wire.ts';
import { checkStateless, genesisHeader, genesisState, stateOf, validatorSetOf } from '../vm/index.ts';
import { BlockRefusal, BlockTree, checkDrift, type ExecutedBlock } from './block-tree.ts';
import { type ConsensusTiming, EVIDENCE_RETRY_MS, LOG_COMPACTION_BLOCKS, SYNC_RETRY_MS } from './constants.ts';
import { finalBlocks, verifyQuorum, verifyRange } from './finality.ts';
import { decodeLogRecord, encodeLogRecord } from './log-codec.ts';
import { Mempool } from './mempool.ts';
import { PeersClient } from './peers-client.ts';
import { heartbeatOf, paramsOf } from './state-access.ts';
import { Observations } from './status.ts';
import { answerSync } from './sync-server.ts';

export interface NodeDependencies {
  readonly genesis: Genesis;
  readonly name: string;
  readonly store: ChainStore;
  readonly log: WriteAheadLog;
  readonly network: Network;
  readonly clock: Clock;
  readonly signer: ValidatorSigner;
  readonly verifier: Verifier;
  readonly telemetry: TelemetrySink;
  readonly timing: ConsensusTiming;
  /** The node cannot go on (its disk failed, or its own execution contradicts a quorum): end the process. */
  readonly onFatal: (error: unknown) => void;
}

type Turn = Input | (() => Promise<void>);

/** @throws StoreError WRONG_GENESIS, CORRUPT */
async function loadTip(store: ChainStore, genesis: Genesis): Promise<BlockTree['tip']> {
  const header = genesisHeader(genesis);
  const hash = headerHash(header);
  const initial = genesisState(genesis);
  await store.initialise(hash, new Map(initial.entries('')));
  const tip = await store.tip();
  if (!tip || tip.height === 0) return { header, hash, state: initial };
  const stored = await store.blockAt(tip.height);
  const entries: (readonly [string, string])[] = [];
  for await (const entry of store.state()) entries.push(entry);
  const state = stateOf(entries);
  if (!stored || state.root() !== stored.block.header.stateRoot) {
    throw new StoreError(
      'CORRUPT',
      `the state does not match block ${tip.height}; delete the node's data and let it sync again`,
    );
  }
  return { header: stored.block.header, hash: tip.hash, state };
}

export class ChainNode implements NodeView {
  readonly genesis: Genesis;
  readonly genesisHash: Hash;
  readonly key: NodeKey;
  readonly name: string;
  readonly startedAtMs: number;
  readonly store: ChainStore;
  private readonly deps: NodeDependencies;
  private readonly tree: BlockTree;
  private readonly set: ValidatorSet;
  private readonly core: ConsensusState;
  private readonly pool: Mempool;
  private readonly asking: PeersClient;
  private readonly seen: Observations;
  private readonly listeners = new Set<(event: NodeEvent) => void>();
  private readonly turns: Turn[] = [];
  /** Evidence of final blocks that is not held yet. */
  private readonly missingEvidence = new Set<Hash>();
  private readonly timers = new Map<'wake' | 'sync' | 'evidence', () => void>();
  private running: Promise<void> | null = null;
  private syncing = false;
  private started = false;
  private stopped = false;
  private finalSinceCompaction = 0;
  private told: { pending: boolean; heartbeatMs: number } | null = null;

  private constructor(deps: NodeDependencies, tip: BlockTree['tip'], proposers: readonly NodeKey[]) {
    this.deps = deps;
    this.genesis = deps.genesis;
    this.genesisHash = genesisHash(deps.genesis);
    this.key = deps.signer.key;
    this.name = deps.name;
    this.store = deps.store;
    this.startedAtMs = deps.clock.wallMs();
    this.set = validatorSetOf(tip.state);
    this.tree = new BlockTree(deps.genesis.chainId, this.set, tip);
    this.pool = new Mempool({
      account: (address) => this.tree.tip.state.get('account', address),
      params: () => paramsOf(this.tree.tip.state),
    });
    this.asking = new PeersClient(deps.network, deps.telemetry);
    this.seen = new Observations(proposers);
    const self = this.set.validators.findIndex(({ key }) => key === this.key);
    const { chainId } = deps.genesis;
    this.core = createConsensus(
      {
        ...deps.timing,
        epoch: this.set.epoch,
        validators: this.set,
        self: self < 0 ? null : self,
        verify: (subject, validator, signature) =>
          deps.verifier.validator(
            this.set.validators[validator]?.key ?? '',
            voteSigningRoot(chainId, subject),
            signature,
          ),
        sign: (subject) => deps.signer.sign(voteSigningRoot(chainId, subject)),
      },
      { hash: tip.hash, height: tip.header.height, view: tip.header.view },
    );
  }

  /** Opens the stores, restores what was signed, and joins the network. @throws StoreError, DecodeError on damaged data */
  static async start(deps: NodeDependencies): Promise<ChainNode> {
    const tip = await loadTip(deps.store, deps.genesis);
    const node = new ChainNode(deps, tip, await Observations.proposersOf(deps.store, tip.header.height));
    restore(node.core, (await deps.log.replay()).map(decodeLogRecord));
    await deps.network.start({
      onConsensus: (from, bytes) => node.onConsensus(from, bytes),
      onTransaction: (_from, bytes) => node.onGossip(bytes),
      onSyncRequest: (_from, bytes) =>
        answerSync({ store: node.store, tree: node.tree, pool: node.pool, core: node.core }, bytes),
      onPeerConnected: () => node.onPeer(true),
      onPeerDisconnected: () => node.onPeer(false),
    });
    node.started = true;
    node.enqueue({ type: 'start' });
    node.tellWork();
    return node;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
    await this.deps.network.stop();
    await this.running;
    await this.deps.log.close();
    await this.store.close();
  }

  // --- what gateway and agent see -------------------------------------------------------------------------------

  final(): ReturnType<NodeView['final']> {
    const { header, hash, state } = this.tree.tip;
    return { height: header.height, hash, timestampMs: header.timestampMs, state };
  }

  ready(): boolean {
    return this.started && !this.stopped && !this.syncing && this.connectedPower() >= this.core.quorum;
  }

  pending(): readonly PendingTransaction[] {
    return this.pool.entries();
  }

  validators(): Validators {
    return this.seen.validators(this.core, this.set, this.tree.tip.state, this.connected(), this.key);
  }

  consensus(): ConsensusView {
    return this.seen.consensus(this.core, this.tree, this.syncing);
  }

  peers(): ReturnType<NodeView['peers']> {
    return this.deps.network.peers();
  }

  /** The nonce that this node would take next from a sender. */
  nextNonce(sender: string): number {
    return this.pool.nextNonce(sender);
  }

  subscribe(listener: (event: NodeEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async submit(envelope: TransactionEnvelope): Promise<Hash> {
    const hash = await this.admit(envelope);
    this.deps.network.publishTransaction(encodeEnvelope(envelope));
    return hash;
  }

  // --- transactions ---------------------------------------------------------------------------------------------

  /** @throws AdmissionError */
  private async admit({ transaction, blobs }: TransactionEnvelope): Promise<Hash> {
    const hash = transactionHash(transaction);
    if (this.pool.get(hash)) throw new AdmissionError('TX_KNOWN', 'it is waiting already');
    if (await this.store.placeOf(hash)) throw new AdmissionError('TX_KNOWN', 'it is in a final block');
    checkStateless(transaction, this.genesis.chainId, this.deps.verifier);
    if (blobs.length !== transaction.evidence.length) {
      throw new AdmissionError(
        'TX_EVIDENCE_MISSING',
        `${transaction.evidence.length} blobs named, ${blobs.length} sent`,
      );
    }
    const named = new Map(transaction.evidence.map((name, index) => [name, blobs[index] as Uint8Array])); // same length
    for (const [name, blob] of named) {
      if (blob.length > EVIDENCE_BLOB_BYTES_MAX)
        throw new AdmissionError('TX_TOO_LARGE', 'an evidence blob is too large');
      if (evidenceHash(blob) !== name) throw new AdmissionError('TX_EVIDENCE_MISMATCH', `a blob is not ${name}`);
    }
    this.pool.add({ hash, transaction, blobs: named });
    this.deps.telemetry.count('transactions_admitted');
    this.emit({ type: 'pending', count: this.pool.size });
    this.tellWork();
    return hash;
  }

  private async onGossip(bytes: Uint8Array): Promise<GossipVerdict> {
    try {
      await this.admit(decodeEnvelope(bytes));
      return 'accept';
    } catch (error) {
      if (error instanceof DecodeError) return 'reject';
      if (!(error instanceof AdmissionError)) throw error;
      // What a well-meaning peer can pass on in good faith is ignored; what nobody can, is held against it.
      const bad = ['TX_MALFORMED', 'TX_BAD_SIGNATURE', 'TX_SENDER_MISMATCH', 'TX_WRONG_CHAIN', 'TX_EVIDENCE_MISMATCH'];
      return bad.includes(error.code) ? 'reject' : 'ignore';
    }
  }

  // --- the queue ------------------------------------------------------------------------------------------------

  private enqueue(turn: Turn): void {
    if (this.stopped) return;
    this.turns.push(turn);
    this.kick();
  }

  private kick(): void {
    if (this.running || this.turns.length === 0) return;
    this.running = this.drain().then(
      () => {
        this.running = null;
        this.kick(); // a turn may have come after the last look
      },
      (error) => {
        this.stopped = true;
        this.deps.onFatal(error);
      },
    );
  }

  private async drain(): Promise<void> {
    for (let turn = this.turns.shift(); turn && !this.stopped; turn = this.turns.shift()) {
      if (typeof turn === 'function') await turn();
      else await this.perform(step(this.core, turn, this.deps.clock.monotonicMs()));
      if (this.turns.length === 0) this.tellWork();
    }
  }

  /** Effects strictly in order: a vote is on disk before it is on the wire. */
  private async perform(effects: readonly Effect[]): Promise<void> {
    for (const effect of effects) await this.effect(effect);
  }

  private async effect(effect: Effect): Promise<void> {
    switch (effect.type) {
      case 'persist':
        return this.deps.log.append(effect.records.map(encodeLogRecord));
      case 'broadcast':
        return this.deps.network.broadcastConsensus(encodeConsensusMessage(effect.message));
      case 'send': {
        const to = this.set.validators[effect.to]?.key;
        if (to) this.deps.network.sendConsensus(to, encodeConsensusMessage(effect.message));
        return;
      }
      case 'build':
        return this.build(effect.view, effect.parent);
      case 'validate':
        return this.validate(effect.block, effect.hash, effect.from);
      case 'finalize':
        return this.commit(
          effect.blocks.map((block) => this.tree.execute(block)),
          { descendants: [], certificate: effect.certificate },
        );
      case 'fetchBlock':
        return this.fetchBlock(effect.hash, effect.from);
      case 'fetchCertificates':
        return this.fetchCertificates(effect.fromView, effect.toView, effect.from);
      case 'behind':
        return this.sync();
      case 'accuse':
        this.deps.telemetry.log('warn', 'equivocation seen', { first: effect.first, second: effect.second });
        return this.deps.telemetry.count('equivocations_seen');
      case 'wake':
        return this.timer('wake', effect.atMs, () => this.enqueue({ type: 'tick' }));
    }
  }

  private timer(name: 'wake' | 'sync' | 'evidence', atMs: number, callback: () => void): void {
    this.timers.get(name)?.();
    if (this.stopped) return;
    this.timers.set(
      name,
      this.deps.clock.at(atMs, () => {
        this.timers.delete(name);
        callback();
      }),
    );
  }

  /** Tells consensus whether anything waits, when that changed. */
  private tellWork(): void {
    if (this.stopped || !this.started) return;
    const pending = this.pool.hasReady(this.inFlight());
    const heartbeatMs = heartbeatOf(this.tree.tip.state);
    if (this.told?.pending === pending && this.told.heartbeatMs === heartbeatMs) return;
    this.told = { pending, heartbeatMs };
    this.enqueue({ type: 'work', pending, heartbeatMs });
  }

  /** Transactions of executed blocks that may still become final. */
  private inFlight(): ReadonlySet<Hash> {
    const hashes = new Set<Hash>();
    for (const { block, transactions } of this.tree.values()) {
      const round = this.core.rounds.get(block.header.view);
      if (round?.nullification && !round.notarization) continue;
      for (const hash of transactions) hashes.add(hash);
    }
    return hashes;
  }

  // --- blocks ---------------------------------------------------------------------------------------------------

  private build(view: number, parentHash: Hash): void {
    if (!this.executedChain(parentHash)) return;
    const { clock } = this.deps;
    const startedMs = clock.monotonicMs();
    const built = this.tree.build(
      { view, epoch: this.core.config.epoch, parentHash, proposer: this.key, wallMs: clock.wallMs() },
      this.pool.candidates(),
    );
    if (!built) return;
    this.seen.begun(built.hash, startedMs);
    this.enqueue({ type: 'built', view, block: built.block });
  }

  /** Executes what of a block's ancestry is not executed yet. False when a body is missing. */
  private executedChain(hash: Hash): boolean {
    const path: Block[] = [];
    for (let at = hash; at !== this.tree.tip.hash && !this.tree.get(at); ) {
      const block = this.core.blocks.get(at);
      if (!block || block.header.height <= this.tree.tip.header.height) return false;
      path.push(block);
      at = block.header.parentHash;
    }
    for (const block of path.reverse()) this.tree.execute(block);
    return true;
  }

  /** Judges a proposal apart from the queue where it has to wait for evidence. */
  private async validate(block: Block, hash: Hash, from: number): Promise<void> {
    this.seen.begun(hash, this.deps.clock.monotonicMs());
    const missing = await this.lackingEvidence(block);
    if (missing.length === 0) return this.judge(block, hash);
    const leader = this.set.validators[from]?.key ?? null;
    void this.asking.evidence(missing, leader).then(async (found) => {
      if (this.stopped) return;
      await this.store.putEvidence(found);
      this.enqueue(() => this.judge(block, hash));
    });
  }

  private async judge(block: Block, hash: Hash): Promise<void> {
    let valid = false;
    try {
      checkDrift(block.header, this.deps.clock.wallMs());
      for (const transaction of block.transactions) {
        if (!this.pool.get(transactionHash(transaction))) {
          checkStateless(transaction, this.genesis.chainId, this.deps.verifier);
        }
      }
      if (!this.executedChain(block.header.parentHash)) throw new BlockRefusal('an ancestor is missing');
      this.tree.execute(block);
      if ((await this.lackingEvidence(block)).length > 0) throw new BlockRefusal('evidence is missing');
      await this.keepEvidence(block);
      valid = true;
    } catch (error) {
      if (!(error instanceof BlockRefusal || error instanceof AdmissionError)) throw error;
      this.deps.telemetry.log('warn', 'proposal refused', { hash, view: block.header.view, reason: error.message });
    }
    this.enqueue({ type: 'validated', hash, valid });
  }

  private async lackingEvidence(block: Block): Promise<Hash[]> {
    const missing: Hash[] = [];
    for (const hash of block.transactions.flatMap(({ evidence }) => evidence)) {
      if (!this.pool.blob(hash) && !(await this.store.hasEvidence(hash))) missing.push(hash);
    }
    return missing;
  }

  /** Moves a block's evidence from the pool to disk, before this node vouches for the block. */
  private async keepEvidence(block: Block): Promise<void> {
    const blobs = new Map<Hash, Uint8Array>();
    for (const hash of block.transactions.flatMap(({ evidence }) => evidence)) {
      const blob = this.pool.blob(hash);
      if (blob && !(await this.store.hasEvidence(hash))) blobs.set(hash, blob);
    }
    if (blobs.size > 0) await this.store.putEvidence(blobs);
  }

  /** One atomic, synced batch; then, and only then, the tip moves and listeners hear of it. */
  private async commit(executed: readonly ExecutedBlock[], proof: FinalityProof): Promise<void> {
    const blocks = finalBlocks(executed, proof);
    for (const { block } of blocks) await this.keepEvidence(block);
    await this.store.commit(blocks);
    const senders = new Set<string>();
    for (const one of executed) {
      this.tree.finalize(one);
      this.seen.finalized(one, this.deps.clock.monotonicMs());
      for (const key of one.result.changes.keys()) {
        if (key.startsWith('account/')) senders.add(key.slice('account/'.length));
      }
    }
    this.pool.settle(senders);
    for (const block of blocks) this.emit({ type: 'finalized', block });
    await this.noteMissingEvidence(blocks.map(({ block }) => block));
    await this.compactLog(blocks.length);
  }

  private async compactLog(finalized: number): Promise<void> {
    this.finalSinceCompaction += finalized;
    if (this.finalSinceCompaction < LOG_COMPACTION_BLOCKS) return;
    this.finalSinceCompaction = 0;
    await this.deps.log.rewrite(liveRecords(this.core).map(encodeLogRecord));
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

  // --- peers ----------------------------------------------------------------------------------------------------

  private connected(): ReadonlySet<NodeKey> {
    return new Set([this.key, ...this.deps.network.peers().map(({ key }) => key)]);
  }

  private connectedPower(): number {
    const connected = this.connected();
    return this.set.validators.reduce((sum, { key, power }) => sum + (connected.has(key) ? power : 0), 0);
  }

  private onPeer(connected: boolean): void {
    this.emit({ type: 'peers', count: this.deps.network.peers().length });
    if (connected) this.sync();
  }

  private onConsensus(from: NodeKey, bytes: Uint8Array): void {
    let message: ConsensusMessage;
    try {
      message = decodeConsensusMessage(bytes);
    } catch (error) {
      this.deps.telemetry.count('malformed_messages');
      this.deps.telemetry.log('warn', 'malformed message', { from, error: String(error) });
      return;
    }
    const index = this.set.validators.findIndex(({ key }) => key === from);
    this.enqueue({ type: 'message', from: index < 0 ? null : index, message });
  }

  private keyOf(validator: number | null): NodeKey | null {
    return validator === null ? null : (this.set.validators[validator]?.key ?? null);
  }

  private fetchBlock(hash: Hash, from: number | null): void {
    void this.asking.block(hash, this.keyOf(from)).then((block) => {
      if (block) this.enqueue({ type: 'block', block });
    });
  }

  private fetchCertificates(fromView: number, toView: number, from: number | null): void {
    void this.asking.certificates(this.core.config.epoch, fromView, toView, this.keyOf(from)).then((found) => {
      for (const certificate of found) {
        this.enqueue({ type: 'message', from: null, message: { type: 'certificate', certificate } });
      }
    });
  }

  // --- catching up ----------------------------------------------------------------------------------------------

  /** Follows the peer that is furthest ahead until nobody is. */
  private sync(): void {
    if (this.syncing || this.stopped) return;
    this.syncing = true;
    void this.syncLoop()
      .catch((error) => this.deps.telemetry.log('error', 'sync failed', { error: String(error) }))
      .finally(() => {
        this.syncing = false;
        this.emit({ type: 'peers', count: this.deps.network.peers().length });
        // A finalization that cannot be linked yet means that somebody is ahead: ask again soon.
        if (this.core.unlinked) this.timer('sync', this.deps.clock.monotonicMs() + SYNC_RETRY_MS, () => this.sync());
      });
  }

  private async syncLoop(): Promise<void> {
    for (;;) {
      const ahead = await this.asking.ahead(this.tree.tip.header.height);
      if (!ahead || this.stopped) return;
      const before = this.tree.tip.header.height;
      const answer = await this.asking.ask(ahead.key, { type: 'blocks', fromHeight: before + 1, count: 64 });
      if (!answer?.finality || answer.blocks.length === 0) return;
      const { blocks, finality } = answer;
      await new Promise<void>((done) => {
        this.enqueue(() => this.adopt(blocks, finality).finally(done));
        if (this.stopped) done();
      });
      if (this.tree.tip.header.height === before) return;
    }
  }

  /** Verifies, executes and commits blocks of a peer. Nothing is taken on trust: link, certificate, every root. */
  private async adopt(range: readonly Block[], finality: FinalityProof): Promise<void> {
    const { header, hash } = this.tree.tip;
    const blocks = range.filter((block) => block.header.height > header.height);
    if (blocks.length === 0) return;
    try {
      verifyRange(blocks, finality, { hash, height: header.height }, (certificate) =>
        verifyQuorum(certificate, this.genesis.chainId, this.set, this.deps.verifier),
      );
      const executed = blocks.map((block) => this.tree.execute(block));
      await this.commit(executed, finality);
    } catch (error) {
      if (!(error instanceof BlockRefusal)) throw error;
      this.deps.telemetry.log('warn', 'sync answer refused', { reason: error.message });
      return;
    }
    const tip = this.tree.tip;
    await this.perform(
      step(
        this.core,
        { type: 'synced', anchor: { hash: tip.hash, height: tip.header.height, view: tip.header.view } },
        this.deps.clock.monotonicMs(),
      ),
    );
  }

  /** Every node stores all evidence; what a synced block refers to is fetched beside the chain. */
  private async noteMissingEvidence(blocks: readonly Block[]): Promise<void> {
    for (const block of blocks) for (const hash of await this.lackingEvidence(block)) this.missingEvidence.add(hash);
    if (this.missingEvidence.size > 0 && !this.timers.has('evidence')) this.fetchMissingEvidence();
  }

  private fetchMissingEvidence(): void {
    this.timer('evidence', this.deps.clock.monotonicMs(), () => {
      const wanted = [...this.missingEvidence].slice(0, 64);
      void this.asking.evidence(wanted, null).then(async (found) => {
        if (this.stopped) return;
        await this.store.putEvidence(found);
        for (const hash of found.keys()) this.missingEvidence.delete(hash);
        if (this.missingEvidence.size === 0) return;
        const pause = found.size > 0 ? 0 : EVIDENCE_RETRY_MS;
        this.timer('evidence', this.deps.clock.monotonicMs() + pause, () => this.fetchMissingEvidence());
      });
    });
  }
}
