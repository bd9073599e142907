/** What a leader proposes, and whether this node vouches for what another one does. */
import type { ConsensusState, Input } from '../consensus/index.ts';
import type { NodeKey } from '../ports/index.ts';
import { AdmissionError } from '../protocol/errors.ts';
import { transactionHash } from '../protocol/hashing.ts';
import type { Block, Hash, Transaction } from '../protocol/types.ts';
import { checkStateless } from '../vm/index.ts';
import { BlockRefusal, type BlockTree, checkDrift } from './block-tree.ts';
import { BUILDING_SHARE } from './constants.ts';
import type { NodeDependencies } from './dependencies.ts';
import type { EvidenceKeeper } from './evidence-keeper.ts';
import type { Mempool } from './mempool.ts';
import type { PeersClient } from './peers-client.ts';
import type { Observations } from './status.ts';
import type { TurnQueue } from './turn-queue.ts';

interface ProposalParts {
  readonly deps: NodeDependencies;
  readonly tree: BlockTree;
  readonly pool: Mempool;
  readonly asking: PeersClient;
  readonly seen: Observations;
  readonly keeper: EvidenceKeeper;
  readonly queue: TurnQueue;
  readonly core: () => ConsensusState;
  readonly input: (input: Input) => void;
}

export class Proposals {
  private readonly parts: ProposalParts;

  constructor(parts: ProposalParts) {
    this.parts = parts;
  }

  build(view: number, parentHash: Hash): void {
    const { deps, tree, seen, core, input } = this.parts;
    if (!this.executeAncestry(parentHash)) return;
    const startedMs = deps.clock.monotonicMs();
    const at = {
      view,
      epoch: core().config.epoch,
      parentHash,
      proposer: deps.signer.key,
      wallMs: deps.clock.wallMs(),
    };
    const built = tree.build(at, this.inTime(startedMs));
    if (!built) return;
    seen.begun(built.hash, startedMs);
    input({ type: 'built', view, block: built.block });
  }

  /**
   * Candidates until a share of the leader's time is used up. The others take as long again to execute the block, on a
   * machine that may be as busy: a block that takes longer than its view is given up, and its work is done once more
   * with an even longer queue behind it.
   */
  private *inTime(startedMs: number): Iterable<Transaction> {
    const { deps, pool } = this.parts;
    const endMs = startedMs + deps.timing.leaderTimeoutMs * BUILDING_SHARE;
    for (const candidate of pool.candidates()) {
      yield candidate;
      if (deps.clock.monotonicMs() > endMs) return;
    }
  }

  /** Executes what of a block's ancestry is not executed yet. False when a body is missing. */
  private executeAncestry(hash: Hash): boolean {
    const { tree, core } = this.parts;
    const path: Block[] = [];
    for (let at = hash; at !== tree.tip.hash && !tree.get(at); ) {
      const block = core().blocks.get(at);
      if (!block || block.header.height <= tree.tip.header.height) return false;
      path.push(block);
      at = block.header.parentHash;
    }
    for (const block of path.reverse()) tree.execute(block);
    return true;
  }

  /** Judges a proposal; apart from the queue where it has to wait for evidence. */
  async validate(block: Block, hash: Hash, from: NodeKey | null): Promise<void> {
    const { deps, asking, seen, keeper, queue } = this.parts;
    seen.begun(hash, deps.clock.monotonicMs());
    const lacking = await keeper.lacking(block);
    if (lacking.length === 0) return this.judge(block, hash);
    void asking.evidence(lacking, from).then((found) =>
      queue.add(async () => {
        await deps.store.putEvidence(found);
        await this.judge(block, hash);
      }),
    );
  }

  private async judge(block: Block, hash: Hash): Promise<void> {
    const { deps, keeper, input } = this.parts;
    let valid = false;
    try {
      this.assertSound(block);
      if ((await keeper.lacking(block)).length > 0) throw new BlockRefusal('evidence is missing');
      await keeper.keep(block);
      valid = true;
    } catch (error) {
      if (!(error instanceof BlockRefusal || error instanceof AdmissionError)) throw error;
      const { view } = block.header;
      deps.telemetry.log('warn', 'proposal refused', { hash, view, reason: error.message });
    }
    input({ type: 'validated', hash, valid });
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
}
