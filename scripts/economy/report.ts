/** What the economy simulation says: one table over all seeds, rank correlations, and two curves of one seed. */
import { type Chart, chartSvg } from '../bench/chart.ts';
import { mean, meanError, rankCorrelation } from './ranks.ts';
import type { AgentResult, EconomyResult } from './simulate.ts';

/** Claims with at least this at stake are "everything on a guess": half of what one claim may stake. */
export const LARGE_STAKE = 1_000;

export interface AgentSummary {
  readonly name: string;
  readonly skill: number;
  /** Means over the seeds. */
  readonly earned: number;
  readonly reputation: number;
  readonly reboots: number;
  readonly claims: number;
  /** Mean of a claim over all seeds, and half its 95 % interval. */
  readonly claimNet: number;
  readonly claimNetError: number;
}

export interface EconomySummary {
  readonly seeds: number;
  readonly incidents: number;
  readonly finalized: number;
  readonly overturned: number;
  readonly wrongAccepted: number;
  readonly agents: readonly AgentSummary[];
  /** Spearman's correlation of skill with what an agent has at the end, by the means over the seeds. */
  readonly skillWithTokens: number;
  readonly skillWithReputation: number;
  /** The least of the same in a single seed. */
  readonly leastSkillWithTokens: number;
  readonly leastSkillWithReputation: number;
  /** Claims of guessers with a large stake: how many, and what each was worth. */
  readonly allIn: { readonly claims: number; readonly net: number; readonly error: number };
}

const total = (results: readonly EconomyResult[], of: (result: EconomyResult) => number): number =>
  results.reduce((sum, result) => sum + of(result), 0);

function correlations(agents: readonly Pick<AgentResult, 'skill' | 'earned' | 'reputationMean'>[]) {
  const skills = agents.map(({ skill }) => skill);
  return {
    tokens: rankCorrelation(
      skills,
      agents.map(({ earned }) => earned),
    ),
    reputation: rankCorrelation(
      skills,
      agents.map(({ reputationMean }) => reputationMean),
    ),
  };
}

/** @param results one or more seeds of as many incidents */
export function summarise(results: readonly EconomyResult[]): EconomySummary {
  const names = results[0]?.agents ?? [];
  const over = names.map(({ name }) => results.flatMap(({ agents }) => agents.filter((agent) => agent.name === name)));
  const agents = over.map((same): AgentSummary => {
    const nets = same.flatMap(({ claims }) => claims.map(({ net }) => net));
    return {
      ...{ name: same[0]?.name ?? '', skill: same[0]?.skill ?? 0 },
      earned: mean(same.map(({ earned }) => earned)),
      reputation: mean(same.map(({ reputationMean }) => reputationMean)),
      reboots: mean(same.map(({ reboots }) => reboots)),
      ...{ claims: nets.length, claimNet: mean(nets), claimNetError: meanError(nets) },
    };
  });
  const means = correlations(agents.map((agent) => ({ ...agent, reputationMean: agent.reputation })));
  const single = results.map((result) => correlations(result.agents));
  const guesses = results.flatMap((result) => result.agents.filter(({ method }) => method === 'guess'));
  const allIn = guesses.flatMap(({ claims }) =>
    claims.flatMap(({ stake, net }) => (stake >= LARGE_STAKE ? [net] : [])),
  );
  return {
    ...{ seeds: results.length, incidents: total(results, ({ incidents }) => incidents) },
    finalized: total(results, ({ finalized }) => finalized),
    overturned: total(results, ({ overturned }) => overturned),
    wrongAccepted: total(results, ({ wrongAccepted }) => wrongAccepted),
    agents,
    ...{ skillWithTokens: means.tokens, skillWithReputation: means.reputation },
    leastSkillWithTokens: Math.min(...single.map(({ tokens }) => tokens)),
    leastSkillWithReputation: Math.min(...single.map(({ reputation }) => reputation)),
    allIn: { claims: allIn.length, net: mean(allIn), error: meanError(allIn) },
  };
}

const rounded = (value: number): string => String(Math.round(value));

export const summaryRows = ({ agents }: EconomySummary): readonly (readonly string[])[] => [
  ['agent (skill)', 'tokens', 'mean reputation', 'reboots', 'claims', 'tokens a claim'],
  ...agents.map(({ name, earned, reputation, reboots, claims, claimNet, claimNetError }) => [
    ...[name, rounded(earned), reputation.toFixed(1), reboots.toFixed(1), String(claims)],
    `${rounded(claimNet)} +- ${rounded(claimNetError)}`,
  ]),
];

const charts = ({ seed, incidents, agents }: EconomyResult): readonly Chart[] => {
  const x = 'incidents';
  const of = (curve: (agent: AgentResult) => readonly (readonly [number, number])[]) =>
    agents.map((agent) => ({ name: agent.name, points: curve(agent) }));
  return [
    {
      title: `Tokens of agents of different skill, ${incidents} incidents, seed ${seed}`,
      ...{ x, y: 'tokens less grants', curves: of(({ tokensOverTime }) => tokensOverTime) },
    },
    {
      title: 'Their reputation, mean of all incidents so far',
      ...{ x, y: 'points', curves: of(({ reputationOverTime }) => reputationOverTime) },
    },
  ];
};

/** Height of one chart: what `chartSvg` draws on. */
const CHART_WIDTH = 860;
const CHART_HEIGHT = 330;

/** One file with both curves, complete in itself, on a white ground that dark pages leave readable. */
export function economySvg(result: EconomyResult): string {
  const drawn = charts(result).map((chart, index) =>
    chartSvg(chart).replace('<svg ', `<svg y="${index * CHART_HEIGHT}" height="${CHART_HEIGHT}" `),
  );
  const height = drawn.length * CHART_HEIGHT;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${CHART_WIDTH} ${height}" font-family="sans-serif" font-size="12">
<rect width="${CHART_WIDTH}" height="${height}" fill="#fff"/>
${drawn.join('\n')}
</svg>
`;
}
