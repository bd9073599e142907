/**
 * The engine: performs what consensus asks for, strictly in order, and feeds back what comes of it. Every input, commit
 * and sync step is one turn of the queue, so the final tip moves in one place only (`commit`).
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
import type { FinalBlock, NodeKey } from '../ports/index.ts';
import { AdmissionError } from '../protocol/errors.ts';
import { transactionHash, voteSigningRoot } from '../protocol/hashing.ts';
import type { Block, FinalityProof, Hash, ValidatorSet } from '../protocol/types.ts';
import { encodeConsensusMessage } from '../protocol/wire.ts';
import { checkStateless } from '../vm/index.ts';
import { BlockRefusal, type BlockTree, checkDrift, type ExecutedBlock } from './block-tree.ts';
import { CatchUp } from './catch-up.ts';
import { LOG_COMPACTION_BLOCKS } from './constants.ts';
import type { NodeDependencies } from './dependencies.ts';
import { EvidenceKeeper } from './evidence-keeper.ts';
import { finalBlocks, verifyQuorum, verifyRange } from './finality.ts';
import { encodeLogRecord } from './log-codec.ts';
import type { Mempool } from './mempool.ts';
import type { PeersClient } from './peers-client.ts';
import { keepSigned, type SignedBefore } from './signed-before.ts';
import { heartbeatOf } from './state-access.ts';
import type { Observations } from './status.ts';
import { Timers } from './timers.ts';
import { TurnQueue } from './turn-queue.ts';

export interface EngineParts {
  readonly deps: NodeDependencies;
  readonly set: ValidatorSet;
  readonly tree: BlockTree;
  readonly pool: Mempool;
  readonly asking: PeersClient;
  readonly seen: Observations;
  /** Votes of earlier lives. */
  readonly signed: SignedBefore;
  /** After the batch is on disk, in block order. */
  readonly onFinal: (blocks: readonly FinalBlock[]) => void;
  readonly onSyncChange: () => void;
}

export class Engine {
  readonly core: ConsensusState;
  readonly catchUp: CatchUp;
  private readonly parts: EngineParts;
  private readonly queue: TurnQueue;
  private readonly timers: Timers;
  private readonly keeper: EvidenceKeeper;
  private finalSinceCompaction = 0;
  private told: { pending: boolean; heartbeatMs: number } | null = null;

  constructor(parts: EngineParts) {
    const { deps, tree, pool, asking } = parts;
    this.parts = parts;
    this.timers = new Timers(deps.clock);
    this.queue = new TurnQueue(() => this.tellWork(), deps.onFatal);
    this.keeper = new EvidenceKeeper(deps.store, pool, asking, this.timers);
    this.core = createCore(parts);
    restore(this.core, parts.signed.records);
    this.catchUp = new CatchUp({
      asking,
      timers: this.timers,
      telemetry: deps.telemetry,
      height: () => tree.tip.header.height,
      adopt: (blocks, finality) => this.queue.run(() => this.adopt(blocks, finality)),
      isBehind: () => this.core.unlinked !== null,
      onChange: parts.onSyncChange,
    });
  }

  start(): void {
    this.input({ type: 'start' });
    this.tellWork();
  }

  async stop(): Promise<void> {
    this.timers.stop();
    this.catchUp.stop();
    await this.queue.stop();
  }

  input(input: Input): void {
    this.queue.add(() => this.perform(step(this.core, input, this.parts.deps.clock.monotonicMs())));
  }

