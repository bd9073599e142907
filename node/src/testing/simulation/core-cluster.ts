/**
 * Consensus cores on a simulated network, clock and disk. Effects are performed as the host performs them: strictly in
 * order, one input at a time, and nothing after a write before that write is on disk.
 */
import {
  type ConsensusState,
  type Effect,
  type Input,
  restore,
  step,
  verifyCertificate,
} from '../../consensus/index.ts';
import { headerHash } from '../../protocol/hashing.ts';
import type { Certificate, Hash } from '../../protocol/types.ts';
import type { ConsensusMessage } from '../../protocol/wire.ts';
import { ConsensusMonitor } from './consensus-monitor.ts';
import { FOLLOW_MS, HEALED_WRITE_MS_MAX, HEARTBEAT_MS, INVALID_ROOT, SYNC_RETRY_MS, TIMING } from './constants.ts';
import { CoreWorld } from './core-world.ts';
import { EventQueue } from './event-queue.ts';
import { blankMember, type Member } from './member.ts';
import type { Mutation } from './mutations.ts';
import type { Fault, Machine, Scenario } from './scenario.ts';
import { hashOf } from './seals.ts';

type Finalized = Omit<Extract<Effect, { type: 'finalize' }>, 'type'>;

export class CoreCluster {
  readonly monitor: ConsensusMonitor;
  readonly scenario: Scenario;
  nowMs = 0;
  private readonly mutation: Mutation | undefined;
  private readonly members: Member[] = [];
  private readonly world: CoreWorld;
  private readonly queue = new EventQueue();
  private cut = new Set<string>();
  private groups: readonly number[] = [];
  private calm = false;

  constructor(scenario: Scenario, mutation?: Mutation) {
    this.scenario = scenario;
    this.mutation = mutation;
    this.world = new CoreWorld(scenario);
    const { world } = this;
    this.monitor = new ConsensusMonitor({
      setOf: (epoch) => world.setOf(epoch),
      isHonest: (key) => !scenario.byzantine.has(world.validators.findIndex((one) => one.key === key)),
      epochAt: (height) => world.epochAt(height),
      readsCertificates: !mutation,
    });
    for (const index of world.validators.keys()) this.addMember(index);
    for (const [index, { instances }] of scenario.byzantine) if (instances === 2) this.addMember(index);
    for (const member of this.members) this.startMember(member);
    for (const { atMs, fault } of scenario.faults) this.queue.add(atMs, () => this.inflict(fault));
  }

  private addMember(validator: number): void {
    const id = this.members.length;
    const machine = this.scenario.machines[id] as Machine; // the scenario has one for every member
    const kind = this.scenario.byzantine.get(validator);
    const state = this.world.core(validator, [], kind ? undefined : this.mutation);
    const core = (): ConsensusState => this.members[id]?.state ?? state;
    const actor = kind?.create(this.world.hands(validator, core)) ?? null;
    this.members.push({ ...blankMember(id, validator, machine), state, actor });
  }

  private startMember(member: Member): void {
    if (member.alive) return;
    member.alive = true;
    this.enterEpoch(member);
    if (member.life > 0) this.sync(member);
  }

  /** The core of the epoch that the machine's final chain says, with what its log holds of it. */
  private enterEpoch(member: Member): void {
    member.state = this.world.core(member.validator, member.final, member.actor ? undefined : this.mutation);
    const kept = member.actor ? member.log : (this.mutation?.restored?.(member.log) ?? member.log);
    restore(member.state, kept);
    this.input(member, { type: 'start' });
    const pending = this.calm || this.scenario.random.chance(0.7);
    this.input(member, { type: 'work', pending, heartbeatMs: HEARTBEAT_MS });
    this.follow(member);
  }

  /** Who is not in the set asks how far the others are, as the host does. */
  private follow(member: Member): void {
    const { state } = member;
    if (state.config.self !== null) return;
    this.later(member, FOLLOW_MS, () => {
      if (member.state !== state) return;
      this.sync(member);
      this.follow(member);
    });
  }

