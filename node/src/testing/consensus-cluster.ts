/**
 * A cluster of consensus cores on a simulated network, clock and disk. Blocks are empty and always valid: this is about
 * agreement, not execution. Everything that happens follows from the seed.
 */
import {
  type ConsensusState,
  createConsensus,
  type Effect,
  type Input,
  type LogRecord,
  restore,
  step,
} from '../consensus/index.ts';
import { headerHash } from '../protocol/hashing.ts';
import { type Block, type Hash, type ValidatorSet, type VoteSubject, ZERO_HASH } from '../protocol/types.ts';
import type { ConsensusMessage } from '../protocol/wire.ts';
import { type Random, seededRandom } from './random.ts';

export interface ClusterOptions {
  readonly seed: number;
  readonly validators?: number;
  /** Probability that a message is lost, and that it is delivered twice. */
  readonly loss?: number;
  readonly duplicate?: number;
  readonly delayMsMax?: number;
}

interface Node {
  readonly index: number;
  state: ConsensusState;
  alive: boolean;
  /** Survives crashes: the synced log and the final chain. */
  log: LogRecord[];
  final: Block[];
  wakeAtMs: number;
  /** Grows at each restart, so that nothing from an earlier life arrives. */
  life: number;
  pending: boolean;
}

interface Event {
  readonly atMs: number;
  readonly run: () => void;
}

/** Hashing dominates a simulated run, and a block object never changes. */
const hashes = new WeakMap<Block, Hash>();
function blockHash(block: Block): Hash {
  const known = hashes.get(block);
  if (known) return known;
  const hash = headerHash(block.header);
  hashes.set(block, hash);
  return hash;
}

const GENESIS: Hash = 'ee'.repeat(32);
const HEARTBEAT_MS = 5_000;
/** Names the validators; 64 zeros would make every block a tail. */
const SET_HASH: Hash = 'aa'.repeat(32);

const validatorSet = (count: number): ValidatorSet => ({
  epoch: 0,
  validators: Array.from({ length: count }, (_, index) => ({ key: index.toString(16).padStart(64, '0'), power: 100 })),
});

/** Stands for a signature: names signer and subject, so a forged one never verifies. */
const seal = (validator: number, subject: VoteSubject): string =>
  `${validator}/${subject.kind}/${subject.epoch}/${subject.view}/${subject.block}`;

export class ConsensusCluster {
  readonly nodes: Node[] = [];
  readonly random: Random;
  /** Pairs `from>to` that cannot talk. */
  readonly cut = new Set<string>();
  readonly accusations: Effect[] = [];
  nowMs = 0;
  loss: number;
  private readonly queue: Event[] = [];
  private readonly set: ValidatorSet;
  private readonly options: Required<ClusterOptions>;

  constructor(options: ClusterOptions) {
    this.options = { validators: 7, loss: 0, duplicate: 0, delayMsMax: 20, ...options };
    this.loss = this.options.loss;
    this.random = seededRandom(options.seed);
    this.set = validatorSet(this.options.validators);
    for (let index = 0; index < this.options.validators; index += 1) {
      this.nodes.push({
        index,
        state: this.core(index, []),
        alive: true,
        log: [],
        final: [],
        wakeAtMs: Number.POSITIVE_INFINITY,
        life: 0,
        pending: false,
      });
    }
    for (const node of this.nodes) this.input(node, { type: 'start' });
  }

  private core(self: number, final: readonly Block[]): ConsensusState {
    const head = final.at(-1)?.header;
    return createConsensus(
      {
        epoch: 0,
        validators: this.set,
        lastHeight: Number.MAX_SAFE_INTEGER,
        self,
        leaderTimeoutMs: 200,
        advanceTimeoutMs: 400,
        resendMs: 300,
        verify: (subject, validator, signature) => signature === seal(validator, subject),
        sign: (subject) => seal(self, subject),
      },
      head ? { hash: headerHash(head), height: head.height, view: head.view } : { hash: GENESIS, height: 0, view: 0 },
    );
  }