  /** Tells consensus whether anything waits, when that changed. */
  tellWork(): void {
    const pending = this.parts.pool.hasReady(this.inFlight());
    const heartbeatMs = heartbeatOf(this.parts.tree.tip.state);
    if (this.told?.pending === pending && this.told.heartbeatMs === heartbeatMs) return;
    this.told = { pending, heartbeatMs };
    this.input({ type: 'work', pending, heartbeatMs });
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

  /** Effects strictly in order: a vote is on disk before it is on the wire. */
  private async perform(effects: readonly Effect[]): Promise<void> {
    for (const effect of effects) await this.effect(effect);
  }

  private async effect(effect: Effect): Promise<void> {
    const { network, log, telemetry } = this.parts.deps;
    switch (effect.type) {
      case 'persist':
        return log.append(effect.records.map(encodeLogRecord));
      case 'broadcast':
        return network.broadcastConsensus(encodeConsensusMessage(effect.message));
      case 'send': {
        const to = this.keyOf(effect.to);
        if (to) network.sendConsensus(to, encodeConsensusMessage(effect.message));
        return;
      }
      case 'build':
        return this.build(effect.view, effect.parent);
      case 'validate':
        return this.validate(effect.block, effect.hash, effect.from);
      case 'finalize': {
        const executed = effect.blocks.map((block) => this.parts.tree.execute(block));
        return this.commit(executed, { descendants: [], certificate: effect.certificate });
      }
      case 'fetchBlock':
        return this.fetchBlock(effect.hash, effect.from);
      case 'fetchCertificates':
        return this.fetchCertificates(effect.fromView, effect.toView, effect.from);
      case 'behind':
        return this.catchUp.start();
      case 'accuse':
        telemetry.log('warn', 'equivocation seen', { first: effect.first, second: effect.second });
        return telemetry.count('equivocations_seen');
      case 'wake':
        return this.timers.set('wake', effect.atMs, () => this.input({ type: 'tick' }));
    }
  }

  private keyOf(validator: number | null): NodeKey | null {
    return validator === null ? null : (this.parts.set.validators[validator]?.key ?? null);
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

  private build(view: number, parentHash: Hash): void {
    const { deps, tree, pool, seen } = this.parts;
    if (!this.executeAncestry(parentHash)) return;
    const startedMs = deps.clock.monotonicMs();
    const at = {
      view,
      epoch: this.core.config.epoch,
      parentHash,
      proposer: deps.signer.key,
      wallMs: deps.clock.wallMs(),
    };
    const built = tree.build(at, pool.candidates());
    if (!built) return;
    seen.begun(built.hash, startedMs);
    this.input({ type: 'built', view, block: built.block });
  }

  /** Executes what of a block's ancestry is not executed yet. False when a body is missing. */
  private executeAncestry(hash: Hash): boolean {
    const { tree } = this.parts;
    const path: Block[] = [];
    for (let at = hash; at !== tree.tip.hash && !tree.get(at); ) {
      const block = this.core.blocks.get(at);
      if (!block || block.header.height <= tree.tip.header.height) return false;
      path.push(block);
      at = block.header.parentHash;
    }
    for (const block of path.reverse()) tree.execute(block);
    return true;
  }

  /** Judges a proposal; apart from the queue where it has to wait for evidence. */
  private async validate(block: Block, hash: Hash, from: number): Promise<void> {
    const { deps, asking, seen } = this.parts;
    seen.begun(hash, deps.clock.monotonicMs());
    const lacking = await this.keeper.lacking(block);
    if (lacking.length === 0) return this.judge(block, hash);
    void asking.evidence(lacking, this.keyOf(from)).then((found) =>
      this.queue.add(async () => {
        await deps.store.putEvidence(found);
        await this.judge(block, hash);
      }),
    );
  }

  private async judge(block: Block, hash: Hash): Promise<void> {
    let valid = false;
    try {
      this.assertSound(block);
      if ((await this.keeper.lacking(block)).length > 0) throw new BlockRefusal('evidence is missing');
      await this.keeper.keep(block);
      valid = true;
    } catch (error) {
      if (!(error instanceof BlockRefusal || error instanceof AdmissionError)) throw error;
      const { view } = block.header;
      this.parts.deps.telemetry.log('warn', 'proposal refused', { hash, view, reason: error.message });
    }
    this.input({ type: 'validated', hash, valid });
  }

  /** @throws BlockRefusal, AdmissionError */
  private assertSound(block: Block): void {
    const { deps, pool, tree } = this.parts;
    checkDrift(block.header, deps.clock.wallMs());
    for (const transaction of block.transactions) {
      // What waits in the pool was checked on its way in.
      if (!pool.get(transactionHash(transaction))) checkStateless(transaction, deps.genesis.chainId, deps.verifier);
    }
    if (!this.executeAncestry(block.header.parentHash)) throw new BlockRefusal('an ancestor is missing');
    tree.execute(block);
  }

  /** One atomic, synced batch; then, and only then, the tip moves and listeners hear of it. */
  private async commit(executed: readonly ExecutedBlock[], proof: FinalityProof): Promise<void> {
    const { deps, tree, pool, seen, onFinal } = this.parts;
    const blocks = finalBlocks(executed, proof);
    for (const { block } of blocks) await this.keeper.keep(block);
    await deps.store.commit(blocks);
    const senders = new Set<string>();
    for (const one of executed) {
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
    await this.compactLog(blocks.length);
  }

  private async compactLog(finalized: number): Promise<void> {
    this.finalSinceCompaction += finalized;
    const { log, logCompactionBlocks = LOG_COMPACTION_BLOCKS } = this.parts.deps;
    if (this.finalSinceCompaction < logCompactionBlocks) return;
    this.finalSinceCompaction = 0;
    const { genesis } = this.parts.signed;
    await keepSigned(log, { genesis, records: liveRecords(this.core), floorHeight: this.floorHeight() });
  }

  /** Below it the log does not say what was signed. It never sinks: a chain that was lost comes back from below. */
  private floorHeight(): number {
    return Math.max(this.parts.signed.floorHeight, this.core.anchor.height);
  }

  /** Verifies, executes and commits blocks of a peer. Nothing is taken on trust: link, certificate, every root. */
  private async adopt(range: readonly Block[], finality: FinalityProof): Promise<void> {
    const { deps, tree, set } = this.parts;
    const { header, hash } = tree.tip;
    const blocks = range.filter((block) => block.header.height > header.height);
    if (blocks.length === 0) return;
    try {
      verifyRange(blocks, finality, { hash, height: header.height }, (certificate) =>
        verifyQuorum(certificate, deps.genesis.chainId, set, deps.verifier),
      );
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

function createCore({ deps, set, tree, signed }: EngineParts): ConsensusState {
  const { chainId } = deps.genesis;
  const index = set.validators.findIndex(({ key }) => key === deps.signer.key);
  const { hash, header } = tree.tip;
  return createConsensus(
    {
      ...deps.timing,
      epoch: set.epoch,
      validators: set,
      /** Nobody, as long as it may have signed where its log no longer tells: then it follows and signs nothing. */
      get self() {
        return index < 0 || tree.tip.header.height < signed.floorHeight ? null : index;
      },
      verify: (subject, validator, signature) =>
        deps.verifier.validator(set.validators[validator]?.key ?? '', voteSigningRoot(chainId, subject), signature),
      sign: (subject) => deps.signer.sign(voteSigningRoot(chainId, subject)),
    },
    { hash, height: header.height, view: header.view },
  );
}