  /** What a message of another epoch calls for, as in the host: an old one an answer, a new one a look at the others. */
  private hear(member: Member, from: Member, message: ConsensusMessage): void {
    const { epoch } = member.state.config;
    const its = message.type === 'certificate' ? message.certificate.epoch : message.vote.epoch;
    if (its === epoch || this.mutation?.hearsAllEpochs) {
      this.input(member, { type: 'message', from: from.validator, message });
    }
    if (its === epoch || this.mutation?.leavesLaggards) return;
    if (its > epoch) {
      this.later(member, TIMING.resendMs, () => {
        if (member.state.config.epoch === epoch) this.sync(member);
      });
    } else if (message.type === 'vote' && message.vote.kind === 'nullify') {
      const closing = member.closings.get(epoch - 1);
      if (closing) this.say(member, (to) => to === from, { type: 'certificate', certificate: closing.certificate });
    }
  }

  private crash(member: Member): void {
    if (!member.alive) return;
    // What was being written may or may not have reached the disk; nobody was told that it had.
    if (this.scenario.random.chance(0.3)) member.log.push(...member.writing);
    Object.assign(member, { alive: false, life: member.life + 1, writing: [], inbox: [], busy: false, syncing: false });
    member.wake += 1;
  }

  private inflict(fault: Fault): void {
    if (this.calm) return;
    switch (fault.type) {
      case 'crash':
        for (const member of this.members.filter(({ id }) => fault.nodes.includes(id))) {
          this.crash(member);
          this.queue.add(this.nowMs + fault.downMs, () => this.startMember(member));
        }
        return;
      case 'partition':
        this.groups = fault.groups;
        return;
      case 'cut':
        this.cut = new Set(fault.pairs);
        return;
      case 'heal':
        this.groups = [];
        this.cut.clear();
    }
  }

  /** Ends all faults but the liars: nothing is cut or lost any more, and everybody runs. */
  heal(): void {
    this.inflict({ type: 'heal' });
    this.calm = true;
    for (const member of this.members) this.startMember(member);
    for (const member of this.members) this.input(member, { type: 'work', pending: true, heartbeatMs: HEARTBEAT_MS });
  }

  /** Heights of the honest. */
  heights(): readonly number[] {
    return this.members.filter(({ actor }) => !actor).map(({ final }) => final.length);
  }

  views(): readonly number[] {
    return this.members.filter(({ actor }) => !actor).map(({ state }) => state.view);
  }

  run(forMs: number): void {
    const end = this.nowMs + forMs;
    while (this.queue.nextMs <= end) {
      this.nowMs = this.queue.nextMs;
      this.queue.pop()?.();
    }
    this.nowMs = end;
  }

  private localMs({ machine }: Member): number {
    return machine.clockOffsetMs + this.nowMs * machine.clockRate;
  }

  private later(member: Member, delayMs: number, run: () => void): void {
    const { life } = member;
    this.queue.add(this.nowMs + delayMs, () => {
      if (member.alive && member.life === life) run();
    });
  }

  private input(member: Member, input: Input): void {
    if (!member.alive) return;
    this.turn(member, () => this.step(member, input));
  }

  private turn(member: Member, turn: () => readonly Effect[]): void {
    member.inbox.push(turn);
    if (!member.busy) this.drain(member);
  }

  private step(member: Member, given: Input): readonly Effect[] {
    const { actor, state } = member;
    const mutation = actor ? undefined : this.mutation;
    const input = mutation?.input?.(given, state) ?? given;
    const wanted = step(state, input, this.localMs(member));
    if (actor) return [...actor.react(input), ...wanted.flatMap((effect) => actor.rewrite(effect))];
    return mutation?.effects?.(wanted, state) ?? wanted;
  }

