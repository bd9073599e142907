import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalText } from '../../protocol/canonical.ts';
import { stateKeys } from '../../protocol/records.ts';
import { developmentGenesis } from '../../testing/chain-kit.ts';
import { genesisState } from '../genesis.ts';
import { State, stateOf } from './state.ts';

const account = (agent: unknown, balance = 1) => canonicalText({ agent, balance });

describe('agents', () => {
  const change = fc.record({
    at: fc.integer({ min: 0, max: 12 }),
    what: fc.constantFrom('agent', 'person', 'gone', 'proposal'),
    asked: fc.boolean(),
  });

  test('are those that a walk over all accounts finds, whenever they were last asked for', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        let state = State.empty;
        for (const { at, what, asked } of changes) {
          const address = at.toString(16).padStart(40, '0');
          const key = what === 'proposal' ? stateKeys.proposal(address) : stateKeys.account(address);
          const value =
            what === 'gone' ? null : account(what === 'agent' ? { name: 'A', role: 'data_detective' } : null);
          state = state.with([[key, value]]);
          if (asked) expect(state.agents()).toEqual(stateOf(state.entries('')).agents());
        }
        expect(state.agents()).toEqual(stateOf([...state.entries('')].reverse()).agents());
      }),
    );
  });

  test('are not looked for again when other accounts change', () => {
    const before = genesisState(developmentGenesis());
    const agents = before.agents();
    const after = before.with([[stateKeys.account('ab'.repeat(20)), account(null)]]);
    expect(after.agents()).toBe(agents);
    const key = stateKeys.account(agents[0] ?? '');
    expect(after.with([[key, account({ name: 'A', role: 'data_detective' }, 7)]]).agents()).toBe(agents);
    expect(after.with([[key, account(null)]]).agents()).toEqual(agents.slice(1));
  });
});
