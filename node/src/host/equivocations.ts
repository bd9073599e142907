/**
 * Brings equivocation on chain. Every node that saw it tries, one after the other, so that as a rule one transaction is
 * paid for; each goes on until the offence stands in the final state, is too old, or its validator is gone.
 */
import type { CallArgs } from '../protocol/calls.ts';
import { canonicalText } from '../protocol/canonical.ts';
import { intrinsicGas } from '../protocol/gas.ts';
import type { Transaction, ValidatorSet, Vote } from '../protocol/types.ts';
import { encodeConsensusMessage } from '../protocol/wire.ts';
import type { BlockTree } from './block-tree.ts';
import { ACCUSATIONS_MAX, REPORT_RETRY_MS, REPORT_TURN_MS } from './constants.ts';
import type { NodeDependencies } from './dependencies.ts';
import type { Mempool } from './mempool.ts';
import { paramsOf } from './state-access.ts';
import type { Timers } from './timers.ts';

type Evidence = CallArgs['submit_equivocation'];

const REPORT = 'submit_equivocation';

interface EquivocationParts {
  readonly deps: NodeDependencies;
  readonly tree: BlockTree;
  readonly pool: Mempool;
  readonly timers: Timers;
  readonly set: () => ValidatorSet;
  readonly submit: (transaction: Transaction) => Promise<unknown>;
}

const nameOf = ({ validator, epoch, view }: Pick<Evidence, 'validator' | 'epoch' | 'view'>): string =>
  `${validator}/${epoch}/${view}`;

const heardOf = ({ kind, block, signature }: Vote): Evidence['first'] => ({ kind, block, signature });

export class Equivocations {
  private readonly parts: EquivocationParts;
  private readonly open = new Map<string, Evidence>();

  constructor(parts: EquivocationParts) {
    this.parts = parts;
  }

  /** @param first, second verified votes of the running epoch, of one validator in one view */
  accuse(first: Vote, second: Vote): void {
    const { deps, set } = this.parts;
    const validator = set().validators[first.validator]?.key;
    if (validator === undefined) return;
    const { epoch, view } = first;
    deps.telemetry.log('warn', 'equivocation seen', { validator, epoch, view, kinds: [first.kind, second.kind] });
    deps.telemetry.count('equivocations_seen');
    const evidence: Evidence = { validator, epoch, view, first: heardOf(first), second: heardOf(second) };
    if (this.open.size >= ACCUSATIONS_MAX || this.isSettled(evidence)) return;
    this.open.set(nameOf(evidence), evidence);
    if (deps.reporter) this.reportAfter(this.turnOf(view) * REPORT_TURN_MS);
    else this.tell(first, second);
  }

  /** Drops what the final state says is done. */
  settle(): void {
    for (const [name, evidence] of this.open) if (this.isSettled(evidence)) this.open.delete(name);
  }

  /** A node that cannot pay tells the others: both votes to everybody, so that each sees the contradiction itself. */
  private tell(...votes: readonly Vote[]): void {
    for (const vote of votes) {
      this.parts.deps.network.broadcastConsensus(encodeConsensusMessage({ type: 'vote', vote }));
    }
  }

  /** Validators report in turn, another one first in each view; the others come last. */
  private turnOf(view: number): number {
    const { validators } = this.parts.set();
    const self = validators.findIndex(({ key }) => key === this.parts.deps.signer.key);
    return self < 0 ? validators.length : (self + view) % validators.length;
  }

  private isSettled({ validator, epoch, view }: Evidence): boolean {
    const { state, header } = this.parts.tree.tip;
    if (!state.get('validator', validator) || state.get('offence', validator, `${epoch}`, `${view}`)) return true;
    if (epoch >= (state.get('validators')?.epoch ?? 0)) return false;
    const ended = state.get('staking')?.ended.find((one) => one.epoch === epoch);
    return !ended || header.timestampMs > ended.endedAtMs + paramsOf(state).staking.evidenceAgeMs;
  }

  private reportAfter(pauseMs: number): void {
    const { timers } = this.parts;
    if (timers.has('report') || this.open.size === 0) return;
    timers.after('report', pauseMs, () => void this.report().then(() => this.reportAfter(REPORT_RETRY_MS)));
  }

  private async report(): Promise<void> {
    const { deps, pool, submit } = this.parts;
    this.settle();
    const waiting = new Set(pool.entries().flatMap(({ transaction }) => reportIn(transaction)));
    for (const [name, evidence] of this.open) {
      if (waiting.has(name)) continue;
      try {
        const transaction = this.transactionOf(evidence);
        if (transaction) await submit(transaction);
      } catch (error) {
        // The pool is full, the account cannot pay, or the node is closing: the next turn tries again.
        deps.telemetry.log('warn', 'equivocation not reported', {
          validator: evidence.validator,
          error: String(error),
        });
      }
    }
  }

  private transactionOf(evidence: Evidence): Transaction | undefined {
    const { deps, pool, tree } = this.parts;
    const { reporter, genesis } = deps;
    if (!reporter) return undefined;
    const { gasPrice, gasLimitMin } = paramsOf(tree.tip.state);
    const call = { type: REPORT, args: canonicalText(evidence), evidence: [] };
    return reporter.sign({
      ...call,
      chainId: genesis.chainId,
      sender: reporter.address,
      publicKey: reporter.publicKey,
      nonce: pool.nextNonce(reporter.address),
      gasPrice,
      gasLimit: Math.max(gasLimitMin, intrinsicGas(call)),
    });
  }
}

/** The offence that a waiting transaction reports. */
function reportIn({ type, args }: Transaction): readonly string[] {
  return type === REPORT ? [nameOf(JSON.parse(args) as Evidence)] : []; // the pool has checked the arguments
}
