import { useParties } from '../lib/parties.ts';
import { PartyName } from './party-name.tsx';

/** Whoever an address belongs to, as far as the economy knows. */
export function AddressName({ address }: { readonly address: string }) {
  const party = useParties().get(address) ?? { address, name: '', role: null };
  return <PartyName party={party} link />;
}
