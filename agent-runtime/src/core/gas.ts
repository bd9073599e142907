import { type Amount, type Params, utf8Bytes } from '@dao-gov/node/protocol';
import { GAS_ARGS_BYTES_PER_UNIT, GAS_BASE, GAS_FREE_ARGS_BYTES, GAS_PER_EVIDENCE } from './constants.ts';

/** The gas that a call needs, from its size alone. @param args canonical JSON text */
export function gasLimitOf(args: string, evidenceCount: number, { gasLimitMin }: Pick<Params, 'gasLimitMin'>): Amount {
  const charged = Math.max(0, utf8Bytes(args).length - GAS_FREE_ARGS_BYTES);
  const needed = GAS_BASE + Math.ceil(charged / GAS_ARGS_BYTES_PER_UNIT) + GAS_PER_EVIDENCE * evidenceCount;
  return Math.max(gasLimitMin, needed);
}
