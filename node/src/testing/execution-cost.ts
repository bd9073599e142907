/**
 * What a block costs as the state grows: a block of mixed transactions, and the root after touched keys, over states of
 * any number of accounts. Beside it the floor: hashing as many nodes of the tree as the block changes, and nothing else.
 */

import { canonicalText } from '../protocol/canonical.ts';
import { keyBit, stateBranchHash, stateKeyHash, stateLeafHash } from '../protocol/merkle/state.ts';
import { type AccountRecord, stateKeys, type TreasuryRecord } from '../protocol/records.ts';
import { ROLES } from '../protocol/roles.ts';
import type { Amount, Transaction } from '../protocol/types.ts';
import { execute } from '../vm/execute.ts';
import { type State, stateOf } from '../vm/state/state.ts';
import { developmentGenesis, TestChain } from './chain-kit.ts';
import { advanceTo, commitTransaction, openIncident, propose, stepTransaction, testAlert } from './incident-kit.ts';

/** Tokens of each account that only fills the state. */
const FILL_BALANCE: Amount = 1_000;
/** Accounts that a block's transfers go to. */
const PAYEES = 40;

export interface ExecutionCost {
  readonly accounts: number;
  /** Processor milliseconds, medians over the rounds. */
  readonly blockMs: number;
  readonly rootMs: number;
  /** Hashing alone of the nodes that the block changed, and how many those are. */
  readonly floorMs: number;
  readonly nodes: number;
  /** Keys that the root was worked out after, and processor microseconds for each. */
  readonly touched: number;
  readonly rootUsPerKey: number;
  /** Nodes on the way to a key, on average. */
  readonly depth: number;
  /** Making the state out of its records, with its root, in processor seconds; MiB of heap that it then takes. */
  readonly buildSeconds: number;
  readonly heapMib: number;
}

export interface ExecutionCostOptions {
  readonly accounts: number;
  readonly transactions: number;
  readonly touched: number;
  readonly rounds: number;
  /** Frees memory that nobody uses, where the process was started so; without it `heapMib` is too much. */
  readonly collect?: () => void;
}

/** What this process took of the processor: on a shared machine the clock tells of the others. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const fillAddress = (index: number): string => (index + 1).toString(16).padStart(40, 'f');

function fillAccount(balance: Amount): string {
  const account: AccountRecord = {
    ...{ balance, stake: 0, locked: 0, bond: 0, reputation: 50, nonce: 0, reboots: 0, agent: null },
  };
  return canonicalText(account);
}

/** A chain in the middle of incidents, whose state holds so many accounts. */
function filledChain(accounts: number): TestChain {
  const balances = Object.fromEntries(ROLES.map((role) => [role, { balance: 1_000_000, stake: 10_000 }]));
  const chain = new TestChain(developmentGenesis({ accounts: balances }), { signed: false });
  const incidents = ['web-buy', 'web-pay', 'mail', 'stock'].map((node) => openIncident(chain, node));
  for (const incidentId of incidents.slice(0, 2)) {
    advanceTo(chain, incidentId, 'propose_root_cause');
    propose(chain, incidentId);
  }
  const added = Math.max(0, accounts - ROLES.length);
  const treasury = chain.state.get('treasury') as TreasuryRecord; // every state has it
  const supply = { ...treasury, genesisSupply: treasury.genesisSupply + added * FILL_BALANCE };
  function* records(): Iterable<readonly [string, string]> {
    yield* chain.state.entries('');
    yield [stateKeys.treasury(), canonicalText(supply)];
    const account = fillAccount(FILL_BALANCE);
    for (let index = 0; index < added; index += 1) yield [stateKeys.account(fillAddress(index)), account];
  }
  chain.state = stateOf(records());
  return chain;
}

/** Transfers, stakes, alerts, steps and votes of all agents, in turn. */
function mixedTransactions(chain: TestChain, count: number, accounts: number): readonly Transaction[] {
  const [claimed = '', disputed = '', third = '', fourth = ''] = chain.state.get('sequence')?.open ?? [];
  const proposals = [claimed, disputed].map((id) => chain.state.get('incident', id)?.proposalId ?? '');
  const voters = ROLES.filter((role) => role !== 'probability_oracle');
  const special = [
    ...[third, fourth].map((incidentId) => stepTransaction(chain, incidentId, 'schedule_tasks')),
    ...proposals.flatMap((id) => voters.map((role) => commitTransaction(chain, id, role, 'For'))),
    ...ROLES.map((role) => chain.transaction(role, 'raise_alert', testAlert(`node of ${role}`))),
  ];
  const spread = Math.max(1, Math.floor(accounts / PAYEES));
  const rest = Array.from({ length: Math.max(0, count - special.length) }, (_, index) => {
    const role = ROLES[index % ROLES.length] ?? 'data_detective';
    if (index % 5 === 4) return chain.transaction(role, 'stake', { amount: 10 + index });
    return chain.transaction(role, 'transfer', { to: fillAddress((index % PAYEES) * spread), amount: 1 + index });
  });
  return [...special, ...rest].slice(0, count);
}

