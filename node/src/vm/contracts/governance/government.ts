/** The record of self-government. Its sums count for one epoch; the turn of an epoch is made in `motions.ts`. */
import type { GovernmentRecord } from '../../../protocol/records.ts';
import type { Effects } from '../call.ts';
import { epochOf } from '../params/epoch.ts';

export function governmentOf(effects: Effects): GovernmentRecord {
  const known = effects.draft.get('government');
  return known ?? { epoch: epochOf(effects), motions: 0, open: [], waiting: [], spent: 0, rewarded: 0 };
}
