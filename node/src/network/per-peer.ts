import type { NodeKey } from '../ports/network.ts';
import { STANDINGS_MAX } from './constants.ts';

/**
 * Something for each peer that outlives its connections, so that coming again does not wipe it out. Strangers change
 * their keys at will: beyond the bound, whoever was silent longest is forgotten.
 */
export function perPeer<T>(make: () => T): (key: NodeKey) => T {
  const known = new Map<NodeKey, T>();
  return (key) => {
    const value = known.get(key) ?? make();
    known.delete(key);
    known.set(key, value);
    for (const oldest of known.keys()) {
      if (known.size <= STANDINGS_MAX) break;
      known.delete(oldest);
    }
    return value;
  };
}
