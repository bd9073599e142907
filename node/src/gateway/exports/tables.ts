/** The tables that a node exports: what a row of each is made of, block by block. Pure, and in the order of the chain. */
import type { StoredBlock } from '../../ports/index.ts';
import { placedEventsOf } from '../views/events.ts';
import { argsOf } from '../views/transactions.ts';

/** What a cell holds: JSON keeps it as it is, CSV writes lists and objects as JSON text. */
export type Cell = string | number | boolean | null | readonly unknown[] | { readonly [key: string]: unknown };
type Row<C extends string> = Readonly<Record<C, Cell>>;

export interface Table {
  readonly columns: readonly string[];
  rows(stored: StoredBlock): readonly Row<string>[];
}

function table<const C extends string>(columns: readonly C[], rows: (stored: StoredBlock) => readonly Row<C>[]): Table {
  return { columns, rows };
}

/** Events that move tokens or reputation, with the field that says how much and the one that says whose. */
const SETTLEMENTS: Readonly<Record<string, { readonly amount: string; readonly account: string }>> = {
  RewardEscrowed: { amount: 'amount', account: 'to' },
  Reward: { amount: 'amount', account: 'to' },
  Bounty: { amount: 'amount', account: 'to' },
  GasRebate: { amount: 'amount', account: 'to' },
  ChallengeGas: { amount: 'amount', account: 'to' },
  ChallengeReward: { amount: 'amount', account: 'to' },
  BondPaid: { amount: 'amount', account: 'to' },
  WorkPaid: { amount: 'amount', account: 'to' },
  Penalty: { amount: 'amount', account: 'address' },
  ReputationChanged: { amount: '', account: 'address' },
  StakeLocked: { amount: 'amount', account: 'address' },
  StakeReleased: { amount: 'amount', account: 'address' },
  StakeForfeited: { amount: 'amount', account: 'address' },
  StakeSlashed: { amount: 'amount', account: 'address' },
  TokensBurned: { amount: 'amount', account: '' },
  AgentRebooted: { amount: 'grant', account: 'address' },
  ValidatorSlashed: { amount: 'slashed', account: 'owner' },
  ProposerRewarded: { amount: 'amount', account: 'owner' },
  TreasurySpent: { amount: 'amount', account: 'to' },
};

const cellOf = (value: unknown): Cell => (value === undefined ? null : (value as Cell));

const blocks = table(
  [
    ...['height', 'hash', 'parentHash', 'epoch', 'view', 'timestampMs', 'proposer', 'transactions', 'gasUsed'],
    ...['transactionsRoot', 'receiptsRoot', 'stateRoot', 'evidenceRoot', 'validatorSetHash', 'signers'],
  ],
  ({ block, hash, receipts, finality }) => [
    {
      ...{ ...block.header, hash, transactions: block.transactions.length },
      gasUsed: receipts.reduce((sum, { gasUsed }) => sum + gasUsed, 0),
      signers: [...finality.certificate.signers],
    },
  ],
);

const transactions = table(
  [
    ...['height', 'index', 'timestampMs', 'hash', 'type', 'sender', 'nonce', 'gasPrice', 'gasLimit', 'gasUsed'],
    ...['status', 'reason', 'detail', 'args', 'evidence', 'publicKey', 'signature'],
  ],
  ({ block, receipts }) =>
    block.transactions.map((transaction, index) => {
      const { type, sender, nonce, gasPrice, gasLimit, publicKey, signature } = transaction;
      const receipt = receipts[index];
      return {
        ...{ height: block.header.height, index, timestampMs: block.header.timestampMs },
        ...{ type, sender, nonce, gasPrice, gasLimit, publicKey, signature },
        ...{ hash: receipt?.transaction ?? '', gasUsed: receipt?.gasUsed ?? 0, status: receipt?.status ?? '' },
        ...{ reason: receipt?.reason ?? '', detail: receipt?.detail ?? '' },
        ...{ args: argsOf(transaction), evidence: [...transaction.evidence] },
      };
    }),
);

const events = table(['height', 'receipt', 'index', 'timestampMs', 'transaction', 'name', 'data'], (stored) =>
  placedEventsOf(stored).map(({ place: [, receipt = 0, index = 0], item }) => {
    const { height, timestampMs, transaction, name, data } = item;
    return { height, receipt, index, timestampMs, transaction, name, data };
  }),
);

const settlements = table(
  [
    ...['height', 'receipt', 'index', 'timestampMs', 'transaction', 'event', 'incidentId', 'proposalId'],
    ...['challengeId', 'from', 'account', 'amount', 'reputationFrom', 'reputationTo', 'reason'],
  ],
  (stored) =>
    placedEventsOf(stored).flatMap(({ place: [, receipt = 0, index = 0], item }) => {
      const named = SETTLEMENTS[item.name];
      if (!named) return [];
      const { height, timestampMs, transaction, name, data } = item;
      const field = (key: string): Cell => cellOf(data[key]);
      const isReputation = name === 'ReputationChanged';
      return [
        {
          ...{ height, receipt, index, timestampMs, transaction, event: name },
          ...{ incidentId: field('incidentId'), proposalId: field('proposalId'), challengeId: field('challengeId') },
          ...{ from: isReputation ? null : field('from'), account: field(named.account), amount: field(named.amount) },
          reputationFrom: isReputation ? field('from') : field('reputationFrom'),
          reputationTo: isReputation ? field('to') : field('reputationTo'),
          reason: field('reason'),
        },
      ];
    }),
);

export const TABLES = { blocks, transactions, events, settlements } as const satisfies Readonly<Record<string, Table>>;
