/**
 * The engine: performs what consensus asks for, strictly in order, and feeds back what comes of it. Every input, commit
 * and sync step is one turn of the queue, so the final tip moves in one place only (`commit`). There the epochs change
 * too: the core is always that of the epoch which the state after the final tip says.
 */
import { type ConsensusState, type Effect, type Input, liveRecords, restore, step } from '../consensus/index.ts';
import type { FinalBlock, NodeKey } from '../ports/index.ts';
import type { Block, FinalityProof, Hash, Transaction, ValidatorSet } from '../protocol/types.ts';
import { isTail } from '../protocol/validator-set.ts';
import { type ConsensusMessage, encodeConsensusMessage } from '../protocol/wire.ts';
import { epochOf } from '../vm/index.ts';
import { BlockRefusal, type BlockTree, type ExecutedBlock } from './block-tree.ts';
import { CatchUp } from './catch-up.ts';
import { LOG_COMPACTION_BLOCKS } from './constants.ts';
import type { NodeDependencies } from './dependencies.ts';
import { coreOf } from './epoch-core.ts';
import { Epochs } from './epochs.ts';
import { Equivocations } from './equivocations.ts';
import { EvidenceKeeper } from './evidence-keeper.ts';
import { finalBlocks, verifyQuorum, verifyRange } from './finality.ts';
import { encodeLogRecord } from './log-codec.ts';
import type { Mempool } from './mempool.ts';
import type { BlockRange, PeersClient } from './peers-client.ts';
import { Proposals } from './proposals.ts';
import { keepSigned, type SignedBefore } from './signed-before.ts';
import { heartbeatOf } from './state-access.ts';
import type { Observations } from './status.ts';
import { Timers } from './timers.ts';
import { TurnQueue } from './turn-queue.ts';

export interface EngineParts {
  readonly deps: NodeDependencies;
  readonly tree: BlockTree;
  readonly pool: Mempool;
  readonly asking: PeersClient;
  readonly seen: Observations;
  /** Votes of earlier lives. */
  readonly signed: SignedBefore;
  /** After the batch is on disk, in block order. */
  readonly onFinal: (blocks: readonly FinalBlock[]) => void;
  readonly onSyncChange: () => void;
  /** Puts a transaction of this node's own into the pool and gossips it. @throws AdmissionError */
  readonly submit: (transaction: Transaction) => Promise<unknown>;
}

export class Engine {
  /** Of the epoch that comes after the final tip. */
  core: ConsensusState;
  readonly catchUp: CatchUp;
  private readonly parts: EngineParts;
  private readonly queue: TurnQueue;
  private readonly timers: Timers;
  private readonly keeper: EvidenceKeeper;
  private readonly proposals: Proposals;
  /** Inputs that the next turn takes. */
  private waiting: Input[] = [];
  private readonly epochs: Epochs;
  private readonly equivocations: Equivocations;
  private finalSinceCompaction = 0;
  /** Signatures that did not hold. Nobody honest passes one on, so whoever sent it is to blame. */
  private forged = 0;
  private told: { pending: boolean; heartbeatMs: number } | null = null;

  constructor(parts: EngineParts) {
    const { deps, tree, pool, asking } = parts;
    this.parts = parts;
    this.timers = new Timers(deps.clock);
    this.queue = new TurnQueue(() => this.tellWork(), deps.onFatal);
    this.keeper = new EvidenceKeeper({ store: deps.store, pool, asking, timers: this.timers }, deps.onFatal);
    this.core = this.nextCore();
    this.proposals = new Proposals({
      ...parts,
      ...{ keeper: this.keeper, queue: this.queue, core: () => this.core },
      input: (input) => this.input(input),
    });
    this.equivocations = new Equivocations({ ...parts, timers: this.timers, set: () => this.set });
    this.catchUp = new CatchUp({
      asking,
      clock: deps.clock,
      timers: this.timers,
      telemetry: deps.telemetry,
      height: () => tree.tip.header.height,
      gather: (range) => this.gather(range),
      adopt: ({ blocks, finality }) => this.queue.run(() => this.adopt(blocks, finality)),
      isBehind: () => this.core.unlinked !== null,
      onChange: parts.onSyncChange,
    });
    this.epochs = new Epochs({
      ...{ deps, timers: this.timers, catchUp: this.catchUp },
      epoch: () => this.core.config.epoch,
      follows: () => this.core.config.self === null,
      hear: (from, message) => this.hear(from, message),
    });
  }

