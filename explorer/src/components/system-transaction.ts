import { ZERO_HASH } from '@dao-gov/node/protocol';

/** What the chain itself did (deadlines, decisions, settlements) has no transaction of its own. */
export const isSystemTransaction = (hash: string): boolean => hash === ZERO_HASH;
