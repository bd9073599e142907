/** Signatures and hashing in native code for programs that run no node: nothing of the network is loaded with them. */
export { nativeVerifier } from './native-crypto.ts';
export { useNativeHashing } from './native-hashing.ts';
