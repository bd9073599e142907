/** Many incidents in a row from one seed: who is right how often, and what reputation and balance make of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Genesis, Role } from '@dao-gov/node/protocol';
import { ROLES } from '@dao-gov/node/protocol';
import { developmentGenesis, type Random, seededRandom, TestChain } from '@dao-gov/node/testing';
import { Books, type ClaimEntry } from './books.ts';
import { playIncident } from './incident.ts';
import { drawCause, PROFILES, type Profile, shuffled } from './profiles.ts';
import { mean } from './ranks.ts';
import { Seats } from './seats.ts';

const PRESET = join(import.meta.dirname, '../../config/testnet.json');
/** Points of a curve over the incidents. */
const CURVE_POINTS = 100;

export interface AgentResult {
  readonly name: string;
  readonly skill: number;
  /** Balance and stake, less the grants of bankruptcies: what its own doing made of its tokens. */
  readonly earned: number;
  readonly reputation: number;
  /** Over all incidents: the end alone cannot tell those apart who reached the top. */
  readonly reputationMean: number;
  readonly reboots: number;
  readonly method: Profile['method'];
  readonly claims: readonly ClaimEntry[];
  /** After each so many incidents: [incidents, tokens], and [incidents, mean reputation so far]. */
  readonly tokensOverTime: readonly (readonly [number, number])[];
  readonly reputationOverTime: readonly (readonly [number, number])[];
}

export interface EconomyResult {
  readonly seed: number;
  readonly incidents: number;
  readonly finalized: number;
  readonly overturned: number;
  /** Accepted claims that were wrong and stayed so. */
  readonly wrongAccepted: number;
  /** In the order of PROFILES. */
  readonly agents: readonly AgentResult[];
}

export interface EconomyOptions {
  readonly incidents: number;
  readonly seed: number;
}

/** The test network's own parameters; time to measure and to challenge, and a treasury that lasts. */
function genesisOf(incidents: number): Genesis {
  const { params, agent } = JSON.parse(readFileSync(PRESET, 'utf8')) as Pick<Genesis, 'params'> & {
    readonly agent: { readonly balance: number; readonly stake: number; readonly reputation: number };
  };
  const { balance, stake, reputation } = agent;
  const treasury = 200_000 + 10_000 * incidents;
  const genesis = developmentGenesis({
    treasury,
    accounts: Object.fromEntries(ROLES.map((role) => [role, { balance, stake, reputation }])),
  });
  return {
    ...genesis,
    params: {
      ...params,
      ...{ commitWindowMs: 10_000, revealWindowMs: 10_000, challengeWindowMs: 60_000 },
      work: { ...params.work, epochBudget: treasury },
    },
  };
}

/** Roles come with duties that cost and earn a little; so who sits where is drawn. */
function seated(random: Random): ReadonlyMap<Role, Profile> {
  const profiles = shuffled(PROFILES, random);
  return new Map(ROLES.flatMap((role, index) => (profiles[index] ? [[role, profiles[index]] as const] : [])));
}

export function simulateEconomy({ incidents, seed }: EconomyOptions): EconomyResult {
  const random = seededRandom(seed);
  const profiles = seated(random);
  const books = new Books();
  const chain = new TestChain(genesisOf(incidents), { signed: false });
  const seats = new Seats(chain, books, random, profiles);
  const trails = new Map(PROFILES.map(({ name }) => [name, { tokens: [] as number[], reputation: [] as number[] }]));
  let acceptedLast = '';
  let wrongAccepted = 0;
  for (let number = 0; number < incidents; number += 1) {
    const cause = drawCause(random);
    const accepted = playIncident(seats, number, cause, acceptedLast);
    if (accepted !== '') acceptedLast = accepted;
    if (accepted !== '' && accepted !== cause) wrongAccepted += 1;
    for (const [role, { name }] of profiles) {
      trails.get(name)?.tokens.push(earnedBy(seats, role));
      trails.get(name)?.reputation.push(chain.account(role).reputation);
    }
  }
  const agents = PROFILES.map((profile): AgentResult => {
    const role = [...profiles].find(([, one]) => one === profile)?.[0] as Role; // all of them sit somewhere
    const { tokens, reputation } = trails.get(profile.name) ?? { tokens: [], reputation: [] };
    return {
      ...{ name: profile.name, skill: profile.skill, earned: earnedBy(seats, role) },
      ...{ reputation: chain.account(role).reputation, reputationMean: mean(reputation) },
      ...{ reboots: chain.account(role).reboots, method: profile.method },
      claims: books.claims.filter(({ proposer }) => proposer === seats.address(role)),
      ...{ tokensOverTime: thinned(tokens), reputationOverTime: thinned(runningMeans(reputation)) },
    };
  });
  return { seed, incidents, finalized: books.finalized, overturned: books.overturned, wrongAccepted, agents };
}

function earnedBy({ chain, books, address }: Seats, role: Role): number {
  const { balance, stake } = chain.account(role);
  return balance + stake - (books.grants.get(address(role)) ?? 0);
}

function runningMeans(values: readonly number[]): readonly number[] {
  let sum = 0;
  return values.map((value, index) => {
    sum += value;
    return sum / (index + 1);
  });
}

function thinned(values: readonly number[]): readonly (readonly [number, number])[] {
  const step = Math.max(1, Math.ceil(values.length / CURVE_POINTS));
  return values.flatMap((value, index) => ((index + 1) % step === 0 ? [[index + 1, value] as const] : []));
}