  get set(): ValidatorSet {
    return this.core.config.validators;
  }

  /** Puts back what was signed before a restart, and what the epoch before this one ended with. */
  async restore(): Promise<void> {
    const { deps, tree, signed } = this.parts;
    this.epochs.restore(signed.records);
    restore(this.core, this.epochs.records());
    const { firstHeight } = epochOf(tree.tip.state);
    const boundary = await deps.store.blockAt(firstHeight - 1);
    if (boundary) this.epochs.ended(boundary.finality.certificate);
  }

  start(): void {
    this.input({ type: 'start' });
    this.tellWork();
    this.epochs.follow();
  }

  /** Everybody sends its own votes: another's comes in a certificate, or in bad faith. */
  isOwnWord(from: NodeKey, message: ConsensusMessage): boolean {
    if (message.type !== 'vote' || message.vote.epoch !== this.core.config.epoch) return true;
    return this.set.validators[message.vote.validator]?.key === from;
  }

  /** A message of a peer: to the core when it is of this epoch. */
  hear(from: NodeKey, message: ConsensusMessage): void {
    if (!this.epochs.isCurrent(from, message)) return;
    const index = this.set.validators.findIndex(({ key }) => key === from);
    this.input({ type: 'message', from: index < 0 ? null : index, message });
  }

  async stop(): Promise<void> {
    this.timers.stop();
    this.keeper.stop();
    this.catchUp.stop();
    await this.queue.stop();
  }

  input(input: Input): void {
    this.waiting.push(input);
    if (this.waiting.length === 1) this.queue.add(() => this.takeInputs());
  }

  /**
   * Group commit: everything that came in while the disk was busy is one turn with one synced write. One sync an input
   * would let a node with a slow disk fall behind for good, with a queue that grows without bound.
   */
  private takeInputs(): Promise<void> {
    // What this batch was preceded by may have put the last transaction into a block: no leader builds an empty one then.
    const work = this.newWork();
    const inputs = work ? [work, ...this.waiting] : this.waiting;
    this.waiting = [];
    const nowMs = this.parts.deps.clock.monotonicMs();
    return this.perform(inputs.flatMap((input) => this.stepOnce(input, nowMs)));
  }

  private stepOnce(input: Input, nowMs: number): readonly Effect[] {
    const forgedBefore = this.forged;
    const effects = step(this.core, input, nowMs);
    const sender = input.type === 'message' && this.forged > forgedBefore ? this.keyOf(input.from) : null;
    if (sender) this.parts.deps.network.blame?.(sender, 'invalid');
    return effects;
  }

  /** Tells consensus whether anything waits, when that changed. */
  tellWork(): void {
    const work = this.newWork();
    if (work) this.input(work);
  }

  private newWork(): Input | null {
    const pending = this.parts.pool.hasReady(this.inFlight());
    const heartbeatMs = heartbeatOf(this.parts.tree.tip.state);
    if (this.told?.pending === pending && this.told.heartbeatMs === heartbeatMs) return null;
    this.told = { pending, heartbeatMs };
    return { type: 'work', pending, heartbeatMs };
  }

  /** A transaction came into the pool. Where work waits already, one more changes nothing. */
  noteAdmitted(): void {
    if (this.told?.pending !== true) this.tellWork();
  }

  /** Transactions of executed blocks that may still become final. */
  private inFlight(): ReadonlySet<Hash> {
    const hashes = new Set<Hash>();
    for (const { block, transactions } of this.parts.tree.values()) {
      const round = this.core.rounds.get(block.header.view);
      if (round?.nullification && !round.notarization) continue;
      for (const hash of transactions) hashes.add(hash);
    }
    return hashes;
  }

