/**
 * SHA-256 of Merkle trees in native code. The SSZ library hashes with the portable implementation unless told
 * otherwise; here it gets SIMD assembly where a binary fits this machine, and WebAssembly elsewhere. All give the same.
 */
import { setHasher } from '@chainsafe/persistent-merkle-tree';

/** To be called before the first block is hashed. Safe to call again. */
export async function useNativeHashing(): Promise<void> {
  const { hasher } = await import('@chainsafe/persistent-merkle-tree/hasher/hashtree').catch(
    () => import('@chainsafe/persistent-merkle-tree/hasher/as-sha256'),
  );
  setHasher(hasher);
}
