/**
 * DAOExecutor: intent -> transaction -> signature -> node -> final receipt -> back to the agent (report, 4.3).
 *
 * One intent at a time. A signed transaction that may have left this process is followed until its nonce is used up:
 * the same bytes are offered again when no receipt comes, and another transaction is never signed for that nonce. Only
 * one that the node refused outright frees its nonce, because nobody else has seen it.
 */
import {
  AdmissionError,
  canonicalText,
  evidenceHash,
  type Hash,
  intrinsicGas,
  type Params,
  type Transaction,
  transactionHash,
  type Wallet,
} from '@dao-gov/node/protocol';
import type { FinalReceipt, Ledger } from '../ledger/index.ts';
import { BlockSignal } from './block-signal.ts';
import { RESUBMIT_AFTER_BLOCKS, RESUBMIT_AFTER_MS, SIGNINGS_MAX } from './constants.ts';
import { type Intent, type Outcome, refused } from './intent.ts';
import type { AgentClock, AgentSink } from './ports.ts';

export interface ExecutorDependencies {
  readonly ledger: Ledger;
  readonly wallet: Wallet;
  readonly clock: AgentClock;
  readonly sink: AgentSink;
}

export interface PerformOptions {
  /** Asked before the intent is signed: an earlier life of this agent may have done it a moment ago. */
  readonly stillWanted?: () => Promise<boolean>;
  /** Told as soon as the node holds the transaction. */
  readonly onSubmitted?: (transaction: Hash) => void;
}

interface Signed {
  readonly transaction: Transaction;
  readonly hash: Hash;
  readonly blobs: readonly Uint8Array[];
}

interface Terms {
  readonly nonce: number;
  readonly params: Params;
}

/** `unknown`: no answer came, so it may be in the node's pool or not. */
type Offer = 'admitted' | 'unknown' | AdmissionError;

const isNonceTrouble = ({ code }: AdmissionError): boolean => code.startsWith('TX_NONCE_');
const isFull = ({ code }: AdmissionError): boolean => code.startsWith('MEMPOOL_');

export class DaoExecutor {
  readonly #deps: ExecutorDependencies;
  readonly #blocks: BlockSignal;
  /** The last intent in line; every new one waits for it. */
  #line: Promise<unknown> = Promise.resolve();

  constructor(deps: ExecutorDependencies) {
    this.#deps = deps;
    this.#blocks = new BlockSignal(deps.ledger, deps.clock);
  }

  /** Performs an intent after all earlier ones. Never rejects for what the chain or the node says. */
  perform(intent: Intent, options: PerformOptions = {}): Promise<Outcome> {
    const outcome = this.#line.then(() => this.#perform(intent, options));
    this.#line = outcome.catch(() => undefined);
    return outcome;
  }

  /** Ends all waiting; intents in line come back as STOPPED. */
  stop(): void {
    this.#blocks.stop();
  }

  async #perform(intent: Intent, { stillWanted, onSubmitted }: PerformOptions): Promise<Outcome> {
    let last = refused('STOPPED', 'the agent was stopped');
    for (let signings = 0; signings < SIGNINGS_MAX && !this.#blocks.stopped; signings += 1) {
      const since = this.#blocks.count;
      const terms = await this.#terms(stillWanted);
      if (terms === 'obsolete') return refused('OBSOLETE', 'it is no longer wanted');
      if (terms === 'unreachable') {
        last = refused('UNREACHABLE', 'the ledger does not answer');
        await this.#blocks.next(since, RESUBMIT_AFTER_MS);
        continue;
      }
      if (this.#blocks.stopped) break;
      const signed = this.#sign(intent, terms);
      const offer = await this.#offer(signed);
      if (offer instanceof AdmissionError) {
        last = refused(offer.code, offer.message);
        if (!isNonceTrouble(offer) && !isFull(offer)) return last;
        await this.#blocks.next(since, RESUBMIT_AFTER_MS);
        continue;
      }
      if (offer === 'admitted') onSubmitted?.(signed.hash);
      const end = await this.#follow(signed, offer, since, onSubmitted);
      if (end instanceof AdmissionError) return refused(end.code, end.message);
      if (end !== undefined) return outcomeOf(signed.hash, end);
      last = this.#blocks.stopped
        ? refused('STOPPED', 'the agent was stopped')
        : refused('TX_NONCE_USED', 'another transaction of this account took the nonce');
    }
    return last;
  }

