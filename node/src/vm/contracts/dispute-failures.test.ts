import { describe, expect, test } from 'vitest';
import { ROLES, type Role } from '../../protocol/roles.ts';
import { testEvidence } from '../../testing/chain-kit.ts';
import {
  challenge,
  challengeTransaction,
  DISPUTE_CODES,
  motionTransaction,
  outcomeTransaction,
  solved,
  soundParams,
  spendingTransaction,
  untilWindowEnds,
} from '../../testing/dispute-kit.ts';
import { claim, commit, due, finalized, newChain, other, proposed, type Scene } from '../../testing/failure-scenes.ts';
import { commitTransaction, testCites } from '../../testing/incident-kit.ts';
import { assertRefused, type RefusalCase } from '../../testing/refusal-check.ts';

const challenged = (): Scene => {
  const scene = solved();
  return { ...scene, proposalId: challenge(scene.chain, scene.incidentId, 'fault_mapper') };
};
const challengeBy =
  (by: Role, options?: Parameters<typeof challengeTransaction>[3]) =>
  ({ chain, incidentId }: Scene) =>
    challengeTransaction(chain, incidentId, by, options);
const report =
  (by: Role, metrics?: string) =>
  ({ chain, incidentId }: Scene) =>
    outcomeTransaction(chain, incidentId, by, true, metrics);
const reported = (): Scene => {
  const scene = solved();
  scene.chain.block([outcomeTransaction(scene.chain, scene.incidentId, 'data_detective', true)]);
  return scene;
};
const governed = (): Scene => ({ chain: newChain({ params: soundParams }), incidentId: '', proposalId: '' });
const rich = Object.fromEntries(ROLES.map((role) => [role, { stake: 5_000 }]));
const change =
  (name: string, value: number | string) =>
  ({ chain }: Scene) =>
    motionTransaction(chain, 'fault_mapper', [{ name, value }]);
const WINDOW_MS = 60_000;

