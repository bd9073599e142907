/**
 * Frozen vectors: what this machine computes, as literals. A node that computes anything else forks the chain, so a
 * change of any of them is an explicit decision (a new version of the protocol), never a side effect.
 */
import { expect, test } from 'vitest';
import type { CallArgs, CallType } from '../protocol/calls.ts';
import { canonicalText } from '../protocol/canonical.ts';
import { nobleVerifier } from '../protocol/crypto/verifier.ts';
import { type Wallet, walletOf } from '../protocol/crypto/wallet.ts';
import type { Genesis } from '../protocol/genesis.ts';
import type { Hash, Transaction } from '../protocol/types.ts';
import { testSecret } from '../testing/chain-kit.ts';
import { proposalIdOf } from './contracts/governance/open-proposal.ts';
import { alertIdOf } from './contracts/sop/raise-alert.ts';
import { execute } from './execute.ts';
import { genesisBlockHash, genesisState } from './genesis.ts';

const [first, second] = [walletOf(testSecret(1)), walletOf(testSecret(2))];
const T0 = 1_760_000_000_000;
const REPORT = '1b'.repeat(32);
const alert = { node: 'web-buy', metric: 'error_rate', atMs: T0 - 60_000, source: 'capture:shop' };

const genesis: Genesis = {
  version: 1,
  chainId: 'vectors',
  network: 'production',
  timestampMs: T0,
  epochBlocks: 100,
  treasury: 200_000,
  agents: [
    {
      ...{ role: 'alert_receiver', name: 'A1', balance: 20_000, stake: 200, reputation: 80 },
      ...{ address: first.address, publicKey: first.publicKey },
    },
    {
      ...{ role: 'process_scheduler', name: 'A2', balance: 20_000, stake: 0, reputation: 80 },
      ...{ address: second.address, publicKey: second.publicKey },
    },
  ],
  validators: [
    {
      key: '4cb5abf6ad79fbf5abbccafcc269d85cd2651ed4b885b5869f241aedf0a5ba29',
      owner: first.address,
      name: 'n1',
      bond: 10,
    },
    {
      key: '7422b9887598068e32c4448a949adb290d0f4e35b9e01b0ee5f1a1e600fe2674',
      owner: second.address,
      name: 'n2',
      bond: 30,
    },
  ],
  params: {
    staking: {
      ...{ bondMin: 10, validatorsMin: 4, unbondDelayMs: 120_000, evidenceAgeMs: 60_000 },
      ...{ slashShare: 500, reporterShare: 100, proposerGasShare: 100 },
    },
    ...{ gasPrice: 1, gasLimitMin: 200, alpha: 500, beta: 500, votingMode: 'sealed' },
    ...{ commitWindowMs: 10_000, revealWindowMs: 10_000, stepDeadlineMs: 15_000, challengeWindowMs: 60_000 },
    ...{ roundsMax: 3, proposalStakeMin: 100, voteStakeMin: 20, heartbeatMs: 5_000, incidentHeartbeatMs: 500 },
    rewards: {
      ...{ proposer: 800, bounty: 1_000, proposerReputation: 5 },
      ...{ supporter: 300, supporterReputation: 1, voteGasRebate: 700 },
    },
    penalties: {
      ...{ opponent: 50, opponentReputation: 1, rejectedProposer: 300, rejectedProposerReputation: 5 },
      ...{ rejectedSupporter: 100, rejectedSupporterReputation: 1 },
    },
    confidence: { proposalStakeMax: 2_000, voteStakeMax: 500, bonusShare: 250, lossShare: 1_000 },
    falsification: {
      ...{ supporterLoss: 500, toChallenger: 1_000, failedBondTo: 'treasury', outcomeReportsMin: 2 },
      ...{ proposerReputation: 10, supporterReputation: 2 },
      ...{ challengerReputation: 5, failedChallengerReputation: 5 },
    },
    work: { stepReward: 100, gasRebateMax: 400, epochBudget: 100_000 },
    government: { motionWindowMs: 30_000, epochSpending: 10_000 },
    reboot: { cooldownMs: 600_000 },
  },
};

function signed<T extends CallType>(
  wallet: Wallet,
  nonce: number,
  type: T,
  args: CallArgs[T],
  evidence: readonly Hash[] = [],
): Transaction {
  const { address: sender, publicKey } = wallet;
  const fixed = { chainId: genesis.chainId, sender, publicKey, gasPrice: 1, gasLimit: 300 };
  return wallet.sign({ ...fixed, nonce, type, args: canonicalText(args), evidence });
}