/** Nodes of the tree whose hash these keys are part of: their leaves, and each branch above one of them once. */
function nodesAbove(state: State, keys: Iterable<string>): { readonly leaves: number; readonly branches: number } {
  const branches = new Set<string>();
  let leaves = 0;
  for (const key of keys) {
    leaves += 1;
    const keyHash = stateKeyHash(key);
    let path = '';
    for (const { length } = state.prove(key).siblings; path.length < length; path += keyBit(keyHash, path.length)) {
      branches.add(path);
    }
  }
  return { leaves, branches: branches.size };
}

/** Hashes as many nodes, of the sizes that they have. */
function hashAlone({ leaves, branches }: ReturnType<typeof nodesAbove>, value: Uint8Array): number {
  let node = stateKeyHash('floor');
  const begun = cpuMs();
  for (let count = 0; count < leaves; count += 1) node = stateLeafHash(node, value);
  for (let count = 0; count < branches; count += 1) node = stateBranchHash(node, node);
  return cpuMs() - begun;
}

const times = <T>(rounds: number, one: (round: number) => T): readonly T[] =>
  Array.from({ length: rounds }, (_, round) => one(round));

/** New values for accounts all over the state. */
function touches(accounts: number, count: number, round: number): readonly (readonly [string, string])[] {
  const spread = Math.max(1, Math.floor((accounts - ROLES.length) / count));
  return Array.from({ length: Math.min(count, Math.max(1, accounts - ROLES.length)) }, (_, index) => [
    stateKeys.account(fillAddress(index * spread)),
    fillAccount(FILL_BALANCE + 1 + round),
  ]);
}

const usedMib = ({ collect }: ExecutionCostOptions): number => {
  collect?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1_048_576;
};

/** Measures one size of the state. The addresses of the mixed block's senders need no signature: none is checked here. */
export function measureExecution(options: ExecutionCostOptions): ExecutionCost {
  const { accounts, transactions: count, touched, rounds } = options;
  const before = usedMib(options);
  const begun = cpuMs();
  const chain = filledChain(accounts);
  chain.state.root();
  const buildSeconds = (cpuMs() - begun) / 1_000;
  const heapMib = usedMib(options) - before;
  chain.state.agents();
  const transactions = mixedTransactions(chain, count, accounts);
  const context = chain.context();
  const run = () => {
    const at = cpuMs();
    const result = execute(chain.state, context, transactions);
    return { ms: cpuMs() - at, result };
  };
  const failed = run().result.receipts.find(({ status }) => status === 'failed');
  if (failed) throw new Error(`${failed.reason}: ${failed.detail}`);
  const blocks = times(rounds, run);
  const { result } = blocks[0] as (typeof blocks)[number]; // at least one round
  const changed = nodesAbove(result.state, result.changes.keys());
  const value = new TextEncoder().encode(fillAccount(FILL_BALANCE));
  const roots = times(rounds, (round) => {
    const changes = touches(accounts, touched, round);
    const at = cpuMs();
    chain.state.with(changes).root();
    return { ms: cpuMs() - at, keys: changes.length };
  });
  const keys = roots[0]?.keys ?? 1;
  const paths = touches(accounts, touched, 0).map(([key]) => chain.state.prove(key).siblings.length + 1);
  return {
    accounts,
    blockMs: median(blocks.map(({ ms }) => ms)),
    rootMs: median(roots.map(({ ms }) => ms)),
    floorMs: median(times(rounds, () => hashAlone(changed, value))),
    ...{ nodes: changed.leaves + changed.branches, touched: keys },
    rootUsPerKey: (median(roots.map(({ ms }) => ms)) * 1_000) / keys,
    depth: paths.reduce((sum, length) => sum + length, 0) / paths.length,
    ...{ buildSeconds, heapMib },
  };
}