const cases: readonly RefusalCase[] = [
  {
    code: 'STAKE_ABOVE_MAXIMUM',
    when: 'a claim stakes more than anybody could match',
    scene: () => due('propose_root_cause', { accounts: rich }),
    tx: claim({ stake: 2_001 }),
  },
  {
    code: 'STAKE_ABOVE_MAXIMUM',
    when: 'a vote stakes too much',
    scene: () => proposed({ accounts: rich }),
    tx: commit('fault_mapper', 501),
  },
  {
    code: 'CHALLENGE_WINDOW_NOT_OPEN',
    when: 'a claim is challenged before it has passed',
    scene: proposed,
    tx: challengeBy('fault_mapper'),
  },
  {
    code: 'CHALLENGE_WINDOW_NOT_OPEN',
    when: 'the outcome is reported before there is a solution',
    scene: proposed,
    tx: report('data_detective'),
  },
  {
    code: 'CHALLENGE_WINDOW_CLOSED',
    when: 'a challenge comes in the block that ends the window',
    scene: solved,
    tx: challengeBy('fault_mapper'),
    afterMs: WINDOW_MS,
  },
  {
    code: 'CHALLENGE_WINDOW_CLOSED',
    when: 'the incident has ended',
    scene: finalized,
    tx: challengeBy('fault_mapper'),
  },
  {
    code: 'CHALLENGE_WINDOW_CLOSED',
    when: 'the outcome is reported too late',
    scene: solved,
    tx: report('data_detective'),
    afterMs: WINDOW_MS,
  },
  {
    code: 'CHALLENGE_OPEN',
    when: 'another challenge is being voted on',
    scene: challenged,
    tx: challengeBy('solution_engineer', { evidence: 'something else' }),
  },
  {
    code: 'CHALLENGE_OWN_CLAIM',
    when: 'the proposer challenges',
    scene: solved,
    tx: challengeBy('probability_oracle'),
  },
  {
    code: 'CHALLENGE_SUPPORTED_CLAIM',
    when: 'a supporter challenges',
    scene: solved,
    tx: challengeBy('alert_receiver'),
  },
  {
    code: 'CHALLENGE_BOND_UNEQUAL',
    when: 'less is bonded than the proposer has at stake',
    scene: solved,
    tx: challengeBy('fault_mapper', { bond: 99 }),
  },
  {
    code: 'CHALLENGE_BOND_UNEQUAL',
    when: 'more is bonded',
    scene: solved,
    tx: challengeBy('fault_mapper', { bond: 101 }),
  },
  {
    code: 'INSUFFICIENT_STAKE',
    when: 'the bond is locked elsewhere',
    scene: () => solved({ accounts: { fault_mapper: { stake: 110 } } }),
    tx: challengeBy('fault_mapper'),
  },
  {
    code: 'EVIDENCE_NOT_NEW',
    when: 'a challenge brings what the voters knew',
    scene: solved,
    tx: challengeBy('fault_mapper', { cites: testCites }),
  },
  {
    code: 'EVIDENCE_NOT_NEW',
    when: 'a second challenge brings the evidence of the first',
    scene: () => {
      const scene = challenged();
      // Nobody votes: it is undecided when both windows are over, and the challenge window goes on.
      scene.chain.block([], 20_000);
      return scene;
    },
    tx: challengeBy('solution_engineer'),
  },
  {
    code: 'EVIDENCE_NOT_NEW',
    when: 'an outcome rests on the metrics from before the fix',
    scene: solved,
    tx: report('data_detective', 'snapshot'),
  },
  {
    code: 'EVIDENCE_NOT_NEW',
    when: 'an outcome rests on another’s measurement',
    scene: reported,
    tx: report('dependency_explorer', 'metrics of data_detective after the fix'),
  },
  {
    code: 'CITES_UNKNOWN_EVIDENCE',
    when: 'the cited evidence does not travel with the challenge',
    scene: solved,
    tx: challengeBy('fault_mapper', { cites: [testEvidence('not here')] }),
  },
  {
    code: 'VOTE_OWN_CHALLENGE',
    when: 'the challenger votes',
    scene: challenged,
    tx: ({ chain, proposalId }) => commitTransaction(chain, proposalId, 'fault_mapper', 'For'),
  },
  {
    code: 'VOTE_NOT_ELIGIBLE',
    when: 'the proposer votes on the challenge of its claim',
    scene: challenged,
    tx: ({ chain, proposalId }) => commitTransaction(chain, proposalId, 'probability_oracle', 'Against'),
  },
  {
    code: 'OUTCOME_OWN_CLAIM',
    when: 'the proposer verifies its own claim',
    scene: solved,
    tx: report('probability_oracle'),
  },
  {
    code: 'OUTCOME_REPORTED',
    when: 'an agent reports twice',
    scene: reported,
    tx: report('data_detective', 'measured again'),
  },
  {
    code: 'EVIDENCE_REQUIRED',
    when: 'the metrics do not travel with the report',
    scene: solved,
    tx: ({ chain, incidentId }) => {
      const args = { incidentId, recovered: true, metrics: testEvidence('nowhere'), summary: 'Believe me.' };
      return chain.transaction('data_detective', 'verify_outcome', args);
    },
  },
  {
    code: 'NOT_YOUR_ROLE',
    when: 'an outcome is reported before the ring has come to the role',
    scene: solved,
    tx: report('solution_engineer'),
  },
  {
    code: 'MOTION_OPEN',
    when: 'an agent makes a second motion',
    scene: () => {
      const scene = governed();
      scene.chain.block([motionTransaction(scene.chain, 'fault_mapper', [{ name: 'alpha', value: 600 }])]);
      return scene;
    },
    tx: change('beta', 400),
  },
  { code: 'PARAMETER_UNKNOWN', when: 'it cannot be changed', scene: governed, tx: change('genesisSupply', 1) },
  { code: 'PARAMETER_UNKNOWN', when: 'it is no name but a property', scene: governed, tx: change('constructor', 1) },
  { code: 'PARAMETER_OUT_OF_BOUNDS', when: 'a minority could pass', scene: governed, tx: change('alpha', 499) },
  { code: 'PARAMETER_OUT_OF_BOUNDS', when: 'it is of another kind', scene: governed, tx: change('alpha', 'all') },
  { code: 'PARAMETER_OUT_OF_BOUNDS', when: 'no such mode', scene: governed, tx: change('votingMode', 'secret') },
  {
    code: 'PARAMETERS_INCONSISTENT',
    when: 'a fine would be more than the stake that answers for it',
    scene: governed,
    tx: change('penalties.opponent', 60),
  },
  {
    code: 'PARAMETERS_INCONSISTENT',
    when: 'a guess would pay',
    scene: governed,
    tx: change('confidence.bonusShare', 501),
  },
  {
    code: 'PARAMETERS_INCONSISTENT',
    when: 'one parameter stands there twice',
    scene: governed,
    tx: ({ chain }) =>
      motionTransaction(chain, 'fault_mapper', [
        { name: 'alpha', value: 600 },
        { name: 'alpha', value: 700 },
      ]),
  },
  {
    code: 'SPENDING_ABOVE_CAP',
    when: 'one motion wants more than an epoch may spend',
    scene: governed,
    tx: ({ chain }) => spendingTransaction(chain, 'fault_mapper', other, 10_001),
  },
];

describe('a transaction fails with', () => {
  test.each(cases)('$code when $when', assertRefused);

  test('every code of disputes and motions', () => {
    const covered = new Set<string>(cases.map(({ code }) => code));
    expect(DISPUTE_CODES.filter((code) => !covered.has(code))).toEqual([]);
  });

  test('the window of the cases above is the one of the test chain', () => {
    const { chain, incidentId } = solved();
    expect(untilWindowEnds(chain, incidentId)).toBe(WINDOW_MS);
  });
});