  private drain(member: Member): void {
    for (let next = member.inbox.shift(); next; next = member.inbox.shift()) {
      const effects = next();
      member.busy = true;
      if (!this.perform(member, effects, 0)) return;
      member.busy = false;
    }
  }

  /** Performs effects from a place on. False when the rest waits for the disk. */
  private perform(member: Member, effects: readonly Effect[], from: number): boolean {
    for (let place = from; place < effects.length; place += 1) {
      const effect = effects[place] as Effect; // below the length
      if (effect.type !== 'persist') {
        this.effect(member, effect);
        continue;
      }
      if (!member.actor) this.monitor.kept(effect.records);
      const { diskMsMax } = member.machine;
      const mostMs = this.calm ? Math.min(diskMsMax, HEALED_WRITE_MS_MAX) : diskMsMax;
      const tookMs = mostMs * this.scenario.random.next();
      member.writing = effect.records;
      this.later(member, tookMs, () => {
        member.log.push(...member.writing);
        member.writing = [];
        if (!this.perform(member, effects, place + 1)) return;
        member.busy = false;
        this.drain(member);
      });
      return false;
    }
    return true;
  }

  private effect(member: Member, effect: Exclude<Effect, { type: 'persist' }>): void {
    const soonMs = 1 + this.scenario.random.below(4);
    switch (effect.type) {
      case 'broadcast':
        return this.say(member, () => true, effect.message);
      case 'send':
        return this.say(member, ({ validator }) => validator === effect.to, effect.message);
      case 'build': {
        const { view, parent } = effect;
        const block = this.world.block(member, { view, parentHash: parent, localMs: this.localMs(member) });
        return this.later(member, soonMs, () => this.input(member, { type: 'built', view, block }));
      }
      case 'validate': {
        const valid = effect.block.header.stateRoot !== INVALID_ROOT;
        return this.later(member, soonMs, () => this.input(member, { type: 'validated', hash: effect.hash, valid }));
      }
      case 'finalize':
        return this.finalize(member, effect);
      case 'fetchBlock':
        return this.later(member, this.delayMs() * 2, () => this.answerBlock(member, effect.hash));
      case 'fetchCertificates':
        return this.later(member, this.delayMs() * 2, () =>
          this.answerCertificates(member, effect.fromView, effect.toView, effect.from),
        );
      case 'behind':
        return this.sync(member);
      case 'accuse':
        if (!member.actor) this.monitor.accused(effect);
        return;
      case 'wake': {
        member.wake += 1;
        const { wake, machine } = member;
        const atMs = (effect.atMs - machine.clockOffsetMs) / machine.clockRate;
        // A hair late, so that rounding never wakes anybody before its time.
        return this.later(member, Math.max(0, atMs - this.nowMs) + 0.001, () => {
          if (member.wake === wake) this.input(member, { type: 'tick' });
        });
      }
    }
  }

  private delayMs(): number {
    const { random, delayMsMax } = this.scenario;
    const delay = 1 + random.next() * delayMsMax;
    return !this.calm && random.chance(0.03) ? delay * 10 : delay;
  }

  private hears(from: Member, to: Member): boolean {
    return this.groups[from.id] === this.groups[to.id] && !this.cut.has(`${from.id}>${to.id}`);
  }

  private say(from: Member, isMeant: (to: Member) => boolean, message: ConsensusMessage): void {
    const { random, loss, duplicate } = this.scenario;
    this.monitor.sent(this.world.validators[from.validator]?.key ?? '', message);
    for (const to of this.members) {
      if (to === from || !isMeant(to) || !this.hears(from, to)) continue;
      if (!this.calm && random.chance(loss)) continue;
      const copies = random.chance(duplicate) ? 2 : 1;
      for (let copy = 0; copy < copies; copy += 1) {
        this.later(to, this.delayMs(), () => this.hear(to, from, message));
      }
    }
  }

