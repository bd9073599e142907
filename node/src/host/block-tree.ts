/**
 * Executed blocks above the final one, as overlays in memory: each holds the state after it. Execution happens once a
 * block, on its parent's state, however often consensus asks. Which epoch a block belongs to, and who certifies it, is
 * what the state after its parent says; above the last block of an epoch only tails are possible.
 */

import { TIMESTAMP_DRIFT_MS_MAX } from '../protocol/constants.ts';
import type { Verifier } from '../protocol/crypto/verifier.ts';
import { headerHash, transactionHash, validatorSetHash } from '../protocol/hashing.ts';
import { type Block, type Hash, type Header, type Transaction, ZERO_HASH } from '../protocol/types.ts';
import { isTail } from '../protocol/validator-set.ts';
import {
  type BlockContext,
  buildBlock,
  type ExecutionResult,
  emptyResult,
  epochOf,
  execute,
  InvalidBlockError,
  type State,
  validatorSetOf,
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
  private readonly verifier: Verifier;
  /** Hash of the set after a state, for the newest state that was asked for: it changes once an epoch. */
  private known: { readonly record: object; readonly hash: Hash } | undefined;
  tip: FinalTip;

  constructor(chainId: string, verifier: Verifier, tip: FinalTip) {
    this.chainId = chainId;
    this.verifier = verifier;
    this.tip = tip;
  }

  /** Hash of the validators that certify the block after this state. */
  private setHash(state: State): Hash {
    const record = epochOf(state);
    if (this.known?.record !== record) this.known = { record, hash: validatorSetHash(validatorSetOf(state)) };
    return this.known.hash;
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
    return { chainId: this.chainId, height, timestampMs, epoch, proposer, verifier: this.verifier };
  }

  /**
   * Builds a block on an executed parent, or a tail on the last one of the epoch; its state is kept, so that validating
   * it later costs nothing.
   * @returns undefined when the parent is not executed
   */
  build(
    at: Pick<Header, 'view' | 'epoch' | 'parentHash' | 'proposer'> & { readonly wallMs: number },
    candidates: Iterable<Transaction>,
  ): ExecutedBlock | undefined {
    const parent = this.parentOf(at.parentHash);
    if (!parent) return undefined;
    const { view, epoch, parentHash, proposer } = at;
    const height = parent.header.height + 1;
    const timestampMs = Math.max(parent.header.timestampMs + 1, at.wallMs);
    const tail = epoch < epochOf(parent.state).epoch;
    const built = tail
      ? { transactions: [], result: emptyResult(parent.state) }
      : buildBlock(parent.state, this.contextOf({ height, timestampMs, epoch, proposer }), candidates);
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
      validatorSetHash: tail ? ZERO_HASH : this.setHash(parent.state),
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
    this.assertPlace(block, parent.state);
    const result = isTail(header) ? emptyResult(parent.state) : this.run(parent.state, block);
    const roots = ['transactionsRoot', 'receiptsRoot', 'stateRoot', 'evidenceRoot'] as const;
    const wrong = roots.find((root) => result[root] !== header[root]);
    if (wrong) throw new BlockRefusal(`${wrong} is not what execution gives`);
    return this.keep(block, result);
  }

  /** A block of the epoch that its parent's state is in, or a tail of the one before. @throws BlockRefusal */
  private assertPlace({ header, transactions }: Block, parent: State): void {
    const { epoch } = epochOf(parent);
    if (isTail(header)) {
      if (header.epoch !== epoch - 1) throw new BlockRefusal('a tail that does not stand on the end of its epoch');
      if (transactions.length > 0) throw new BlockRefusal('a tail with transactions');
      return;
    }
    if (header.epoch !== epoch) throw new BlockRefusal(`block ${header.height} belongs to epoch ${epoch}`);
    if (header.validatorSetHash !== this.setHash(parent)) throw new BlockRefusal('another validator set');
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
    const { epoch } = epochOf(this.tip.state);
    for (const [hash, { block }] of this.executed) {
      const { header } = block;
      // Tails of an epoch whose last block is final have done their work.
      const obsolete = header.height <= this.tip.header.height || header.epoch < epoch;
      if (obsolete) this.executed.delete(hash);
    }
  }
}

/** Checks a proposal's timestamp against this node's own clock. @throws BlockRefusal */
export function checkDrift(header: Header, wallMs: number): void {
  if (header.timestampMs > wallMs + TIMESTAMP_DRIFT_MS_MAX) {
    throw new BlockRefusal(`the timestamp is more than ${TIMESTAMP_DRIFT_MS_MAX} ms ahead of this node's clock`);
  }
}