const incidentId = 'INC-0001';
const triage = { alertId: alertIdOf(alert), priority: 'P1', summary: 'Customers cannot buy.' } as const;
const tasks = {
  incidentId,
  scope: ['web-buy', 'stock-db'],
  windowFromMs: T0 - 600_000,
  windowToMs: T0,
  summary: 'All.',
};

const blocks: readonly { readonly afterMs: number; readonly transactions: readonly Transaction[] }[] = [
  {
    afterMs: 1_000,
    transactions: [
      signed(first, 0, 'raise_alert', { ...alert, title: 'Errors at web-buy' }, [REPORT]),
      signed(second, 0, 'transfer', { to: '5e'.repeat(20), amount: 7 }),
    ],
  },
  {
    afterMs: 1_500,
    transactions: [signed(first, 1, 'triage', triage), signed(second, 1, 'unstake', { amount: 1 })],
  },
  // The ring had its whole turn when the third block comes: its own phase gives the incident up.
  { afterMs: 121_500, transactions: [signed(second, 2, 'raise_alert', { ...alert, title: 'Seen here too' })] },
  { afterMs: 121_501, transactions: [signed(second, 3, 'schedule_tasks', tasks)] },
];

test('the genesis state, and the first block’s hash that binds the whole file', () => {
  expect(genesisState(genesis).root()).toBe('70769da38c2782928f460b691c074d93f2a3bad7681c522195350351c3d5719f');
  expect(genesisBlockHash(genesis)).toBe('1e9932fe5362443e28955fac137dc41b4493c6e95701a78b738a63ddf9061ca8');
});

test('a run of blocks, root by root', () => {
  let state = genesisState(genesis);
  const roots = blocks.map(({ afterMs, transactions }, index) => {
    const context = {
      chainId: genesis.chainId,
      height: index + 1,
      timestampMs: T0 + afterMs,
      epoch: 0,
      proposer: '',
      verifier: nobleVerifier,
    };
    const result = execute(state, context, transactions);
    state = result.state;
    const { transactionsRoot, receiptsRoot, evidenceRoot, stateRoot } = result;
    return { transactionsRoot, receiptsRoot, evidenceRoot, stateRoot };
  });
  expect(roots).toEqual([
    {
      transactionsRoot: 'b5faf65de08f35daa87c6d03a6a23bd6552fc85625db03cfdd5102d20744e4f1',
      receiptsRoot: 'b4423929ee184a1e1254693aadbc4e12d4c77022d444683e1131fccc821a59bd',
      evidenceRoot: 'f8a2c0df493e109bf5e501b62e61bf099ca9489254c8bedb54ad9666060d8c41',
      stateRoot: 'a4e6759040313294b19ec269ad364da48d47c500a7d1a3f42801220d42f603c7',
    },
    {
      transactionsRoot: 'd1e63c4485d057efdb47fd20da61ed2f0077c3ec2a85be51f62519d3b482ea3f',
      receiptsRoot: 'e96f07231a2288ae23381ade7132360a20f4d0b253dfde28dcd645b67f8df27c',
      evidenceRoot: '5b15e3729786b36f984028232b6a520d6ee2c717dd747d1b7489687e8fa71328',
      stateRoot: '7de176a947d40d9dd0573b63638adc14206716c5b2bdbb6d5693dfa66f4fcd57',
    },
    {
      transactionsRoot: '55b739055c8ebfbfbab9be0724822f7bcedd3b7f57b7da519daeae0936e6c274',
      receiptsRoot: 'efb6e39e9eb91968ad94349b9be95157ee2b0c3c16462101322b2a6b9657c150',
      evidenceRoot: '5b15e3729786b36f984028232b6a520d6ee2c717dd747d1b7489687e8fa71328',
      stateRoot: 'dad4ef4dda173a31b4eb9b56722de8f3fb2683721286e3f836bb1145697af612',
    },
    {
      transactionsRoot: '4ee83d3405d93d89121693492468408403bbf81760bb347f4066464cfee06a16',
      receiptsRoot: 'fc3607c0775a78e06083b479eddc8101ac77622c73aa9b4fc0f13ff57f51625b',
      evidenceRoot: '5b15e3729786b36f984028232b6a520d6ee2c717dd747d1b7489687e8fa71328',
      stateRoot: 'd95a49a2a2c9466171fc3015247a3d10fa42d1bf40fdb0bdb7e03873e992c630',
    },
  ]);
});

test('the ids that several agents must agree on', () => {
  expect(alertIdOf(alert)).toBe('ec654867e4e346b254d7287b6c87993a6e3455c3e9e0900826dc9759b3d9a68f');
  const claim = { incidentId, round: 1, proposer: first.address, rootCause: 'stock-db' };
  expect(proposalIdOf(claim)).toBe('be3e9fb274826a3749b3518782a43d66edcd6bb154a99dd87c10a96870fd43ac');
});
