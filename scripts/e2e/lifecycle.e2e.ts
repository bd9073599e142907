/**
 * The whole economy on seven real processes, in one life of a chain: a right claim is paid, votes change a parameter and
 * spend from the treasury, bonds move from the command line, a validator equivocates, a wrong claim passes and falls,
 * and who had staked everything on it starts afresh. In the end, a bundle proves it to somebody who trusts none of them.
 */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROLES, type Role } from '@dao-gov/node/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { waitReady } from '../testnet/api.ts';
import { NODES, ROOT } from '../testnet/testnet.ts';
import { type Actors, type Ballots, both, dataOf, nodeOf } from './lifecycle/actors.ts';
import type { ChainWatch } from './lifecycle/chain-watch.ts';
import { collected, databaseMeasured } from './lifecycle/evidence.ts';
import { claim, gatherFacts, reportRecovery, solve } from './lifecycle/procedure.ts';
import { LIVING_AGENT, openStage, STEP_DEADLINE_MS, type Stage } from './lifecycle/stage.ts';
import { agreedHeight } from './support.ts';

const EQUIVOCATING_NODE = join(ROOT, 'node/src/testing/bin/equivocating-node.ts');
const BYZANTINE = 6;
const GUESSER: Role = 'probability_oracle';
const CHALLENGER: Role = 'fault_mapper';
/** Tokens that everybody stakes at first, and that votes take of it. */
const STAKE = 1_000;
const VOTE_STAKE = 100;
const LEAST_VOTE_STAKE = 60;
/** What the guesser keeps for gas, of its claim and of a vote: too little to take part in another incident. */
const KEPT = 1_200;
/** Five transactions at the least price and the least stake of a vote: what a reboot tops up to. */
const MINIMUM_MEANS = 1_060;
const READY_MS_MAX = 300_000;
const STORY_MS_MAX = 600_000;

let stage: Stage;
let actors: Actors;
let watch: ChainWatch;
const begun = performance.now();
/** The incident in which a claim was challenged. */
let disputed = '';

beforeAll(async () => {
  stage = await openStage();
  ({ actors, watch } = stage);
  await Promise.all(ROLES.map((role) => actors.call(role, 'stake', { amount: STAKE })));
}, STORY_MS_MAX);
afterAll(() => stage?.end(), STORY_MS_MAX);

const client = (node = 1) => stage.fixture.client(node);
const everybodyBut = (...absent: readonly Role[]): Ballots =>
  Object.fromEntries(ROLES.filter((role) => !absent.includes(role)).map((role) => [role, 'For']));

