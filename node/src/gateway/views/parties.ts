/** Who an address or a validator's key is, out of the final state. */
import type { StateReader } from '../../ports/index.ts';
import type { Party } from '../../protocol/api/index.ts';
import type { Genesis } from '../../protocol/genesis.ts';
import type { Address, ValidatorKey } from '../../protocol/types.ts';

/** The name is empty for an address that is no agent's. */
export function partyOf(state: StateReader, address: Address): Party {
  const agent = state.get('account', address)?.agent;
  return { address, name: agent?.name ?? '', role: agent?.role ?? null };
}

/** Name of a validator, or the beginning of its key; block 0 has no proposer. */
export function validatorName(state: StateReader, genesis: Genesis, key: ValidatorKey): string {
  if (/^0+$/.test(key)) return 'genesis';
  const owners = state.get('validators')?.owners ?? [];
  const named = state.get('validator', key) ?? [...owners, ...genesis.validators].find((one) => one.key === key);
  return named?.name ?? key.slice(0, 8);
}
