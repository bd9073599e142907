/**
 * Test-only: a `TestChain` whose blocks are final as on a real network: each with a header, and with a certificate that
 * the test validators really signed, of the block itself or of a descendant.
 */
import type { FinalBlock } from '../ports/store.ts';
import { utf8Bytes } from '../protocol/bytes.ts';
import { canonicalText } from '../protocol/canonical.ts';
import type { Genesis } from '../protocol/genesis.ts';
import { evidenceHash, genesisHash, headerHash, validatorSetHash, voteSigningRoot } from '../protocol/hashing.ts';
import { stateKeys } from '../protocol/records.ts';
import type { Certificate, Hash, Header, Transaction, Validator, ValidatorSet } from '../protocol/types.ts';
import {
  type BlockContext,
  type ExecutionResult,
  genesisHeader,
  type State,
  setChangeAfter,
  validatorSetOf,
} from '../vm/index.ts';
import { developmentGenesis, TestChain, testAgents } from './chain-kit.ts';

export interface FinalizedChainOptions {
  /** Blocks that one certificate makes final; those before the last are proven as its ancestors. */
  readonly blocksPerCertificate?: number;
  /** Indices of the validators that sign. */
  readonly signers?: readonly number[];
}

interface Executed {
  readonly header: Header;
  readonly transactions: readonly Transaction[];
  readonly result: ExecutionResult;
}

/** Signs a certificate with the keys of the test agents. @param signers indices into the set */
export function certify(
  chainId: string,
  subject: Pick<Certificate, 'epoch' | 'view' | 'block'>,
  signers: readonly number[],
  set: readonly Validator[] = testAgents.map(({ validatorKey: key }) => ({ key, power: 1 })),
): Certificate {
  const statement = { kind: 'finalize', ...subject } as const;
  const message = voteSigningRoot(chainId, statement);
  return {
    ...statement,
    signers,
    signatures: signers.map((index) => {
      const agent = testAgents.find(({ validatorKey }) => validatorKey === set[index]?.key);
      return agent?.signAsValidator(message) ?? '';
    }),
  };
}

export class FinalizedChain extends TestChain {
  readonly genesisHash: Hash;
  /** Final blocks, from height 1 on. */
  readonly finalBlocks: FinalBlock[] = [];
  /** Evidence by hash. */
  readonly blobs = new Map<Hash, Uint8Array>();
  readonly #options: Required<FinalizedChainOptions>;
  /** State after each final height; the genesis at 0. */
  readonly #states: State[] = [];
  #waiting: Executed[] = [];
  #parent: Header;
  #set: ValidatorSet;

  constructor(genesis: Genesis = developmentGenesis(), options: FinalizedChainOptions = {}) {
    super(genesis);
    this.#options = { blocksPerCertificate: 1, signers: [0, 1, 2, 3, 4, 5], ...options };
    this.genesisHash = genesisHash(genesis);
    this.#parent = genesisHeader(genesis);
    this.#set = validatorSetOf(this.state);
    this.#states.push(this.state);
  }

  /** Keeps a blob. @returns its hash */
  keep(blob: string | Uint8Array): Hash {
    const bytes = typeof blob === 'string' ? utf8Bytes(blob) : blob;
    const hash = evidenceHash(bytes);
    this.blobs.set(hash, bytes);
    return hash;
  }

  /** A block belongs to the epoch of those who certify it. */
  override context(afterMs?: number): BlockContext {
    return { ...super.context(afterMs), epoch: this.#set.epoch };
  }

  /** The next block ends the epoch: the one after it has these validators. Test agents, in their order. */
  startEpoch({ epoch, validators }: ValidatorSet): void {
    const record = this.state.get('validators');
    if (!record) throw new Error('a state without validators');
    const next = { ...record, epoch, since: epoch, validators };
    this.state = this.state.with([[stateKeys.validators(), canonicalText(next)]]);
  }

  override block(transactions: readonly Transaction[] = [], afterMs = 1_000): ExecutionResult {
    const { height, timestampMs, epoch, proposer } = this.context(afterMs);
    const result = super.block(transactions, afterMs);
    const { transactionsRoot, receiptsRoot, evidenceRoot, stateRoot } = result;
    const header: Header = {
      ...{ height, view: height, epoch, timestampMs, proposer },
      parentHash: headerHash(this.#parent),
      ...{ transactionsRoot, receiptsRoot, stateRoot, evidenceRoot },
      validatorSetHash: validatorSetHash(this.#set),
    };
    const { validators } = this.#set;
    this.#parent = header;
    this.#set = validatorSetOf(result.state);
    this.#waiting.push({ header, transactions, result });
    // One certificate, one epoch.
    const full = this.#waiting.length >= this.#options.blocksPerCertificate || this.#set.epoch !== epoch;
    if (full) this.#finalize(validators);
    return result;
  }

  /** The newest final height and the state after it. */
  final(): { readonly height: number; readonly state: State } {
    const height = this.finalBlocks.length;
    return { height, state: this.stateAt(height) };
  }

  /** The state after a final height. */
  stateAt(height: number): State {
    const state = this.#states[height];
    if (!state) throw new Error(`height ${height} is not final`);
    return state;
  }

  #finalize(set: readonly Validator[]): void {
    const headers = this.#waiting.map(({ header }) => header);
    const last = headers.at(-1) as Header; // called with at least one block
    const subject = { epoch: last.epoch, view: last.view, block: headerHash(last) };
    const signers = this.#options.signers.filter((index) => index < set.length);
    const certificate = certify(this.genesis.chainId, subject, signers, set);
    for (const [index, { header, transactions, result }] of this.#waiting.entries()) {
      const setChange = setChangeAfter(header, result.state);
      this.finalBlocks.push({
        ...(setChange && { setChange }),
        block: { header, transactions },
        hash: headerHash(header),
        receipts: result.receipts,
        stateChanges: result.changes,
        finality: { descendants: headers.slice(index + 1), certificate },
      });
      this.#states.push(result.state);
    }
    this.#waiting = [];
  }
}
