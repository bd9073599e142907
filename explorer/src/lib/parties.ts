/** Who an address belongs to, as far as the economy knows: agents, and validators by their keys. */
import type { Party } from '@dao-gov/node/protocol';
import { useMemo } from 'react';
import { useEconomics } from './queries.ts';

export function useParties(): ReadonlyMap<string, Party> {
  const { data } = useEconomics();
  return useMemo(() => new Map(data?.agents.map(({ party }) => [party.address, party])), [data]);
}