  private later(delayMs: number, run: () => void): void {
    const event = { atMs: this.nowMs + delayMs, run };
    // Latest first, so that the next one is popped off the end; equal times keep their order.
    let low = 0;
    let high = this.queue.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.queue[middle] as Event).atMs > event.atMs) low = middle + 1;
      else high = middle;
    }
    this.queue.splice(low, 0, event);
  }

  /** Runs until the time is reached or nothing is left to do. */
  run(forMs: number): void {
    const end = this.nowMs + forMs;
    for (;;) {
      const wake = Math.min(...this.nodes.map((node) => (node.alive ? node.wakeAtMs : Number.POSITIVE_INFINITY)));
      const first = this.queue.at(-1);
      const next = Math.min(wake, first?.atMs ?? Number.POSITIVE_INFINITY);
      if (next > end) break;
      this.nowMs = Math.max(this.nowMs, next);
      if (first && first.atMs <= wake) {
        this.queue.pop();
        first.run();
      } else {
        for (const node of this.nodes) {
          if (!node.alive || node.wakeAtMs > this.nowMs) continue;
          node.wakeAtMs = Number.POSITIVE_INFINITY;
          this.input(node, { type: 'tick' });
        }
      }
    }
    this.nowMs = end;
  }

  crash(index: number): void {
    const node = this.node(index);
    node.alive = false;
    node.life += 1;
  }

  restart(index: number): void {
    const node = this.node(index);
    node.state = this.core(index, node.final);
    restore(node.state, node.log);
    node.alive = true;
    this.input(node, { type: 'start' });
    this.input(node, { type: 'work', pending: node.pending, heartbeatMs: HEARTBEAT_MS });
  }

  /** Gives a node a transaction to get rid of, or takes it away. */
  work(pending: boolean, indices = this.nodes.map(({ index }) => index)): void {
    for (const index of indices) {
      const node = this.node(index);
      node.pending = pending;
      if (node.alive) this.input(node, { type: 'work', pending, heartbeatMs: HEARTBEAT_MS });
    }
  }

  node(index: number): Node {
    const node = this.nodes[index];
    if (!node) throw new RangeError(`no node ${index}`);
    return node;
  }

  input(node: Node, input: Input): void {
    if (!node.alive) return;
    for (const effect of step(node.state, input, this.nowMs)) this.perform(node, effect);
  }

  private deliver(from: number, to: Node, message: ConsensusMessage): void {
    if (!to.alive || this.cut.has(`${from}>${to.index}`) || this.random.chance(this.loss)) return;
    const life = to.life;
    const copies = this.random.chance(this.options.duplicate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy += 1) {
      this.later(1 + this.random.below(this.options.delayMsMax), () => {
        if (to.life === life) this.input(to, { type: 'message', from, message });
      });
    }
  }

  private perform(node: Node, effect: Effect): void {
    const life = node.life;
    const soon = (run: () => void): void =>
      this.later(1 + this.random.below(3), () => {
        if (node.life === life) run();
      });
    switch (effect.type) {
      case 'persist':
        node.log.push(...effect.records);
        return;
      case 'broadcast':
        for (const to of this.nodes) if (to !== node) this.deliver(node.index, to, effect.message);
        return;
      case 'send':
        this.deliver(node.index, this.node(effect.to), effect.message);
        return;
      case 'build':
        return soon(() => this.input(node, { type: 'built', view: effect.view, block: this.build(node, effect) }));
      case 'validate':
        return soon(() => this.input(node, { type: 'validated', hash: effect.hash, valid: true }));
      case 'finalize':
        node.final.push(...effect.blocks);
        return;
      case 'fetchBlock':
        return soon(() => this.answerBlock(node, effect.hash));
      case 'fetchCertificates':
        return soon(() => this.answerCertificates(node, effect.fromView, effect.toView));
      case 'behind':
        return soon(() => this.sync(node));
      case 'accuse':
        this.accusations.push(effect);
        return;
      case 'wake':
        node.wakeAtMs = effect.atMs;
    }
  }

  private build(node: Node, effect: Extract<Effect, { type: 'build' }>): Block {
    const parent = node.state.blocks.get(effect.parent)?.header ?? { height: node.state.anchor.height, timestampMs: 0 };
    return {
      header: {
        height: parent.height + 1,
        view: effect.view,
        epoch: 0,
        parentHash: effect.parent,
        timestampMs: Math.max(parent.timestampMs + 1, Math.floor(this.nowMs)),
        proposer: this.set.validators[node.index]?.key ?? ZERO_HASH,
        transactionsRoot: ZERO_HASH,
        receiptsRoot: ZERO_HASH,
        stateRoot: ZERO_HASH,
        evidenceRoot: ZERO_HASH,
        validatorSetHash: SET_HASH,
      },
      transactions: [],
    };
  }

  private peersOf(node: Node): Node[] {
    return this.nodes.filter(
      (other) =>
        other !== node &&
        other.alive &&
        !this.cut.has(`${node.index}>${other.index}`) &&
        !this.cut.has(`${other.index}>${node.index}`),
    );
  }

  private answerBlock(node: Node, hash: Hash): void {
    for (const peer of this.peersOf(node)) {
      const block = peer.state.blocks.get(hash) ?? peer.final.findLast((one) => blockHash(one) === hash);
      if (block) return this.input(node, { type: 'block', block });
    }
  }

  private answerCertificates(node: Node, fromView: number, toView: number): void {
    for (const peer of this.peersOf(node)) {
      for (let view = fromView; view <= toView; view += 1) {
        const round = peer.state.rounds.get(view);
        for (const certificate of [round?.notarization, round?.nullification]) {
          if (certificate)
            this.input(node, { type: 'message', from: peer.index, message: { type: 'certificate', certificate } });
        }
      }
    }
  }

  private sync(node: Node): void {
    const best = this.peersOf(node).sort((a, b) => b.final.length - a.final.length)[0];
    if (!best || best.final.length <= node.final.length) return;
    node.final.push(...best.final.slice(node.final.length));
    const head = node.final.at(-1)?.header;
    if (head)
      this.input(node, { type: 'synced', anchor: { hash: headerHash(head), height: head.height, view: head.view } });
  }

  /** Throws when two nodes disagree on a final block or an honest node contradicted itself. */
  assertSafe(): void {
    const longest = [...this.nodes].sort((a, b) => b.final.length - a.final.length)[0];
    for (const node of this.nodes) {
      node.final.forEach((block, place) => {
        const other = longest?.final[place];
        if (!other || blockHash(block) !== blockHash(other)) {
          throw new Error(`seed ${this.options.seed}: node ${node.index} forked at height ${place + 1}`);
        }
      });
      assertNoContradiction(node, this.options.seed);
    }
    if (this.accusations.length > 0) throw new Error(`seed ${this.options.seed}: an honest validator was accused`);
  }

  heights(): number[] {
    return this.nodes.map(({ final }) => final.length);
  }
}

function assertNoContradiction(node: Node, seed: number): void {
  const signed = new Map<string, Hash>();
  for (const record of node.log) {
    if (record.type !== 'vote') continue;
    const { kind, view, block } = record.vote;
    const before = signed.get(`${kind}/${view}`);
    const contradicts =
      (before !== undefined && before !== block) ||
      (kind === 'finalize' && signed.has(`nullify/${view}`)) ||
      (kind === 'nullify' && signed.has(`finalize/${view}`));
    if (contradicts) throw new Error(`seed ${seed}: node ${node.index} contradicted itself in view ${view}`);
    signed.set(`${kind}/${view}`, block);
  }
}
