/** What one seed means: validators, their machines, their network, the liars among them, and what goes wrong when. */
import { type Random, seededRandom } from '../random.ts';
import { ACTORS, type ActorKind } from './byzantine/index.ts';
import { FAULTS_MS } from './constants.ts';

export type Fault =
  | { readonly type: 'crash'; readonly nodes: readonly number[]; readonly downMs: number }
  /** Nodes hear each other within their group only. */
  | { readonly type: 'partition'; readonly groups: readonly number[] }
  /** One direction of single connections. */
  | { readonly type: 'cut'; readonly pairs: readonly string[] }
  | { readonly type: 'heal' };

export interface Machine {
  /** Local milliseconds in a simulated one, and where its clock stands at the start. */
  readonly clockRate: number;
  readonly clockOffsetMs: number;
  /** Longest time that a synced write takes; 0 for at once. */
  readonly diskMsMax: number;
}

export interface Scenario {
  readonly seed: number;
  /** Voting power of each validator. */
  readonly powers: readonly number[];
  /** Liars by validator; at most what the protocol tolerates by power. */
  readonly byzantine: ReadonlyMap<number, ActorKind>;
  readonly machines: readonly Machine[];
  readonly loss: number;
  readonly duplicate: number;
  readonly delayMsMax: number;
  readonly faults: readonly { readonly atMs: number; readonly fault: Fault }[];
  /** Blocks of an epoch; more than any run makes where the set never changes. */
  readonly epochBlocks: number;
  /** Voting powers in an epoch; 0 for who is not in its set. Liars hold less than a third in each. */
  powersIn(epoch: number): readonly number[];
  /** Continues where the scenario ended. */
  readonly random: Random;
}

export interface ScenarioOptions {
  readonly seed: number;
  /** Number of validators; drawn from the seed when absent. */
  readonly validators?: number;
  /** Liars that must be among those drawn, by name. */
  readonly actors?: readonly string[];
  /** Every validator has the same power. */
  readonly equalPowers?: boolean;
  /** Short epochs with other powers in each, or one epoch that never ends; drawn from the seed when absent. */
  readonly epochs?: boolean;
  /** One machine a validator: actors that need two are left out. */
  readonly wholeNodes?: boolean;
}

const LAST_SPLIT_MS = 1_200;
/** Seeds with short epochs. */
const EPOCHS_CHANCE = 0.4;
const EPOCHS_SALT = 0x9e37_79b9;
const COUNTS = [4, 7, 7, 7, 10] as const;

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.below(from.length)] as T; // never called with an empty list
}

export function shuffled<T>(random: Random, values: readonly T[]): T[] {
  const left = [...values];
  return values.map(() => left.splice(random.below(left.length), 1)[0] as T); // as many as there are
}

function drawByzantine(
  random: Random,
  powers: readonly number[],
  wanted: readonly string[],
  all: readonly ActorKind[],
): Map<number, ActorKind> {
  const total = powers.reduce((sum, power) => sum + power, 0);
  const named = all.filter(({ name }) => wanted.includes(name));
  const liars = new Map<number, ActorKind>();
  let held = 0;
  const share = random.next();
  for (const validator of shuffled(random, [...powers.keys()])) {
    const power = powers[validator] as number;
    const kind = pick(random, named.length > 0 ? named : all);
    const lies = named.length > 0 || random.chance(0.3 + share);
    if (!lies || 3 * (held + power) >= total) continue;
    held += power;
    liars.set(validator, kind);
  }
  return liars;
}