  private finalize(member: Member, made: Finalized): void {
    if (!member.actor) this.monitor.final(member.final, made);
    const { blocks, tails, certificate } = made;
    const { epoch } = member.state.config;
    member.final.push(...blocks);
    member.finality = certificate;
    if (this.world.epochAt(member.final.length + 1) === epoch) return;
    member.closings.set(epoch, { certificate, tails });
    this.enterEpoch(member);
  }

  /** Whom a node can ask, in random order. */
  private reachable(member: Member): Member[] {
    const peers = this.members.filter(
      (other) => other !== member && other.alive && this.hears(member, other) && this.hears(other, member),
    );
    const start = this.scenario.random.below(peers.length || 1);
    return [...peers.slice(start), ...peers.slice(0, start)];
  }

  private answerBlock(member: Member, hash: Hash): void {
    for (const { state, final } of this.reachable(member)) {
      const block = state.blocks.get(hash) ?? final.findLast((one) => hashOf(one) === hash);
      if (block) return this.input(member, { type: 'block', block });
    }
  }

  private answerCertificates(member: Member, fromView: number, toView: number, first: number | null): void {
    const peers = this.reachable(member).sort((a, b) => Number(b.validator === first) - Number(a.validator === first));
    for (const { state } of peers.filter((peer) => peer.state.config.epoch === member.state.config.epoch)) {
      const found: Certificate[] = [];
      for (let view = fromView; view <= toView; view += 1) {
        const round = state.rounds.get(view);
        for (const one of [round?.notarization, round?.nullification]) if (one) found.push(one);
      }
      for (const certificate of found) {
        this.input(member, { type: 'message', from: null, message: { type: 'certificate', certificate } });
      }
      if (found.length > 0) return;
    }
  }

  /** Range sync as in the host: from the furthest peer, verified, again while something is known to be missing. */
  private sync(member: Member): void {
    if (member.syncing) return;
    member.syncing = true;
    this.later(member, this.delayMs() * 4, () => {
      member.syncing = false;
      const peers = this.reachable(member);
      for (const { actor } of peers) {
        const lie = actor?.answerSync?.(member.final.at(-1));
        if (lie) this.turn(member, () => this.adopt(member, { ...lie, blocks: [lie.block], tails: [] }));
      }
      const best = peers.reduce<Member | undefined>(
        (most, peer) => (peer.final.length > (most?.final.length ?? member.final.length) ? peer : most),
        undefined,
      );
      if (best) {
        // One epoch at a time: only its end tells who certifies what comes after.
        const { epoch } = member.state.config;
        const answer = best.final.slice(0, this.world.lastHeightOf(epoch));
        const closing = best.closings.get(epoch);
        const certificate = closing?.certificate ?? best.finality;
        this.turn(member, () => {
          const blocks = answer.slice(member.final.length);
          return certificate ? this.adopt(member, { blocks, tails: closing?.tails ?? [], certificate }) : [];
        });
        if (closing) this.sync(member);
      }
      if (member.state.unlinked) this.later(member, SYNC_RETRY_MS, () => this.sync(member));
    });
  }

  private adopt(member: Member, made: Finalized): readonly Effect[] {
    const { blocks, tails, certificate } = made;
    const head = blocks.at(-1);
    if (!head) return [];
    let proven = hashOf(head);
    for (const tail of tails) proven = tail.parentHash === proven ? headerHash(tail) : '';
    if (certificate.block !== proven) return [];
    const trusts = this.mutation?.trustsSync && !member.actor;
    if (!trusts && !verifyCertificate(member.state, certificate, undefined)) return [];
    // The range was cut to what is new when it was asked for; its link is checked as the host checks it.
    if (head.header.height !== member.final.length + blocks.length) return [];
    this.finalize(member, made);
    const anchor = { hash: hashOf(head), height: head.header.height, view: head.header.view };
    return this.step(member, { type: 'synced', anchor });
  }
}
