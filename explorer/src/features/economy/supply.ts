/** Where all tokens are: the sum that the chain itself checks after every block. */
import type { Economics } from '@dao-gov/node/protocol';

export const HOLDINGS = ['balances', 'stakes', 'bonds', 'escrow', 'treasury', 'burned'] as const;
export type Holding = (typeof HOLDINGS)[number];

export interface Supply {
  readonly holdings: readonly { readonly holding: Holding; readonly amount: number }[];
  readonly held: number;
  readonly genesisSupply: number;
  readonly minted: number;
  readonly issued: number;
  /** Issued, and in none of the holdings listed: owned by accounts that are not agents. Negative is impossible. */
  readonly elsewhere: number;
}

export function supplyOf({ agents, treasury }: Pick<Economics, 'agents' | 'treasury'>): Supply {
  const sum = (field: 'balance' | 'stake' | 'bond'): number => agents.reduce((total, agent) => total + agent[field], 0);
  const amounts: Readonly<Record<Holding, number>> = {
    balances: sum('balance'),
    stakes: sum('stake'),
    bonds: sum('bond'),
    escrow: treasury.escrow,
    treasury: treasury.balance,
    burned: treasury.burned,
  };
  const held = HOLDINGS.reduce((total, holding) => total + amounts[holding], 0);
  const issued = treasury.genesisSupply + treasury.minted;
  return {
    holdings: HOLDINGS.map((holding) => ({ holding, amount: amounts[holding] })),
    held,
    genesisSupply: treasury.genesisSupply,
    minted: treasury.minted,
    issued,
    elsewhere: issued - held,
  };
}
