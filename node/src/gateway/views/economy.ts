/** Tokens and reputation: the agents in order of their assets, and what belongs to nobody. */
import type { NodeView } from '../../ports/index.ts';
import type { AccountView, Economics } from '../../protocol/api/index.ts';
import { type AccountRecord, voteWeight } from '../../protocol/records.ts';
import type { Address } from '../../protocol/types.ts';
import { partyOf } from './parties.ts';

const NOTHING: AccountRecord = {
  ...{ balance: 0, stake: 0, locked: 0, bond: 0, reputation: 0, nonce: 0, reboots: 0, agent: null },
};

export function economicsOf(node: NodeView): Economics {
  const { state } = node.final();
  const accounts = node.genesis.agents.map(({ address }) => ({
    address,
    account: state.get('account', address) ?? NOTHING,
  }));
  // Sorting is stable: equals stay in the order of the genesis.
  accounts.sort((a, b) => b.account.balance - a.account.balance || b.account.stake - a.account.stake);
  return {
    agents: accounts.map(({ address, account }, index) => {
      const { balance, stake, locked, bond, reputation, reboots } = account;
      return {
        rank: index + 1,
        party: partyOf(state, address),
        ...{ balance, stake, locked, bond, reputation, reboots },
        rebootedAtMs: state.get('standing', address)?.rebootedAtMs ?? 0,
        weight: voteWeight(reputation, stake),
      };
    }),
    treasury: { ...(state.get('treasury') ?? { balance: 0, escrow: 0, burned: 0, minted: 0, genesisSupply: 0 }) },
    government: governmentOf(node),
    genesisBalance: node.genesis.agents[0]?.balance ?? 0,
    params: state.get('params') ?? node.genesis.params,
  };
}

function governmentOf(node: NodeView): Economics['government'] {
  const { epoch = 0, rewarded = 0, spent = 0, waiting = [] } = node.final().state.get('government') ?? {};
  return { epoch, rewarded, spent, waiting: [...waiting] };
}

/** Undefined when the address has no account. */
export function accountOf(node: NodeView, address: Address, nextNonce: number): AccountView | undefined {
  const account = node.final().state.get('account', address);
  if (!account) return undefined;
  const { agent, balance, stake, locked, bond, reputation, nonce, reboots } = account;
  return {
    address,
    name: agent?.name ?? '',
    role: agent?.role ?? null,
    ...{ balance, stake, locked, bond, reputation, nonce, nextNonce, reboots },
  };
}