function drawFault(random: Random, count: number): Fault {
  const all = Array.from({ length: count }, (_, index) => index);
  switch (random.below(8)) {
    case 0:
    case 1:
    case 2:
      return { type: 'crash', nodes: [random.below(count)], downMs: 20 + random.below(1_500) };
    case 3:
      return {
        type: 'crash',
        nodes: shuffled(random, all).slice(0, 1 + random.below(count)),
        downMs: 20 + random.below(800),
      };
    case 4:
      return { type: 'partition', groups: all.map(() => random.below(2)) };
    case 5: {
      const alone = random.below(count);
      return { type: 'partition', groups: all.map((index) => (index === alone ? 1 : 0)) };
    }
    case 6: {
      const pairs = all.flatMap((from) => all.map((to) => `${from}>${to}`));
      return { type: 'cut', pairs: pairs.filter(() => random.chance(0.25)) };
    }
    default:
      return { type: 'heal' };
  }
}

/** Apart from the other draws, so that a seed with epochs has the faults that it would have without. */
function drawEpochs(
  seed: number,
  powers: readonly number[],
  byzantine: ReadonlyMap<number, ActorKind>,
  wanted: boolean | undefined,
): Pick<Scenario, 'epochBlocks' | 'powersIn'> {
  const random = seededRandom((seed ^ EPOCHS_SALT) >>> 0);
  for (let warm = 0; warm < 4; warm += 1) random.next();
  const drawn = random.chance(EPOCHS_CHANCE);
  const length = 2 + random.below(9);
  const sets = [powers];
  const isSafe = (next: readonly number[]): boolean => {
    const held = next.reduce((sum, power, index) => sum + (byzantine.has(index) ? power : 0), 0);
    return next.filter((power) => power > 0).length >= 4 && 3 * held < next.reduce((sum, power) => sum + power, 0);
  };
  return {
    epochBlocks: (wanted ?? drawn) ? length : Number.MAX_SAFE_INTEGER,
    powersIn(epoch) {
      while (sets.length <= epoch) {
        const next = powers.map((power) => (random.chance(0.15) ? 0 : power + random.below(3)));
        sets.push(isSafe(next) ? next : powers);
      }
      return sets[epoch] ?? powers;
    },
  };
}

export function scenarioOf({
  seed,
  validators,
  actors = [],
  equalPowers = false,
  wholeNodes = false,
  epochs,
}: ScenarioOptions): Scenario {
  const random = seededRandom(seed);
  for (let warm = 0; warm < 4; warm += 1) random.next();
  const drawn = pick(random, COUNTS);
  const count = validators ?? drawn;
  const weighted = random.chance(0.3) && !equalPowers;
  const powers = Array.from({ length: count }, () => (weighted ? 1 + random.below(4) : 1));
  const possible = ACTORS.filter((kind) => (wholeNodes ? kind.instances === 1 : !kind.wholeNodesOnly));
  const byzantine = drawByzantine(random, powers, actors, possible);
  const machines = [...powers, ...byzantine].map(() => ({
    clockRate: 0.95 + random.next() * 0.1,
    clockOffsetMs: random.below(2_000),
    diskMsMax: random.chance(0.15) ? 120 : random.below(12),
  }));
  const nodes = count + [...byzantine.values()].filter(({ instances }) => instances === 2).length;
  const faults: { atMs: number; fault: Fault }[] = Array.from({ length: 3 + random.below(10) }, () => ({
    atMs: 100 + random.below(FAULTS_MS - 100),
    fault: drawFault(random, nodes),
  }));
  // Often the faults end with a split that leaves nobody a quorum: what was said in it reached only some.
  if (random.chance(0.3)) {
    const groups = Array.from({ length: nodes }, (_, index) => index % 2);
    faults.push({ atMs: FAULTS_MS - LAST_SPLIT_MS, fault: { type: 'partition', groups } });
  }
  return {
    ...drawEpochs(seed, powers, byzantine, epochs),
    seed,
    powers,
    byzantine,
    machines,
    loss: random.chance(0.5) ? 0 : random.next() * 0.2,
    duplicate: random.chance(0.5) ? 0 : random.next() * 0.2,
    delayMsMax: 4 + random.below(60),
    faults: faults.sort((a, b) => a.atMs - b.atMs),
    random,
  };
}
