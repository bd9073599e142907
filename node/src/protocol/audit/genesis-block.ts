/**
 * Block 0, worked out from the genesis file alone. Block 1 names its hash as parent, so a chain that certifies block 1
 * vouches for every byte of the genesis file: balances, parameters and validators. The auditor's own derivation, held
 * together with the virtual machine's by a test.
 */
import { toHex, utf8Bytes } from '../bytes.ts';
import { canonicalText } from '../canonical.ts';
import type { Genesis } from '../genesis.ts';
import {
  evidenceRootOf,
  genesisHash,
  headerHash,
  receiptsRootOf,
  transactionsRootOf,
  validatorSetHash,
} from '../hashing.ts';
import { EMPTY_STATE_HASH, keyBit, stateBranchHash, stateKeyHash, stateLeafHash } from '../merkle/state.ts';
import { type StateRecords, stateKeys } from '../records.ts';
import { type Address, type Amount, type Hash, type Header, ZERO_HASH } from '../types.ts';
import { validatorSetOfGenesis } from '../validator-set.ts';

interface Leaf {
  readonly keyHash: Uint8Array;
  readonly hash: Uint8Array;
}

function rootOf(leaves: readonly Leaf[], depth: number): Uint8Array {
  const [first] = leaves;
  if (first === undefined) return EMPTY_STATE_HASH;
  if (leaves.length === 1) return first.hash;
  const side = (bit: 0 | 1) =>
    rootOf(
      leaves.filter(({ keyHash }) => keyBit(keyHash, depth) === bit),
      depth + 1,
    );
  return stateBranchHash(side(0), side(1));
}

/** State root over canonical texts by key. */
export function stateRootOf(entries: Iterable<readonly [key: string, value: string]>): Hash {
  const leaves = Array.from(entries, ([key, value]): Leaf => {
    const keyHash = stateKeyHash(key);
    return { keyHash, hash: stateLeafHash(keyHash, utf8Bytes(value)) };
  });
  return toHex(rootOf(leaves, 0));
}

const sum = (amounts: readonly Amount[]): Amount => amounts.reduce((total, amount) => total + amount, 0);

const bondOf = ({ validators }: Genesis, owner: Address): Amount =>
  sum(validators.filter((validator) => validator.owner === owner).map(({ bond }) => bond));

/** The records that the chain begins with, as canonical texts by key. */
function genesisEntries(genesis: Genesis): readonly (readonly [key: string, value: string])[] {
  const accounts = genesis.agents.map(({ address, role, name, balance, stake, reputation }) => {
    const bond = bondOf(genesis, address);
    const agent = { role, name };
    const account: StateRecords['account'] = {
      ...{ balance, stake, locked: 0, bond, reputation, nonce: 0, reboots: 0, agent },
    };
    return [stateKeys.account(address), account] as const;
  });
  const genesisSupply = genesis.treasury + sum(accounts.map(([, { balance, stake, bond }]) => balance + stake + bond));
  const treasury: StateRecords['treasury'] = {
    ...{ balance: genesis.treasury, escrow: 0, burned: 0, minted: 0, genesisSupply },
  };
  const validators: StateRecords['validators'] = {
    ...validatorSetOfGenesis(genesis),
    ...{ since: 0, firstHeight: 1, lastHeight: genesis.epochBlocks, epochBlocks: genesis.epochBlocks },
    owners: genesis.validators.map(({ key, owner, name }) => ({ key, owner, name })),
  };
  const staking: StateRecords['staking'] = {
    keys: genesis.validators.map(({ key }) => key),
    ...{ ended: [], nextReleaseAtMs: 0 },
  };
  const bonds = genesis.validators.map((each) => {
    const bonded: StateRecords['validator'] = { ...each, status: 'bonded', unbonding: [] };
    return [stateKeys.validator(each.key), bonded] as const;
  });
  const sequence: StateRecords['sequence'] = { incidents: 0, open: [], untriaged: [] };
  const records: readonly (readonly [string, unknown])[] = [
    ...accounts,
    [stateKeys.treasury(), treasury],
    [stateKeys.params(), genesis.params],
    [stateKeys.validators(), validators],
    [stateKeys.staking(), staking],
    ...bonds,
    [stateKeys.sequence(), sequence],
  ];
  return records.map(([key, record]) => [key, canonicalText(record)] as const);
}

/** Header of block 0. */
export function genesisHeaderOf(genesis: Genesis): Header {
  return {
    height: 0,
    view: 0,
    epoch: 0,
    parentHash: genesisHash(genesis),
    timestampMs: genesis.timestampMs,
    proposer: ZERO_HASH,
    transactionsRoot: transactionsRootOf([]),
    receiptsRoot: receiptsRootOf([]),
    stateRoot: stateRootOf(genesisEntries(genesis)),
    evidenceRoot: evidenceRootOf([]),
    validatorSetHash: validatorSetHash(validatorSetOfGenesis(genesis)),
  };
}

/** What block 1 names as its parent. */
export const genesisBlockHashOf = (genesis: Genesis): Hash => headerHash(genesisHeaderOf(genesis));
