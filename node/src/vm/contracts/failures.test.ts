import { describe, expect, test } from 'vitest';
import { INTEGER_MAX } from '../../protocol/constants.ts';
import { FAILURE_CODES, type FailureCode, STAKING_CODES } from '../../protocol/errors.ts';
import { ROLES, type Role } from '../../protocol/roles.ts';
import { developmentGenesis, testEvidence } from '../../testing/chain-kit.ts';
import { DISPUTE_CODES } from '../../testing/dispute-kit.ts';
import {
  alerted,
  call,
  claim,
  commit,
  decided,
  due,
  empty,
  finalized,
  lastRoundLost,
  openMode,
  other,
  proposed,
  reveal,
  revealing,
  self,
  step,
  stranger,
  withStranger,
} from '../../testing/failure-scenes.ts';
import {
  commitAll,
  openVoteTransaction,
  revealAll,
  testAlert,
  testProposal,
  testTriage,
  unanimous,
} from '../../testing/incident-kit.ts';
import { assertRefused, type RefusalCase } from '../../testing/refusal-check.ts';

const cases: readonly RefusalCase[] = [
  {
    code: 'OUT_OF_GAS',
    when: 'the limit covers the minimum but not the evidence',
    scene: () => due('submit_data_collection'),
    tx: ({ chain, incidentId }) => {
      const args = { incidentId, snapshot: testEvidence('snapshot'), summary: 'As seen.' };
      const options = { evidence: [testEvidence('snapshot')], gasLimit: 209 };
      return chain.transaction('data_detective', 'submit_data_collection', args, options);
    },
  },
  {
    code: 'INSUFFICIENT_BALANCE',
    when: 'more is sent than is left after gas',
    scene: empty,
    tx: call('fault_mapper', 'transfer', { to: other, amount: 19_801 }),
  },
  {
    code: 'INSUFFICIENT_BALANCE',
    when: 'more is staked than is left',
    scene: empty,
    tx: call('fault_mapper', 'stake', { amount: 20_000 }),
  },
  {
    code: 'SELF_TRANSFER',
    when: 'to oneself',
    scene: empty,
    tx: call('fault_mapper', 'transfer', { to: self, amount: 1 }),
  },
  {
    code: 'INSUFFICIENT_STAKE',
    when: 'more is unstaked than is staked',
    scene: empty,
    tx: call('fault_mapper', 'unstake', { amount: 401 }),
  },
  {
    code: 'INSUFFICIENT_STAKE',
    when: 'what a proposal locks is unstaked',
    scene: proposed,
    tx: call('probability_oracle', 'unstake', { amount: 301 }),
  },
  {
    code: 'INSUFFICIENT_STAKE',
    when: 'a claim stakes more than there is',
    scene: () => due('propose_root_cause'),
    tx: claim({ stake: 401 }),
  },
  {
    code: 'INSUFFICIENT_STAKE',
    when: 'a vote stakes more than there is',
    scene: proposed,
    tx: commit('fault_mapper', 401),
  },
  {
    code: 'STAKE_BELOW_MINIMUM',
    when: 'a claim stakes too little',
    scene: () => due('propose_root_cause'),
    tx: claim({ stake: 99 }),
  },
  { code: 'STAKE_BELOW_MINIMUM', when: 'a vote stakes too little', scene: proposed, tx: commit('fault_mapper', 19) },
  {
    code: 'AMOUNT_OVERFLOW',
    when: 'the weights of the electorate have no exact sum',
    scene: () => {
      // Close to all tokens that there can be are staked; base and reputation of six voters go beyond.
      const accounts = Object.fromEntries(ROLES.map((role) => [role, { balance: 2_000, stake: 100 }]));
      const stake = INTEGER_MAX - 7 * 2_000 - 6 * 100 - 7;
      const rich = { ...accounts, fault_mapper: { balance: 2_000, stake } };
      const validators = developmentGenesis().validators.map((validator) => ({ ...validator, bond: 1 }));
      return due('propose_root_cause', { treasury: 0, accounts: rich, validators });
    },
    tx: claim(),
  },
  {
    code: 'AMOUNT_OVERFLOW',
    when: 'the windows of the vote would end after the last moment that can be told, and its stake is locked already',
    scene: () => due('propose_root_cause', { timestampMs: INTEGER_MAX - 25_000 }),
    tx: claim(),
  },
  {
    code: 'NOT_AN_AGENT',
    when: 'a stranger raises an alert',
    scene: () => withStranger(empty()),
    tx: ({ chain }) => chain.transactionOf(stranger, 'raise_alert', testAlert()),
  },
  {
    code: 'NOT_AN_AGENT',
    when: 'a stranger triages',
    scene: () => withStranger(alerted()),
    tx: ({ chain }) => chain.transactionOf(stranger, 'triage', testTriage()),
  },
  {
    code: 'NOT_AN_AGENT',
    when: 'a stranger performs a step',
    scene: () => withStranger(due('propose_root_cause')),
    tx: ({ chain, incidentId }) => chain.transactionOf(stranger, 'propose_root_cause', testProposal(incidentId)),
  },
  {
    code: 'NOT_YOUR_ROLE',
    when: 'a step is another role’s',
    scene: () => due('schedule_tasks'),
    tx: step('schedule_tasks', 'data_detective'),
  },
  {
    code: 'NOT_YOUR_ROLE',
    when: 'the next of the ring comes a moment too early',
    scene: () => due('schedule_tasks'),
    tx: step('schedule_tasks', 'data_detective'),
    afterMs: 14_999,
  },
  {
    code: 'NOT_YOUR_ROLE',
    when: 'another role triages at once',
    scene: alerted,
    tx: call('process_scheduler', 'triage', testTriage()),
  },
  {
    code: 'NOT_YOUR_ROLE',
    when: 'whoever was rejected proposes again at once',
    scene: () => decided('Against'),
    tx: claim({ rootCause: 'cart' }),
  },
  {
    code: 'EVIDENCE_REQUIRED',
    when: 'the named blob does not travel along',
    scene: () => due('submit_dependency_graph'),
    tx: ({ chain, incidentId }) => {
      const args = { incidentId, graph: testEvidence('graph'), summary: 'As seen.' };
      return chain.transaction('dependency_explorer', 'submit_dependency_graph', args, {
        evidence: [testEvidence('another blob')],
      });
    },
  },
  { code: 'ALERT_UNKNOWN', when: 'nobody raised it', scene: empty, tx: call('alert_receiver', 'triage', testTriage()) },
  {
    code: 'ALERT_DUPLICATE',
    when: 'the same agent raises it twice',
    scene: alerted,
    tx: call('alert_receiver', 'raise_alert', { ...testAlert(), title: 'The same in other words' }),
  },
  {
    code: 'ALERT_TRIAGED',
    when: 'it has its incident',
    scene: () => due('schedule_tasks'),
    tx: call('alert_receiver', 'triage', testTriage()),
  },
  { code: 'INCIDENT_UNKNOWN', when: 'there is none', scene: empty, tx: step('schedule_tasks') },
  { code: 'INCIDENT_CLOSED', when: 'it is finalized', scene: finalized, tx: step('submit_solution') },
  {
    code: 'STEP_ALREADY_DONE',
    when: 'a step is done again',
    scene: () => due('submit_dependency_graph'),
    tx: step('submit_data_collection'),
  },
  {
    code: 'STEP_ALREADY_DONE',
    when: 'a root cause is proposed after one passed',
    scene: () => decided('For'),
    tx: claim({ rootCause: 'cart' }),
  },
  {
    code: 'STEP_OUT_OF_ORDER',
    when: 'no round is left, though the last one is not settled yet',
    scene: lastRoundLost,
    tx: claim({ rootCause: 'cart' }, 'data_detective'),
  },
  {
    code: 'NO_TASKS_SCHEDULED',
    when: 'data comes first',
    scene: () => due('schedule_tasks'),
    tx: step('submit_data_collection'),
  },
  {
    code: 'NO_DATA_COLLECTED',
    when: 'a graph comes before data',
    scene: () => due('submit_data_collection'),
    tx: step('submit_dependency_graph'),
  },
  {
    code: 'NO_DATA_COLLECTED',
    when: 'a claim comes before data',
    scene: () => due('submit_data_collection'),
    tx: step('propose_root_cause'),
  },
  {
    code: 'NO_DEPENDENCY_GRAPH',
    when: 'an assessment comes before the graph',
    scene: () => due('submit_dependency_graph'),
    tx: step('submit_fault_assessment'),
  },
  {
    code: 'NO_DEPENDENCY_GRAPH',
    when: 'a claim comes before the graph',
    scene: () => due('submit_dependency_graph'),
    tx: step('propose_root_cause'),
  },
  {
    code: 'NO_FAULT_ASSESSMENT',
    when: 'a claim comes before the assessment',
    scene: () => due('submit_fault_assessment'),
    tx: step('propose_root_cause'),
  },
  { code: 'NO_CONSENSUS', when: 'a fault web comes during the vote', scene: proposed, tx: step('submit_fault_web') },
  { code: 'NO_CONSENSUS', when: 'a solution comes during the vote', scene: proposed, tx: step('submit_solution') },
  {
    code: 'NO_CONSENSUS',
    when: 'a fault web comes after a rejection',
    scene: () => decided('Against'),
    tx: step('submit_fault_web'),
  },
  {
    code: 'NO_FAULT_WEB',
    when: 'a solution comes before the fault web',
    scene: () => decided('For'),
    tx: step('submit_solution'),
  },
  { code: 'NO_PROPOSAL', when: 'a vote is on nothing', scene: empty, tx: commit('fault_mapper') },
  { code: 'NO_PROPOSAL', when: 'a reveal is of nothing', scene: empty, tx: reveal('fault_mapper') },
  { code: 'PROPOSAL_OPEN', when: 'another is being voted on', scene: proposed, tx: claim({ rootCause: 'cart' }) },
  {
    code: 'PROPOSAL_REPEATED',
    when: 'the same node was rejected before',
    scene: () => decided('Against'),
    tx: claim({ faultKind: 'crash' }, 'data_detective'),
  },
  {
    code: 'CITES_UNKNOWN_EVIDENCE',
    when: 'a cited blob is on chain nowhere in the incident',
    scene: () => due('propose_root_cause'),
    tx: claim({ cites: [testEvidence('graph'), testEvidence('hearsay')] }),
  },
  { code: 'VOTING_CLOSED', when: 'a commitment is late', scene: proposed, tx: commit('fault_mapper'), afterMs: 10_000 },
  {
    code: 'VOTING_CLOSED',
    when: 'a commitment comes during the reveals',
    scene: revealing,
    tx: commit('fault_mapper'),
  },
  { code: 'VOTING_CLOSED', when: 'a reveal is late', scene: revealing, tx: reveal('data_detective'), afterMs: 10_000 },
  {
    code: 'VOTING_CLOSED',
    when: 'an open vote comes after the decision',
    scene: () => {
      const scene = proposed(openMode);
      const { solution_engineer: _, ...ballots } = unanimous('For');
      const votes = Object.keys(ballots) as Role[];
      scene.chain.block(votes.map((role) => openVoteTransaction(scene.chain, scene.proposalId, role, 'For')));
      return scene;
    },
    tx: ({ chain, proposalId }) => openVoteTransaction(chain, proposalId, 'solution_engineer', 'For'),
  },
  { code: 'VOTE_OWN_PROPOSAL', when: 'the proposer votes', scene: proposed, tx: commit('probability_oracle') },
  {
    code: 'VOTE_DUPLICATE',
    when: 'a commitment is replaced',
    scene: () => {
      const scene = proposed();
      commitAll(scene.chain, scene.proposalId, { fault_mapper: 'Against' });
      return scene;
    },
    tx: commit('fault_mapper'),
  },
  {
    code: 'VOTE_NOT_ELIGIBLE',
    when: 'a stranger votes',
    scene: () => withStranger(proposed()),
    tx: ({ chain, proposalId }) => {
      const args = { proposalId, stake: 20, commitment: testEvidence('any') };
      return chain.transactionOf(stranger, 'vote', args);
    },
  },
  {
    code: 'VOTE_WRONG_PHASE',
    when: 'a reveal comes during the commitments',
    scene: proposed,
    tx: reveal('fault_mapper'),
  },
  {
    code: 'VOTE_WRONG_MODE',
    when: 'an open vote comes to a sealed proposal',
    scene: proposed,
    tx: ({ chain, proposalId }) => openVoteTransaction(chain, proposalId, 'fault_mapper', 'For'),
  },
  {
    code: 'VOTE_WRONG_MODE',
    when: 'a commitment comes to an open proposal',
    scene: () => proposed(openMode),
    tx: commit('fault_mapper'),
  },
  {
    code: 'VOTE_WRONG_MODE',
    when: 'a reveal comes to an open proposal',
    scene: () => proposed(openMode),
    tx: reveal('fault_mapper'),
  },
  { code: 'REVEAL_WITHOUT_COMMIT', when: 'nothing was sealed', scene: revealing, tx: reveal('fault_mapper') },
  { code: 'REVEAL_MISMATCH', when: 'the option is another', scene: revealing, tx: reveal('data_detective', 'Against') },
  {
    code: 'REVEAL_DUPLICATE',
    when: 'it is revealed twice',
    scene: () => {
      const scene = revealing();
      revealAll(scene.chain, scene.proposalId, { data_detective: 'For' });
      return scene;
    },
    tx: reveal('data_detective'),
  },
];

describe('a transaction fails with', () => {
  test.each(cases)('$code when $when', assertRefused);

  test('every code there is, but for the one that nothing can cause: no key belongs to the system', () => {
    const unreachable: readonly FailureCode[] = ['SYSTEM_ACCOUNT'];
    const covered = new Set(cases.map(({ code }) => code));
    // Those of staking and of disputes have tables of their own.
    const elsewhere = new Set<FailureCode>([...STAKING_CODES, ...DISPUTE_CODES]);
    expect(FAILURE_CODES.filter((code) => !covered.has(code) && !elsewhere.has(code))).toEqual(unreachable);
  });
});
