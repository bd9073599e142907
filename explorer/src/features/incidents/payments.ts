/** What each party gets out of a proposal, in one line a party. */
import type { Party, ProposalView } from '@dao-gov/node/protocol';

export interface Payment {
  readonly to: Party;
  readonly total: number;
  readonly parts: readonly { readonly amount: number; readonly reason: string }[];
}

/** In the order in which the parties first appear. */
export function paymentsByParty(escrow: ProposalView['escrow']): readonly Payment[] {
  const byAddress = new Map<string, Payment>();
  for (const { to, amount, reason } of escrow) {
    const known = byAddress.get(to.address) ?? { to, total: 0, parts: [] };
    byAddress.set(to.address, { to, total: known.total + amount, parts: [...known.parts, { amount, reason }] });
  }
  return [...byAddress.values()];
}