async function verified(incidentId: string) {
  await reportRecovery(actors, incidentId, 'data_detective', 1);
  await watch.until('the turn of the next in the ring', async () => {
    const [{ timestampMs }, { stepOpenedAtMs }] = await Promise.all([client().chain(), client().incident(incidentId)]);
    return timestampMs >= stepOpenedAtMs + STEP_DEADLINE_MS;
  });
  await reportRecovery(actors, incidentId, 'dependency_explorer', 2);
  return watch.event('IncidentFinalized', { incidentId });
}

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs one of the project's commands as a person does. */
const command = (script: string, ...args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const env = { ...process.env, NO_COLOR: '1', NODE_NO_WARNINGS: '1' };
    execFile(process.execPath, [join(ROOT, 'scripts', script), ...args], { env }, (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
const testnet = (...args: readonly string[]) =>
  command('testnet.ts', ...args, '--dir', stage.fixture.testnet.directory, '--json');
const lastLine = ({ stdout }: Ended) => JSON.parse(stdout.trim().split('\n').at(-1) ?? '');

describe('one life of a chain', { timeout: STORY_MS_MAX }, () => {
  it('a right claim is finalized and paid', async () => {
    const incidentId = await gatherFacts(actors, 'first', 'stock-db');
    const evidence = collected(incidentId);
    const proposalId = await claim(actors, incidentId, { by: GUESSER, rootCause: 'stock-db', stake: 100, evidence });
    await actors.sealedVote(proposalId, everybodyBut(GUESSER), VOTE_STAKE);
    await solve(actors, incidentId, 'stock-db');
    expect((await verified(incidentId)).data).toMatchObject({ rootCause: 'stock-db', verified: true });
    const paid = (event: string) =>
      watch
        .events(event)
        .filter(({ data }) => data.proposalId === proposalId)
        .map(({ data }) => data.amount);
    expect(paid('Bounty')).toEqual([1_000]);
    expect(paid('Reward').filter((amount) => amount === 800)).toHaveLength(1);
    expect(paid('Reward').filter((amount) => amount === 300)).toHaveLength(6);
    await watch.until('node 7 knows', async () => {
      const { reputation } = await client(7).account(actors.address(GUESSER));
      return reputation === 85;
    });
  });

  it('votes change a parameter and spend from the treasury, from the next epoch on', async () => {
    const changes = [{ name: 'rewards.bounty', value: 1_200 }];
    const spending = { to: actors.address(CHALLENGER), amount: 5_000 };
    const terms = { stake: 100, reason: both('It is worth it.') };
    const [dearer, grant] = await Promise.all([
      actors.call('alert_receiver', 'propose_parameters', { ...terms, changes }),
      actors.call('process_scheduler', 'propose_spending', { ...terms, ...spending }),
    ]);
    const ids = [dearer, grant].map((receipt) => String(dataOf(receipt, 'MotionOpened').proposalId));
    const [parameters = '', payment = ''] = ids;
    await Promise.all([
      actors.openVote(parameters, everybodyBut('alert_receiver', GUESSER), VOTE_STAKE),
      actors.openVote(payment, everybodyBut('process_scheduler', GUESSER), VOTE_STAKE),
    ]);
    for (const [proposalId, event] of [
      [parameters, 'ParametersChanged'],
      [payment, 'TreasurySpent'],
    ] as const) {
      const decided = await watch.event('MotionDecided', { proposalId });
      expect(decided.data.passed).toBe(true);
      const enacted = await watch.event(event, { proposalId });
      // The block that ends the epoch leaves behind what the next one goes by.
      const next = (await client().block(decided.height)).epoch + 1;
      const boundary = await watch.event('EpochStarted', { epoch: next });
      expect(enacted).toMatchObject({ height: boundary.height, data: { epoch: next } });
    }
    const [change] = watch.events('ParametersChanged');
    expect(change?.data.changes).toEqual([{ name: 'rewards.bounty', value: 1_200, from: 1_000 }]);
    expect(watch.events('TreasurySpent')[0]?.data).toMatchObject(spending);
    for (const node of NODES) {
      await watch.until(
        `node ${node} knows`,
        async () => (await client(node).economics()).params.rewards.bounty === 1_200,
      );
    }
    expect((await client().motions()).items.map(({ enactment }) => enactment)).toEqual(['enacted', 'enacted']);
  });

  it('bonds move from the command line, and count from the next epoch on', async () => {
    const [more, less, none] = [
      await testnet('bond', '3', '1000'),
      await testnet('unbond', '4', '1500'),
      await testnet('unbond', '4', '8000'),
    ];
    expect(lastLine(more)).toMatchObject({ node: 3, bond: 11_000, unbonding: 0, status: 'active' });
    expect(lastLine(less)).toMatchObject({ node: 4, bond: 8_500, unbonding: 1_500, status: 'active' });
    expect(none.code).toBe(1);
    expect(none.stderr).toContain('BOND_BELOW_MINIMUM');
    await watch.event('EpochStarted', { epoch: lastLine(less).epoch });
    const powers = await watch.until('the powers', async () => {
      const { epoch, validators } = await client(7).validators();
      return epoch >= lastLine(less).epoch && validators.map(({ power }) => power);
    });
    expect(powers).toEqual([10_000, 10_000, 11_000, 8_500, 10_000, 10_000, 10_000]);
  });

  it('a validator that equivocates is slashed and jailed, and out of the set at the next epoch', async () => {
    const { testnet: net } = stage.fixture;
    await net.stop(BYZANTINE);
    net.start(BYZANTINE, EQUIVOCATING_NODE);
    await waitReady(net, [BYZANTINE], undefined, READY_MS_MAX);
    const slashed = await watch.event('ValidatorSlashed', { name: `node-${BYZANTINE}` });
    expect(slashed.data).toMatchObject({ kinds: ['notarize', 'notarize'], slashed: 5_000, burned: 4_500, reward: 500 });
    expect(slashed.data.owner).toBe(actors.address(CHALLENGER));
    const { epoch } = await client().block(slashed.height);
    const { data } = await watch.event('EpochStarted', { epoch: epoch + 1 });
    expect(data).toMatchObject({ validators: 6, changed: true });
    const key = slashed.data.validator;
    for (const node of NODES) {
      const shown = await watch.until(`node ${node} in the next epoch`, async () => {
        const validators = await client(node).validators();
        return validators.epoch > epoch && validators;
      });
      expect(shown.validators.map(({ name }) => name)).not.toContain(`node-${BYZANTINE}`);
      expect(shown.others).toMatchObject([{ key, status: 'jailed', bond: 5_000 }]);
    }
    const first = await watch.until('its first block', () =>
      client()
        .block(Number(data.firstHeight))
        .catch(() => false as const),
    );
    expect(first.finality.signers.map(({ name }) => name)).not.toContain(`node-${BYZANTINE}`);
  });

  it('a wrong claim passes, is challenged with better evidence, and is slashed', async () => {
    disputed = await gatherFacts(actors, 'second', 'web-buy');
    const { balance } = await client().account(actors.address(GUESSER));
    await actors.call(GUESSER, 'stake', { amount: balance - KEPT });
    const { stake: all, locked } = await client().account(actors.address(GUESSER));
    const stake = all - locked - LEAST_VOTE_STAKE;
    const evidence = collected(disputed);
    const wrong = await claim(actors, disputed, { by: GUESSER, rootCause: 'web-buy', stake, evidence });
    const ballots: Ballots = { ...everybodyBut(GUESSER), [CHALLENGER]: 'Against', solution_engineer: 'Abstain' };
    await actors.sealedVote(wrong, ballots, VOTE_STAKE);
    expect(watch.events('ConsensusReached').at(-1)?.data).toMatchObject({ proposalId: wrong, passed: true });
    await actors.call(CHALLENGER, 'stake', { amount: stake });
    await solve(actors, disputed, 'web-buy');

    const better = databaseMeasured(disputed);
    const challenge = {
      ...{ incidentId: disputed, bond: stake, cites: [better.hash] },
      reason: both('The database behind it was slow a minute before.'),
    };
    const opened = await actors.call(CHALLENGER, 'challenge', challenge, [better]);
    const challengeId = String(dataOf(opened, 'ChallengeOpened').challengeId);
    await actors.sealedVote(challengeId, everybodyBut(GUESSER, CHALLENGER), VOTE_STAKE);
    const decided = await watch.event('ChallengeDecided', { challengeId });
    expect(decided.data).toMatchObject({ result: 'upheld', decidedBy: 'vote', proposalId: wrong });
    const overturned = await watch.event('ClaimOverturned', { proposalId: wrong });
    expect(overturned.data).toMatchObject({ by: 'challenge', next: 'Data_Collected', rootCause: 'web-buy' });
    const losses = watch.events('StakeSlashed').map(({ data }) => [data.address, data.amount, data.reason]);
    const supporters = ROLES.slice(0, 4).map((role) => [actors.address(role), VOTE_STAKE / 2, 'supported_overturned']);
    expect(losses[0]).toEqual([actors.address(GUESSER), stake, 'claim_overturned']);
    expect(losses.slice(1).sort()).toEqual(supporters.sort());
    const reward = await watch.event('ChallengeReward', { proposalId: wrong });
    expect(reward.data).toMatchObject({ to: actors.address(CHALLENGER), amount: 4 * (VOTE_STAKE / 2) });
    const burned = await watch.event('TokensBurned', { proposalId: wrong });
    expect(burned.data).toMatchObject({ amount: stake });
  });

  it('who staked everything on it is rebooted, and its agent forgets', async () => {
    const evidence = databaseMeasured(disputed);
    const right = { by: 'solution_engineer', rootCause: 'stock-db', stake: 100, evidence } as const;
    const proposalId = await claim(actors, disputed, right);
    // The guesser's own agent votes for itself: it has no telemetry of this shop, and abstains.
    await actors.sealedVote(proposalId, everybodyBut('solution_engineer', GUESSER), LEAST_VOTE_STAKE);
    await solve(actors, disputed, 'stock-db');
    expect((await verified(disputed)).data).toMatchObject({ rootCause: 'stock-db', round: 2, verified: true });
    // What the agents had voted for pays from then on.
    const bounties = watch.events('Bounty').map(({ data }) => data.amount);
    expect(bounties).toEqual([1_000, 1_200]);

    const address = actors.address(GUESSER);
    const reboot = await watch.event('AgentRebooted', { address });
    expect(reboot.data).toMatchObject({ reboots: 1, reputationFrom: 75, reputationTo: 50, incidentId: disputed });
    const after = await watch.until('node 2 knows', async () => {
      const { agents } = await client(2).economics();
      return agents.find(({ party, reboots }) => party.address === address && reboots === 1);
    });
    expect(after).toMatchObject({ reputation: 50, locked: 0 });
    expect(after.balance + after.stake).toBe(MINIMUM_MEANS);
    expect(nodeOf(GUESSER)).toBe(LIVING_AGENT);
    const said = await watch.until('the agent says that it forgets', async () =>
      readFileSync(stage.fixture.testnet.logFile(LIVING_AGENT), 'utf8')
        .split('\n')
        .find((line) => line.includes('rebooted after a bankruptcy')),
    );
    expect(JSON.parse(said)).toMatchObject({ reboots: 1, role: GUESSER });
  });

  it('all nodes agree, no token was lost, one offence was punished once', async () => {
    for (const node of NODES) {
      const { agents, treasury } = await client(node).economics();
      const held = agents.reduce((sum, { balance, stake, bond }) => sum + balance + stake + bond, 0);
      const supply = treasury.genesisSupply + treasury.minted;
      expect(held + treasury.balance + treasury.escrow + treasury.burned).toBe(supply);
    }
    expect(watch.events('ValidatorSlashed')).toHaveLength(1);
    console.info(`the whole life took ${((performance.now() - begun) / 1_000).toFixed(1)} s, the start included`);
    expect(await agreedHeight(stage.fixture)).toBeGreaterThan(50);
  });

  it('the bundle of the disputed incident verifies with nothing but the genesis file', async () => {
    const { directory } = stage.fixture.testnet;
    const bundle = join(directory, 'disputed.json');
    writeFileSync(bundle, await client(BYZANTINE).bundleText(disputed));
    const start = performance.now();
    const report = await command('verify.ts', bundle, '--genesis', join(directory, 'genesis.json'), '--json');
    const seconds = ((performance.now() - start) / 1_000).toFixed(2);
    console.info(`bundle of ${(readFileSync(bundle).length / 1_024).toFixed(0)} KiB verified in ${seconds} s`);
    expect({ code: report.code, stderr: report.stderr }).toEqual({ code: 0, stderr: '' });
    expect(lastLine(report)).toMatchObject({ ok: true });
    expect(report.stdout).toMatch(/✓ +challenge .*upheld|upheld/);
  });
});
