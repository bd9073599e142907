/** The seven agents of the economy simulation: how often each is right, how sure it says it is, and what it stakes. */
import type { Random } from '@dao-gov/node/testing';

export interface Profile {
  readonly name: string;
  /** Probability of naming the right root cause of an incident. */
  readonly skill: number;
  /** A guesser always names the usual suspect, a copier what was accepted last; others look at the incident. */
  readonly method: 'analyse' | 'guess' | 'copy';
  /** How sure it says it is: by its real chance in this incident, always, or without minding the stake at all. */
  readonly confidence: 'calibrated' | 'overconfident';
}

/** Incidents have one of these causes; the first is the usual suspect, at the base rate of a guess in PetShop (0.308). */
export const CAUSE_WEIGHTS = [0.308, 0.192, 0.16, 0.13, 0.11, 0.1] as const;
export const CAUSES = CAUSE_WEIGHTS.map((_, index) => `service-${index + 1}`);

const GUESS_SKILL = CAUSE_WEIGHTS[0];
/** Chance that the cause of an incident is that of the one before. */
const COPY_SKILL = CAUSE_WEIGHTS.reduce((sum, weight) => sum + weight * weight, 0);

export const PROFILES: readonly Profile[] = [
  { name: 'expert 0.92', skill: 0.92, method: 'analyse', confidence: 'calibrated' },
  { name: 'senior 0.84', skill: 0.84, method: 'analyse', confidence: 'calibrated' },
  { name: 'practised 0.74', skill: 0.74, method: 'analyse', confidence: 'calibrated' },
  { name: 'novice 0.60', skill: 0.6, method: 'analyse', confidence: 'calibrated' },
  { name: 'overconfident 0.60', skill: 0.6, method: 'analyse', confidence: 'overconfident' },
  { name: 'all-in guesser 0.31', skill: GUESS_SKILL, method: 'guess', confidence: 'overconfident' },
  { name: 'copier 0.19', skill: COPY_SKILL, method: 'copy', confidence: 'calibrated' },
];

/** What the overconfident say of every claim. */
const CERTAIN = 1;
/** Incidents differ: the chance of being right lies within this much of the skill. */
const DIFFICULTY_SPREAD = 0.06;

/** An agent's private view of one incident. */
export interface Opinion {
  readonly cause: string;
  /** Its stated probability of being right, 0..1. */
  readonly confidence: number;
}

export interface Incident {
  readonly cause: string;
  /** Root cause that was accepted last; the copier's whole knowledge. */
  readonly acceptedLast: string;
  /** Causes that were turned down in this incident already. */
  readonly excluded: ReadonlySet<string>;
  /** Share of the errors that evidence brought since then puts right, 0..1. */
  readonly insight: number;
}

export function shuffled<T>(items: readonly T[], random: Random): readonly T[] {
  const left = [...items];
  return items.map(() => left.splice(random.below(left.length), 1)[0] as T); // as many as there are
}

/** A cause by its weight, none of the excluded. */
export function drawCause(random: Random, excluded: ReadonlySet<string> = new Set()): string {
  const left = CAUSES.flatMap((cause, index) =>
    excluded.has(cause) ? [] : [[cause, CAUSE_WEIGHTS[index] ?? 0] as const],
  );
  let at = random.next() * left.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [cause, weight] of left) {
    at -= weight;
    if (at < 0) return cause;
  }
  return left.at(-1)?.[0] ?? '';
}

/** Looks at the incident: by analysis, or by the habit of the guesser and the copier. */
export function opinionOf(profile: Profile, incident: Incident, random: Random): Opinion {
  const { cause, excluded, insight } = incident;
  if (profile.method !== 'analyse') return habit(profile, incident);
  const spread = (2 * random.next() - 1) * DIFFICULTY_SPREAD;
  const chance = Math.min(0.99, profile.skill + spread + (1 - profile.skill) * insight);
  const isRight = random.chance(chance) && !excluded.has(cause);
  const confidence = profile.confidence === 'calibrated' ? chance : CERTAIN;
  return { cause: isRight ? cause : drawCause(random, new Set([...excluded, cause])), confidence };
}

function habit(
  { skill, confidence }: Profile,
  { acceptedLast, excluded }: Incident,
  preferred = acceptedLast,
): Opinion {
  const first = confidence === 'overconfident' ? CAUSES : [preferred, ...CAUSES];
  const cause = first.find((one) => one !== '' && !excluded.has(one)) ?? '';
  return { cause, confidence: confidence === 'calibrated' ? skill : CERTAIN };
}

/** A further token above the minimum pays only above this chance (ADR 0007). */
export const STAKE_MORE_ABOVE = 0.8;

/** The minimum, and above the break-even chance the more the surer. @returns whole tokens */
export function stakeOf(confidence: number, least: number, most: number): number {
  const sureness = Math.max(0, Math.min(1, (confidence - STAKE_MORE_ABOVE) / (1 - STAKE_MORE_ABOVE)));
  return Math.floor(least + sureness * (most - least));
}