  /**
   * The nonce first, and then whether the intent is still wanted: whatever of an earlier life becomes final in between
   * has used this nonce up, so that the intent cannot be performed twice.
   */
  async #terms(stillWanted: PerformOptions['stillWanted']): Promise<Terms | 'obsolete' | 'unreachable'> {
    const { ledger, wallet, sink } = this.#deps;
    try {
      const account = await ledger.account(wallet.address);
      const params = await ledger.params();
      if (stillWanted && !(await stillWanted())) return 'obsolete';
      return { nonce: account?.nonce ?? 0, params };
    } catch (error) {
      sink.log('warn', 'the ledger does not answer', { error: String(error) });
      return 'unreachable';
    }
  }

  #sign({ type, args, evidence }: Intent, { nonce, params }: Terms): Signed {
    const { ledger, wallet } = this.#deps;
    const call = { args: canonicalText(args), evidence: evidence.map(evidenceHash) };
    const transaction = wallet.sign({
      chainId: ledger.chainId,
      type,
      sender: wallet.address,
      publicKey: wallet.publicKey,
      nonce,
      gasPrice: params.gasPrice,
      gasLimit: Math.max(params.gasLimitMin, intrinsicGas(call)),
      ...call,
    });
    return { transaction, hash: transactionHash(transaction), blobs: evidence };
  }

  async #offer({ transaction, blobs, hash }: Signed): Promise<Offer> {
    const { ledger, sink } = this.#deps;
    try {
      await ledger.submit(transaction, blobs);
      sink.count('agent_transactions_submitted');
      return 'admitted';
    } catch (error) {
      if (error instanceof AdmissionError) return error.code === 'TX_KNOWN' ? 'admitted' : error;
      sink.log('warn', 'no answer to a transaction', { transaction: hash, error: String(error) });
      return 'unknown';
    }
  }

  /**
   * Waits until the nonce is used up.
   * @returns the receipt; undefined when another transaction used the nonce, or on stop; the node's refusal when it
   * turns out that it never took the transaction
   */
  async #follow(
    signed: Signed,
    offer: 'admitted' | 'unknown',
    sinceCount: number,
    onSubmitted: PerformOptions['onSubmitted'],
  ): Promise<FinalReceipt | AdmissionError | undefined> {
    let held = offer === 'admitted';
    let since = sinceCount;
    let lastOffered = since;
    let overtaken = false;
    while (true) {
      const signal = await this.#blocks.next(since, RESUBMIT_AFTER_MS);
      if (signal === 'stopped') return undefined;
      since = this.#blocks.count;
      const state = await this.#look(signed);
      if (typeof state === 'object') return state;
      // Seen twice in a row: the state may be a moment ahead of the store that the receipt is read from.
      if (state === 'overtaken' && overtaken) return undefined;
      overtaken = state === 'overtaken';
      if (signal === 'block' && held && since - lastOffered < RESUBMIT_AFTER_BLOCKS) continue;
      lastOffered = since;
      const again = await this.#offer(signed);
      if (!held && again instanceof AdmissionError && !isNonceTrouble(again) && !isFull(again)) return again;
      if (!held && again === 'admitted') onSubmitted?.(signed.hash);
      held ||= again === 'admitted';
    }
  }

  async #look({ hash, transaction }: Signed): Promise<FinalReceipt | 'waiting' | 'overtaken'> {
    const { ledger, wallet, sink } = this.#deps;
    try {
      const receipt = await ledger.receipt(hash);
      if (receipt !== undefined) return receipt;
      const account = await ledger.account(wallet.address);
      return (account?.nonce ?? 0) > transaction.nonce ? 'overtaken' : 'waiting';
    } catch (error) {
      sink.log('warn', 'the ledger does not answer', { error: String(error) });
      return 'waiting';
    }
  }
}

function outcomeOf(transaction: Hash, receipt: FinalReceipt): Outcome {
  return receipt.status === 'success' ? { ok: true, transaction, receipt } : refused(receipt.reason, receipt.detail);
}