  /** What must be durable first, so a vote is on disk before it is on the wire; then messages; then what takes long. */
  private async perform(effects: readonly Effect[]): Promise<void> {
    const records = effects.flatMap((effect) => (effect.type === 'persist' ? effect.records : []));
    if (records.length > 0) await this.parts.deps.log.append(records.map(encodeLogRecord));
    for (const effect of effects) this.say(effect);
    const { core } = this;
    // A core whose epoch ended with one of these effects has no more say.
    for (const effect of effects) if (this.core === core || effect.type === 'accuse') await this.act(effect);
  }

  private say(effect: Effect): void {
    const { network } = this.parts.deps;
    if (effect.type === 'broadcast') network.broadcastConsensus(encodeConsensusMessage(effect.message));
    if (effect.type !== 'send') return;
    const to = this.keyOf(effect.to);
    if (to) network.sendConsensus(to, encodeConsensusMessage(effect.message));
  }

  private async act(effect: Effect): Promise<void> {
    switch (effect.type) {
      case 'build':
        return this.proposals.build(effect.view, effect.parent);
      case 'validate':
        return this.proposals.validate(effect.block, effect.hash, this.keyOf(effect.from));
      case 'finalize': {
        const executed = effect.blocks.map((block) => this.parts.tree.execute(block));
        return this.commit(executed, { descendants: effect.tails, certificate: effect.certificate });
      }
      case 'fetchBlock':
        return this.fetchBlock(effect.hash, effect.from);
      case 'fetchCertificates':
        return this.fetchCertificates(effect.fromView, effect.toView, effect.from);
      case 'behind':
        return this.catchUp.start();
      case 'accuse':
        return this.equivocations.accuse(effect.first, effect.second);
      case 'wake':
        return this.timers.set('wake', effect.atMs, () => this.input({ type: 'tick' }));
    }
  }

  private keyOf(validator: number | null): NodeKey | null {
    return validator === null ? null : (this.set.validators[validator]?.key ?? null);
  }

  private fetchBlock(hash: Hash, from: number | null): void {
    void this.parts.asking.block(hash, this.keyOf(from)).then((block) => {
      if (block) this.input({ type: 'block', block });
    });
  }

  private fetchCertificates(fromView: number, toView: number, from: number | null): void {
    const { epoch } = this.core.config;
    void this.parts.asking.certificates(epoch, fromView, toView, this.keyOf(from)).then((found) => {
      for (const certificate of found) {
        this.input({ type: 'message', from: null, message: { type: 'certificate', certificate } });
      }
    });
  }

  /** One atomic, synced batch; then, and only then, the tip moves and listeners hear of it. */
  private async commit(executed: readonly ExecutedBlock[], proof: FinalityProof): Promise<void> {
    const { deps, tree, pool, seen, onFinal } = this.parts;
    // Consensus and sync leave tails out; one on disk would be a block that nobody else has.
    if (executed.some(({ block }) => isTail(block.header))) throw new Error('a tail is no block of the chain');
    const blocks = finalBlocks(executed, proof);
    for (const { block } of blocks) await this.keeper.keep(block);
    await deps.store.commit(blocks);
    const senders = new Set<string>();
    seen.activity.noteCertificate(proof.certificate);
    for (const one of executed) {
      seen.activity.noteBlock(one.block.header, tree.tip.header, this.core.cycle);
      tree.finalize(one);
      const tookMs = seen.finalized(one, deps.clock.monotonicMs());
      // Only the proposer knows when a block began; the others would leave out its way to them.
      const own = one.block.header.proposer === deps.signer.key;
      if (own && tookMs !== undefined) deps.telemetry.observe('finality_ms', tookMs);
      for (const key of one.result.changes.keys()) {
        if (key.startsWith('account/')) senders.add(key.slice('account/'.length));
      }
    }
    pool.settle(senders);
    await this.keeper.noteFinal(blocks.map(({ block }) => block));
    onFinal(blocks);
    this.equivocations.settle();
    if (epochOf(tree.tip.state).epoch !== this.core.config.epoch) this.enterEpoch(proof);
    await this.compactLog(blocks.length);
  }

