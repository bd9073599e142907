/** A seven-node testnet whose time runs fast: short epochs, and windows that end as soon as everybody has spoken. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../testnet/testnet.ts';
import { type Fixture, REPORT_CAPTURE, startTestnet } from '../support.ts';
import { Actors } from './actors.ts';
import { ChainWatch } from './chain-watch.ts';

const SECOND_MS = 1_000;
/** Blocks: a boundary comes every few seconds, and every epoch has a turn for each of the seven. */
const EPOCH_BLOCKS = 12;
/** Long beside what a loaded machine takes for a vote: nothing here waits for the end of one of these. */
const VOTE_WINDOW_MS = 600 * SECOND_MS;
const CHALLENGE_WINDOW_MS = 600 * SECOND_MS;
const EVIDENCE_AGE_MS = 60 * SECOND_MS;
/** The second agent's turn to report an outcome comes after one of these; the ring gives a step up after eight. */
export const STEP_DEADLINE_MS = 8 * SECOND_MS;
/** So that an agent may stake all it has. */
const PROPOSAL_STAKE_MAX = 100_000;

/** Whose agent lives in its node's process: who goes bankrupt, and reports the equivocation. The others are played. */
export const LIVING_AGENT = 5;

/** Consensus on a loaded machine: who is slow to be given the processor is no silent leader. */
const TIMING = { leaderTimeoutMs: 2_000, advanceTimeoutMs: 4_000, resendMs: 1_000 };

function presetText(): string {
  const preset = JSON.parse(readFileSync(join(ROOT, 'config/testnet.json'), 'utf8'));
  const { params } = preset;
  const windows = {
    ...{ commitWindowMs: VOTE_WINDOW_MS, revealWindowMs: VOTE_WINDOW_MS, challengeWindowMs: CHALLENGE_WINDOW_MS },
    ...{ stepDeadlineMs: STEP_DEADLINE_MS, heartbeatMs: SECOND_MS },
  };
  const delays = { evidenceAgeMs: EVIDENCE_AGE_MS, unbondDelayMs: EVIDENCE_AGE_MS + CHALLENGE_WINDOW_MS };
  return JSON.stringify({
    ...preset,
    epochBlocks: EPOCH_BLOCKS,
    params: {
      ...{ ...params, ...windows },
      staking: { ...params.staking, ...delays },
      confidence: { ...params.confidence, proposalStakeMax: PROPOSAL_STAKE_MAX },
      government: { ...params.government, motionWindowMs: VOTE_WINDOW_MS },
    },
  });
}

export interface Stage {
  readonly fixture: Fixture;
  readonly watch: ChainWatch;
  readonly actors: Actors;
  end(): Promise<void>;
}

export async function openStage(): Promise<Stage> {
  const folder = mkdtempSync(join(tmpdir(), 'dao-gov-preset-'));
  const preset = join(folder, 'preset.json');
  writeFileSync(preset, presetText());
  const fixture = await startTestnet(REPORT_CAPTURE, undefined, {
    ...{ preset, agents: [LIVING_AGENT] },
    settings: { timing: TIMING },
  }).finally(() => rmSync(folder, { recursive: true }));
  const watch = await ChainWatch.open(fixture.client(1));
  const actors = await Actors.open(fixture, watch);
  const end = async (): Promise<void> => {
    actors.stop();
    watch.close();
    await fixture.end();
  };
  return { fixture, watch, actors, end };
}
