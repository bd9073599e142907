/**
 * What a block costs as the state grows: a block of mixed transactions, its state root, and the root after one touched
 * key, over states of any number of accounts. Beside each root the floor: hashing as many nodes, and nothing else.
 */
import { utf8Bytes } from '../protocol/bytes.ts';
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

/** Times are processor time, medians over the rounds. */
export interface ExecutionCost {
  readonly accounts: number;
  /** Executing the block, with its roots. */
  readonly blockMs: number;
  /** The state root alone, after the keys that the block changes. */
  readonly rootMs: number;
  /** Hashing alone of the tree's nodes above those keys: what no tree of this kind does without. */
  readonly floorMs: number;
  readonly keys: number;
  readonly nodes: number;
  /** The root after one key has changed, and hashing alone of as many nodes, in microseconds. */
  readonly keyUs: number;
  readonly keyFloorUs: number;
  /** Nodes on the way to a key, its leaf included, on average: the hashes that one touched key costs. */
  readonly depth: number;
  /** Making the state out of its records, with its root. */
  readonly buildSeconds: number;
  /** MiB of heap that the state takes. */
  readonly heapMib: number;
}

export interface ExecutionCostOptions {
  readonly accounts: number;
  /** Of the block. */
  readonly transactions: number;
  /** Keys that are touched one by one, in each round others. */
  readonly touched: number;
  readonly rounds: number;
  /** Frees memory that nobody uses; without it `heapMib` is too much. */
  readonly collect?: () => void;
}

/** What this process took of the processor: on a shared machine the clock tells of the others. */
const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
};

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
function hashAlone(leaves: number, branches: number): void {
  const value = utf8Bytes(fillAccount(FILL_BALANCE));
  let node = stateKeyHash('floor');
  for (let count = 0; count < leaves; count += 1) node = stateLeafHash(node, value);
  for (let count = 0; count < branches; count += 1) node = stateBranchHash(node, node);
}

/** Processor milliseconds of one round, the median. */
function medianMs(rounds: number, one: (round: number) => void): number {
  const taken = Array.from({ length: rounds }, (_, round) => {
    const begun = cpuMs();
    one(round);
    return cpuMs() - begun;
  });
  return taken.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
}

/** A new value for each of some accounts all over the state. */
function touches(accounts: number, count: number, round: number): readonly (readonly [string, string])[] {
  const filled = Math.max(1, accounts - ROLES.length);
  const spread = Math.max(1, Math.floor(filled / count));
  return Array.from({ length: count }, (_, index) => [
    stateKeys.account(fillAddress((index * spread + round) % filled)),
    fillAccount(FILL_BALANCE + 1 + round),
  ]);
}

function usedMib({ collect }: ExecutionCostOptions): number {
  collect?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1_048_576;
}

/** What executing a block of the state's own agents costs. @throws Error when a transaction of it fails */
function blockCost(chain: TestChain, { accounts, transactions: count, rounds }: ExecutionCostOptions) {
  const transactions = mixedTransactions(chain, count, accounts);
  const context = chain.context();
  const { receipts, changes, state } = execute(chain.state, context, transactions);
  const failed = receipts.find(({ status }) => status === 'failed');
  if (failed) throw new Error(`${failed.reason}: ${failed.detail}`);
  const { leaves, branches } = nodesAbove(state, changes.keys());
  return {
    blockMs: medianMs(rounds, () => execute(chain.state, context, transactions)),
    rootMs: medianMs(rounds, () => chain.state.with(changes).root()),
    floorMs: medianMs(rounds, () => hashAlone(leaves, branches)),
    ...{ keys: changes.size, nodes: leaves + branches },
  };
}

/** What one touched key costs. */
function keyCost({ state }: TestChain, { accounts, touched, rounds }: ExecutionCostOptions) {
  const depths = touches(accounts, touched, 0).map(([key]) => state.prove(key).siblings.length + 1);
  const depth = depths.reduce((sum, nodes) => sum + nodes, 0) / touched;
  const changes = Array.from({ length: rounds }, (_, round) => touches(accounts, touched, round));
  const rootMs = medianMs(rounds, (round) => {
    for (const change of changes[round] ?? []) state.with([change]).root();
  });
  const floorMs = medianMs(rounds, () => hashAlone(touched, Math.round(touched * (depth - 1))));
  return { depth, keyUs: (rootMs * 1_000) / touched, keyFloorUs: (floorMs * 1_000) / touched };
}

/** Measures one size of the state. Signatures are not checked: that is done before a block is executed. */
export function measureExecution(options: ExecutionCostOptions): ExecutionCost {
  const before = usedMib(options);
  const begun = cpuMs();
  const chain = filledChain(options.accounts);
  chain.state.root();
  const buildSeconds = (cpuMs() - begun) / 1_000;
  const heapMib = usedMib(options) - before;
  // A node knows its agents from the blocks before.
  chain.state.agents();
  return {
    ...{ accounts: options.accounts, ...blockCost(chain, options), ...keyCost(chain, options) },
    ...{ buildSeconds, heapMib },
  };
}