  private nextCore(): ConsensusState {
    const { deps, tree, signed } = this.parts;
    return coreOf(deps, tree.tip, {
      maySign: () => tree.tip.header.height >= signed.floorHeight,
      onForged: () => {
        this.forged += 1;
      },
    });
  }

  /** The last block of the epoch is final: the core of the next one takes over, with whatever it had signed before. */
  private enterEpoch({ certificate }: FinalityProof): void {
    this.core = this.nextCore();
    restore(this.core, this.epochs.records());
    this.epochs.ended(certificate);
    // What was logged in the epoch that ended means nothing any more.
    this.finalSinceCompaction = LOG_COMPACTION_BLOCKS;
    this.told = null;
    this.start();
    this.queue.add(() => this.epochs.begin());
  }

  private async compactLog(finalized: number): Promise<void> {
    this.finalSinceCompaction += finalized;
    const { log, logCompactionBlocks = LOG_COMPACTION_BLOCKS } = this.parts.deps;
    if (this.finalSinceCompaction < logCompactionBlocks) return;
    this.finalSinceCompaction = 0;
    const { genesis } = this.parts.signed;
    const records = [...liveRecords(this.core), ...this.epochs.later()];
    await keepSigned(log, { genesis, records, floorHeight: this.floorHeight() });
  }

  /** Below it the log does not say what was signed. It never sinks: a chain that was lost comes back from below. */
  private floorHeight(): number {
    return Math.max(this.parts.signed.floorHeight, this.core.anchor.height);
  }

  /** What of these blocks is new. @throws BlockRefusal unless they continue the chain and are final */
  private proven(range: readonly Block[], finality: FinalityProof): readonly Block[] {
    const { deps, tree } = this.parts;
    const { validators, lastHeight } = this.core.config;
    const { header, hash } = tree.tip;
    const blocks = range.filter((block) => block.header.height > header.height);
    if (blocks.length === 0) return blocks;
    verifyRange(blocks, finality, { hash, height: header.height, lastHeight }, (certificate) =>
      verifyQuorum(certificate, deps.genesis.chainId, validators, deps.verifier),
    );
    return blocks;
  }

  /**
   * Fetches the evidence of blocks before they are adopted, so that a node that is killed while it catches up lacks
   * nothing of what it has committed. What no peer holds now is looked for again after the commit.
   */
  private async gather({ peer, blocks, finality }: BlockRange): Promise<void> {
    const lacking = (await Promise.all(blocks.map((block) => this.keeper.lacking(block)))).flat();
    if (lacking.length === 0) return;
    try {
      this.proven(blocks, finality);
    } catch (error) {
      if (error instanceof BlockRefusal) return; // adopting it says so, and blames the peer
      throw error;
    }
    await this.parts.deps.store.putEvidence(await this.parts.asking.evidence(lacking, peer));
  }

  /** Verifies, executes and commits blocks of a peer. Nothing is taken on trust: link, certificate, every root. */
  private async adopt(range: readonly Block[], finality: FinalityProof): Promise<void> {
    const { deps, tree } = this.parts;
    try {
      const blocks = this.proven(range, finality);
      if (blocks.length === 0) return;
      await this.commit(
        blocks.map((block) => tree.execute(block)),
        finality,
      );
    } catch (error) {
      if (!(error instanceof BlockRefusal)) throw error;
      deps.telemetry.log('warn', 'sync answer refused', { reason: error.message });
      return;
    }
    const anchor = { hash: tree.tip.hash, height: tree.tip.header.height, view: tree.tip.header.view };
    await this.perform(step(this.core, { type: 'synced', anchor }, deps.clock.monotonicMs()));
  }
}
