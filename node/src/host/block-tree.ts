/**
 * Executed blocks above the final one, as overlays in memory: each holds the state after it. Execution happens once a
 * block, on its parent's state, however often consensus asks.
 */

import { TIMESTAMP_DRIFT_MS_MAX } from '../protocol/constants.ts';
import { headerHash, transactionHash, validatorSetHash } from '../protocol/hashing.ts';
import type { Block, Hash, Header, Transaction, ValidatorSet } from '../protocol/types.ts';
import {
  type BlockContext,
  buildBlock,
  type ExecutionResult,
  execute,
  InvalidBlockError,
  type State,
} from '../vm/index.ts';

export interface ExecutedBlock {
  readonly block: Block;
  readonly hash: Hash;
  readonly result: ExecutionResult;
  readonly transactions: readonly Hash[];
}

/** Where the chain stands: the newest final block and the state after it. */
export interface FinalTip {
  readonly header: Header;
  readonly hash: Hash;
  readonly state: State;
}

/** Why a proposed block is not notarized. */
export class BlockRefusal extends Error {
  override readonly name = 'BlockRefusal';
}

export class BlockTree {
  private readonly executed = new Map<Hash, ExecutedBlock>();
  private readonly chainId: string;
  private readonly setHash: Hash;
  tip: FinalTip;

  constructor(chainId: string, validators: ValidatorSet, tip: FinalTip) {
    this.chainId = chainId;
    this.setHash = validatorSetHash(validators);
    this.tip = tip;
  }

  get(hash: Hash): ExecutedBlock | undefined {
    return this.executed.get(hash);
  }

  values(): IterableIterator<ExecutedBlock> {
    return this.executed.values();
  }

  private parentOf(hash: Hash): { readonly header: Header; readonly state: State } | undefined {
    if (hash === this.tip.hash) return this.tip;
    const parent = this.executed.get(hash);
    return parent && { header: parent.block.header, state: parent.result.state };
  }

  private contextOf(header: Pick<Header, 'height' | 'timestampMs' | 'epoch' | 'proposer'>): BlockContext {
    const { height, timestampMs, epoch, proposer } = header;
    return { chainId: this.chainId, height, timestampMs, epoch, proposer };
  }

  /**
   * Builds a block on an executed parent; its state is kept, so that validating it later costs nothing.
   * @returns undefined when the parent is not executed
   */
  build(
    at: Pick<Header, 'view' | 'epoch' | 'parentHash' | 'proposer'> & { readonly wallMs: number },
    candidates: readonly Transaction[],
  ): ExecutedBlock | undefined {
    const parent = this.parentOf(at.parentHash);
    if (!parent) return undefined;
    const { view, epoch, parentHash, proposer } = at;
    const height = parent.header.height + 1;
    const timestampMs = Math.max(parent.header.timestampMs + 1, at.wallMs);
    const built = buildBlock(parent.state, this.contextOf({ height, timestampMs, epoch, proposer }), candidates);
    const { transactionsRoot, receiptsRoot, stateRoot, evidenceRoot } = built.result;
    const header: Header = {
      height,
      view,
      epoch,
      parentHash,
      timestampMs,
      proposer,
      transactionsRoot,
      receiptsRoot,
      stateRoot,
      evidenceRoot,
      validatorSetHash: this.setHash,
    };
    return this.keep({ header, transactions: built.transactions }, built.result);
  }

  /**
   * Executes a block on its parent and compares every root that its header states.
   * @throws BlockRefusal with the reason in words
   */
  execute(block: Block): ExecutedBlock {
    const hash = headerHash(block.header);
    const known = this.executed.get(hash);
    if (known) return known;
    const { header } = block;
    const parent = this.parentOf(header.parentHash);
    if (!parent) throw new BlockRefusal('the parent is not executed');
    if (header.height !== parent.header.height + 1) throw new BlockRefusal('the height does not follow the parent');
    if (header.timestampMs <= parent.header.timestampMs)
      throw new BlockRefusal('the timestamp is not after the parent');
    if (header.validatorSetHash !== this.setHash) throw new BlockRefusal('another validator set');
    const result = this.run(parent.state, block);
    const roots = ['transactionsRoot', 'receiptsRoot', 'stateRoot', 'evidenceRoot'] as const;
    const wrong = roots.find((root) => result[root] !== header[root]);
    if (wrong) throw new BlockRefusal(`${wrong} is not what execution gives`);
    return this.keep(block, result);
  }

  private run(state: State, block: Block): ExecutionResult {
    try {
      return execute(state, this.contextOf(block.header), block.transactions);
    } catch (error) {
      if (error instanceof InvalidBlockError) throw new BlockRefusal(error.message);
      throw error;
    }
  }

  private keep(block: Block, result: ExecutionResult): ExecutedBlock {
    const executed = {
      block,
      hash: headerHash(block.header),
      result,
      transactions: block.transactions.map(transactionHash),
    };
    this.executed.set(executed.hash, executed);
    return executed;
  }

  /** Moves the final tip and forgets what can no longer become final. */
  finalize(executed: ExecutedBlock): void {
    this.tip = { header: executed.block.header, hash: executed.hash, state: executed.result.state };
    for (const [hash, { block }] of this.executed) {
      if (block.header.height <= this.tip.header.height) this.executed.delete(hash);
    }
  }
}

/** Checks a proposal's timestamp against this node's own clock. @throws BlockRefusal */
export function checkDrift(header: Header, wallMs: number): void {
  if (header.timestampMs > wallMs + TIMESTAMP_DRIFT_MS_MAX) {
    throw new BlockRefusal(`the timestamp is more than ${TIMESTAMP_DRIFT_MS_MAX} ms ahead of this node's clock`);
  }
}
