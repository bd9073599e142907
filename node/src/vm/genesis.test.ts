import { describe, expect, test } from 'vitest';
import { INTEGER_MAX } from '../protocol/constants.ts';
import type { Genesis } from '../protocol/genesis.ts';
import { genesisHash, headerHash, validatorSetHash } from '../protocol/hashing.ts';
import { ZERO_HASH } from '../protocol/types.ts';
import { developmentGenesis, testAgent, testAgents } from '../testing/chain-kit.ts';
import { validatorSetOf } from './contracts/staking/validators.ts';
import { GenesisError, type GenesisErrorCode } from './errors.ts';
import { genesisBlockHash, genesisHeader, genesisState, parseGenesis } from './genesis.ts';
import { assertConserved } from './state/conservation.ts';

const genesis = developmentGenesis();
const [first, second, ...otherAgents] = genesis.agents;
const [validator, ...otherValidators] = genesis.validators;
if (!first || !second || !validator) throw new Error('the development genesis has agents and validators');

describe('genesisState', () => {
  test('holds what the file says, bonds apart from stakes, and counts the supply', () => {
    const state = genesisState(genesis);
    const { address } = testAgent('data_detective').wallet;
    expect(state.get('account', address)).toEqual({
      balance: 20_000,
      stake: 400,
      locked: 0,
      bond: 10_000,
      reputation: 80,
      nonce: 0,
      reboots: 0,
      agent: { role: 'data_detective', name: 'A3 Data Detective' },
    });
    expect(state.get('treasury')).toEqual({
      balance: 200_000,
      escrow: 0,
      burned: 0,
      minted: 0,
      genesisSupply: 7 * (20_000 + 400 + 10_000) + 200_000,
    });
    expect(state.get('params')).toEqual(genesis.params);
    assertConserved(state);
  });

  test('several validators of one owner bond together', () => {
    const validators = [validator, { ...validator, key: 'ab'.repeat(32), bond: 7 }, ...otherValidators];
    const state = genesisState({ ...genesis, validators });
    expect(state.get('account', validator.owner)?.bond).toBe(10_007);
    assertConserved(state);
  });

  test('the validator set stands in the order of the file, with capped powers', () => {
    const validators = genesis.validators.map((each, index) => (index === 3 ? { ...each, bond: 90_000 } : each));
    const state = genesisState({ ...genesis, validators });
    const set = validatorSetOf(state);
    expect(set.epoch).toBe(0);
    expect(set.validators.map(({ key }) => key)).toEqual(testAgents.map(({ validatorKey }) => validatorKey));
    // Two of seven: 3 × (10,000 + cap) < 60,000 + cap holds up to 14,999.
    expect(set.validators.map(({ power }) => power)).toEqual([1, 1, 1, 1.4999, 1, 1, 1].map((share) => share * 10_000));
    expect(state.get('validators')?.owners[3]).toEqual({
      key: testAgents[3]?.validatorKey,
      owner: testAgents[3]?.wallet.address,
      name: 'A4 Dependency Explorer',
    });
  });
});

describe('genesisHeader', () => {
  test('binds the whole file through its parent hash, and the state and the validators through its roots', () => {
    const header = genesisHeader(genesis);
    expect(header).toMatchObject({
      height: 0,
      view: 0,
      epoch: 0,
      proposer: ZERO_HASH,
      timestampMs: genesis.timestampMs,
    });
    expect(header.parentHash).toBe(genesisHash(genesis));
    expect(header.stateRoot).toBe(genesisState(genesis).root());
    expect(header.validatorSetHash).toBe(validatorSetHash(validatorSetOf(genesisState(genesis))));
    expect(genesisBlockHash(genesis)).toBe(headerHash(header));
  });

  test.each<[string, Partial<Genesis>]>([
    ['the chain id', { chainId: 'another' }],
    ['the kind of network', { network: 'production' }],
    ['the length of an epoch', { epochBlocks: 11 }],
    ['a parameter', { params: { ...genesis.params, alpha: 501 } }],
  ])('another value of %s gives another first block', (_, change) => {
    expect(genesisBlockHash({ ...genesis, ...change })).not.toBe(genesisBlockHash(genesis));
  });
});

describe('parseGenesis', () => {
  test('takes the file as it is', () => {
    expect(parseGenesis(JSON.parse(JSON.stringify(genesis)))).toEqual(genesis);
  });

  const cases: readonly [GenesisErrorCode, string, unknown][] = [
    ['GENESIS_MALFORMED', 'treasury', { ...genesis, treasury: 0.5 }],
    ['GENESIS_MALFORMED', 'genesis', { ...genesis, owner: 'me' }],
    ['GENESIS_MALFORMED', 'genesis', null],
    ['ADDRESS_MISMATCH', 'agents.0', { ...genesis, agents: [{ ...first, address: second.address }, second] }],
    ['DUPLICATE_ADDRESS', 'agents.7', { ...genesis, agents: [...genesis.agents, { ...first }] }],
    ['DUPLICATE_ROLE', 'agents.1', { ...genesis, agents: [first, { ...second, role: first.role }, ...otherAgents] }],
    ['DUPLICATE_VALIDATOR_KEY', 'validators.7', { ...genesis, validators: [...genesis.validators, validator] }],
    ['OWNER_UNKNOWN', 'validators.0', { ...genesis, validators: [{ ...validator, owner: '11'.repeat(20) }] }],
    ['SUPPLY_OVERFLOW', 'treasury', { ...genesis, treasury: INTEGER_MAX }],
  ];
  test.each(cases)('%s at %s', (code, where, file) => {
    expect(() => parseGenesis(file)).toThrow(expect.objectContaining({ name: 'GenesisError', code, where }));
  });

  test('what the schema cannot see is refused without it too', () => {
    expect(() => genesisState({ ...genesis, treasury: INTEGER_MAX })).toThrow(GenesisError);
  });
});
