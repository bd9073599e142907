/**
 * Test-only: a chain on which everything happened that governance knows, for whoever shows it: claims that stood, fell to
 * a challenge and fell to the measured outcome, a challenge that failed, one that is being voted on, motions of every
 * fate, a bankrupt agent, and a validator that equivocated.
 */
import { ROLES, type Role } from '../protocol/roles.ts';
import { CaseChain } from './audit-kit.ts';
import { testAgent, testParams } from './chain-kit.ts';
import {
  CLAIM_VOTE,
  challengeVote,
  motionsOf,
  motionTransaction,
  spendingTransaction,
  voteOnMotion,
} from './dispute-kit.ts';
import { incidentOf, openIncident, testAlert, unanimous } from './incident-kit.ts';
import { evidence, nextEpoch, one, two } from './staking-kit.ts';

/** Of an account that takes part in all of it. */
const RICH = { balance: 18_000, stake: 2_000 } as const;
/** Less than taking part in one incident takes. */
const POOR = { balance: 300, stake: 0, reputation: 12 } as const;
const BANKRUPT: Role = 'solution_engineer';
const EPOCH_BLOCKS = 30;

/** Opens an incident of its own service, seen by two. */
function open(chain: CaseChain, node: string): void {
  chain.incidentId = openIncident(chain, node);
  chain.call('data_detective', 'raise_alert', testAlert(node));
}

/** An incident whose claim has passed and whose solution has opened the challenge window. */
function solved(chain: CaseChain, node: string, rootCause: string): void {
  open(chain, node);
  chain.vote(chain.claim(rootCause), CLAIM_VOTE);
  chain.deliver();
}

/** The challenger's own claim, after the first one fell. */
function solvedAgain(chain: CaseChain, rootCause: string): void {
  chain.vote(chain.claim(rootCause, 'fault_mapper'), unanimous('For', 'fault_mapper'));
  chain.deliver();
}

const untilWindowEnds = (chain: CaseChain): number =>
  incidentOf(chain, chain.incidentId).challengeEndsAtMs - chain.timestampMs;

/** Nobody works on it: it ends, and the bankrupt are rebooted. */
function abandoned(chain: CaseChain): void {
  open(chain, 'mail');
  chain.block([], (ROLES.length + 1) * chain.genesis.params.stepDeadlineMs);
  const to = testAgent(BANKRUPT).wallet.address;
  chain.call('fault_mapper', 'transfer', { to, amount: 8_000 });
  chain.call(BANKRUPT, 'stake', { amount: 2_000 });
}

function motions(chain: CaseChain): void {
  const newest = (): string => motionsOf(chain).at(-1)?.proposalId ?? '';
  const oracle = testAgent('probability_oracle').wallet.address;
  const changes = [
    { name: 'rewards.bounty', value: 1_200 },
    { name: 'challengeWindowMs', value: 45_000 },
  ];
  chain.block([motionTransaction(chain, 'fault_mapper', changes)]);
  voteOnMotion(chain, newest(), 'For');
  chain.block([spendingTransaction(chain, 'data_detective', oracle, 500)]);
  voteOnMotion(chain, newest(), 'For');
  nextEpoch(chain);
  chain.block([motionTransaction(chain, 'alert_receiver', [{ name: 'votingMode', value: 'open' }])]);
  voteOnMotion(chain, newest(), 'Against');
  chain.block([motionTransaction(chain, 'alert_receiver', [{ name: 'work.stepReward', value: 150 }])]);
  voteOnMotion(chain, newest(), 'For');
  chain.block([spendingTransaction(chain, 'process_scheduler', testAgent('alert_receiver').wallet.address, 2_000)]);
}

/** Ids of the incidents, by what became of their claims. */
export interface GovernedChain {
  readonly chain: CaseChain;
  readonly incidents: Readonly<Record<'abandoned' | 'overturned' | 'failed' | 'unrecovered' | 'challenged', string>>;
  /** Settles the challenge that is being voted on: it is upheld. */
  decide(): void;
}

export function governedChain(): GovernedChain {
  const accounts = Object.fromEntries(ROLES.map((role) => [role, role === BANKRUPT ? POOR : RICH]));
  const penalties = { ...testParams.penalties, opponent: 10 };
  const chain = new CaseChain({ penalties }, {}, { accounts, epochBlocks: EPOCH_BLOCKS });
  const incidents: Record<string, string> = {};
  const note = (name: keyof GovernedChain['incidents']): void => {
    incidents[name] = chain.incidentId;
  };
  abandoned(chain);
  note('abandoned');
  solved(chain, 'web-buy', 'cache-buy');
  chain.vote(chain.dispute(), challengeVote('For'));
  solvedAgain(chain, 'stock-db');
  chain.measure(true);
  note('overturned');
  solved(chain, 'web-pay', 'pay-db');
  chain.vote(chain.dispute('fault_mapper', 'logs of the payment database'), challengeVote('Against'));
  chain.block([], untilWindowEnds(chain));
  note('failed');
  solved(chain, 'web-cart', 'cart-db');
  chain.measure(false);
  note('unrecovered');
  chain.call(
    'fault_mapper',
    'submit_equivocation',
    evidence(chain, 'dependency_explorer', ['notarize', one], ['notarize', two]),
  );
  motions(chain);
  solved(chain, 'web-login', 'login-db');
  const open = chain.dispute('fault_mapper', 'logs of the login database');
  note('challenged');
  return {
    chain,
    incidents: incidents as GovernedChain['incidents'],
    decide: () => chain.vote(open, challengeVote('For')),
  };
}
