/**
 * From the genesis file to block 0. The header of block 0 names the hash of the whole file as its parent, so its own
 * hash, which block 1 builds on, binds everything that the file says, also what is not in the state.
 */
import { fromHex } from '../protocol/bytes.ts';
import { canonicalText } from '../protocol/canonical.ts';
import { INTEGER_MAX } from '../protocol/constants.ts';
import { type Genesis, genesisSchema } from '../protocol/genesis.ts';
import {
  addressOf,
  evidenceRootOf,
  genesisHash,
  headerHash,
  receiptsRootOf,
  transactionsRootOf,
  validatorSetHash,
} from '../protocol/hashing.ts';
import { type AccountRecord, stateKeys } from '../protocol/records.ts';
import { type Address, type Amount, type Hash, type Header, ZERO_HASH } from '../protocol/types.ts';
import { firstEpoch, validatorSetOf } from './contracts/staking/validators.ts';
import { GenesisError, type GenesisErrorCode } from './errors.ts';
import { sum } from './integers.ts';
import { type State, stateOf } from './state/state.ts';

/** Reads a genesis file's JSON. @throws GenesisError */
export function parseGenesis(json: unknown): Genesis {
  const parsed = genesisSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new GenesisError(
      'GENESIS_MALFORMED',
      issue?.path.join('.') || 'genesis',
      issue?.message ?? 'is not accepted',
    );
  }
  checkGenesis(parsed.data);
  return parsed.data;
}

function refuseRepeats(code: GenesisErrorCode, where: string, values: readonly string[]): void {
  values.forEach((value, index) => {
    if (values.indexOf(value) !== index)
      throw new GenesisError(code, `${where}.${index}`, `${value} stands there twice`);
  });
}

/** What the schema cannot say: parts that must agree with each other. @throws GenesisError */
export function checkGenesis(genesis: Genesis): void {
  const { agents, validators } = genesis;
  agents.forEach((agent, index) => {
    if (addressOf(fromHex(agent.publicKey, 33)) === agent.address) return;
    throw new GenesisError('ADDRESS_MISMATCH', `agents.${index}`, 'the address is not that of the public key');
  });
  // An address follows from its key, so different addresses are different keys.
  refuseRepeats(
    'DUPLICATE_ADDRESS',
    'agents',
    agents.map(({ address }) => address),
  );
  refuseRepeats(
    'DUPLICATE_ROLE',
    'agents',
    agents.map(({ role }) => role),
  );
  refuseRepeats(
    'DUPLICATE_VALIDATOR_KEY',
    'validators',
    validators.map(({ key }) => key),
  );
  validators.forEach(({ owner }, index) => {
    if (agents.some(({ address }) => address === owner)) return;
    throw new GenesisError('OWNER_UNKNOWN', `validators.${index}`, 'the owner is not one of the agents');
  });
  const supply = [genesis.treasury, ...agents.flatMap((agent) => [agent.balance, agent.stake]), ...bondsOf(genesis)];
  if (supply.reduce((total, amount) => total + BigInt(amount), 0n) > BigInt(INTEGER_MAX)) {
    throw new GenesisError('SUPPLY_OVERFLOW', 'treasury', `the whole supply is more than ${INTEGER_MAX}`);
  }
}

const bondsOf = (genesis: Genesis): readonly Amount[] => genesis.validators.map(({ bond }) => bond);

const bondOf = (genesis: Genesis, owner: Address): Amount =>
  sum(genesis.validators.filter((validator) => validator.owner === owner).map(({ bond }) => bond));

function accountsOf(genesis: Genesis): readonly (readonly [Address, AccountRecord])[] {
  return genesis.agents.map(({ address, role, name, balance, stake, reputation }) => [
    address,
    {
      balance,
      stake,
      locked: 0,
      bond: bondOf(genesis, address),
      reputation,
      nonce: 0,
      reboots: 0,
      agent: { role, name },
    },
  ]);
}

/** The world as block 1 finds it. @throws GenesisError when the file contradicts itself */
export function genesisState(genesis: Genesis): State {
  checkGenesis(genesis);
  const accounts = accountsOf(genesis);
  const held = accounts.flatMap(([, { balance, stake, bond }]) => [balance, stake, bond]);
  const genesisSupply = sum([...held, genesis.treasury]);
  const records: readonly (readonly [string, unknown])[] = [
    ...accounts.map(([address, account]) => [stateKeys.account(address), account] as const),
    [stateKeys.treasury(), { balance: genesis.treasury, escrow: 0, burned: 0, minted: 0, genesisSupply }],
    [stateKeys.params(), genesis.params],
    [stateKeys.validators(), firstEpoch(genesis.validators, genesis.epochBlocks)],
    [stateKeys.staking(), { keys: genesis.validators.map(({ key }) => key), ended: [], nextReleaseAtMs: 0 }],
    ...genesis.validators.map(
      (validator) => [stateKeys.validator(validator.key), { ...validator, status: 'bonded', unbonding: [] }] as const,
    ),
    [stateKeys.sequence(), { incidents: 0, open: [], untriaged: [] }],
  ];
  return stateOf(records.map(([key, record]) => [key, canonicalText(record)] as const));
}

/** Header of block 0. @throws GenesisError when the file contradicts itself */
export function genesisHeader(genesis: Genesis): Header {
  const state = genesisState(genesis);
  return {
    height: 0,
    view: 0,
    epoch: 0,
    parentHash: genesisHash(genesis),
    timestampMs: genesis.timestampMs,
    proposer: ZERO_HASH,
    transactionsRoot: transactionsRootOf([]),
    receiptsRoot: receiptsRootOf([]),
    stateRoot: state.root(),
    evidenceRoot: evidenceRootOf([]),
    validatorSetHash: validatorSetHash(validatorSetOf(state)),
  };
}

/** What block 1 names as its parent. @throws GenesisError when the file contradicts itself */
export const genesisBlockHash = (genesis: Genesis): Hash => headerHash(genesisHeader(genesis));
