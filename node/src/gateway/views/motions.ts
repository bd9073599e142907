/** Motions, newest first. The chain counts them, so a page needs no search. */
import type { StateReader } from '../../ports/index.ts';
import type { MotionView } from '../../protocol/api/index.ts';
import { canonicalBytes } from '../../protocol/canonical.ts';
import type { Params } from '../../protocol/genesis.ts';
import { hashBytes } from '../../protocol/hashing.ts';
import { paramValue } from '../../protocol/param-bounds.ts';
import type { MotionRecord } from '../../protocol/records.ts';
import { partyOf } from './parties.ts';
import { pollViewOf } from './polls.ts';

/** As the contract names its motions. */
const idOf = (number: number): string => hashBytes(canonicalBytes({ motion: number }));

function motionViewOf(state: StateReader, motion: MotionRecord, params: Params): MotionView {
  const { number, kind, changes, to, amount, enactment, enactedEpoch } = motion;
  return {
    ...pollViewOf(state, motion),
    ...{ number, kind, amount, enactment, enactedEpoch },
    changes: changes.map(({ name, value }) => ({ name, value, current: paramValue(params, name) })),
    to: to === '' ? null : partyOf(state, to),
  };
}

/** @param before number of a motion, exclusive */
export function motionPage(
  state: StateReader,
  params: Params,
  limit: number,
  before: number | undefined,
): { items: MotionView[]; next: string | null } {
  const count = state.get('government')?.motions ?? 0;
  const top = Math.min(before ?? count + 1, count + 1) - 1;
  const bottom = Math.max(1, top - limit + 1);
  const items: MotionView[] = [];
  for (let number = top; number >= bottom; number -= 1) {
    const motion = state.get('motion', idOf(number));
    if (motion) items.push(motionViewOf(state, motion, params));
  }
  return { items, next: bottom > 1 && top >= bottom ? String(bottom) : null };
}
