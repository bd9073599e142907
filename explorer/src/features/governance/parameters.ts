/** Every parameter of the chain with what holds, what governance may set it to, and which motion changed it last. */
import { type MotionView, PARAM_BOUNDS, type ParamBound, type Params } from '@dao-gov/node/protocol';
import { motionStatus } from '../../components/tags.tsx';

export interface ParameterRow {
  /** Path of the parameter, as motions name it. */
  readonly name: string;
  readonly value: number | string;
  /** Null where the genesis file fixes it. */
  readonly bound: ParamBound | null;
  /** Null where it is as in the genesis. */
  readonly changed: { readonly motion: number; readonly proposalId: string; readonly epoch: number } | null;
}

type Settings = readonly (readonly [name: string, value: number | string])[];

/** `{ rewards: { bounty: 1 } }` -> `rewards.bounty`, in the order of the genesis file. */
const settingsOf = (params: Params): Settings =>
  Object.entries(params).flatMap(
    ([name, value]): Settings =>
      typeof value === 'object'
        ? Object.entries(value).map(([part, inner]) => [`${name}.${part}`, inner] as const)
        : [[name, value]],
  );

/**
 * @param motions any order; among those of one epoch the later one counts, as on the chain
 */
export function parameterRows(params: Params, motions: readonly MotionView[]): readonly ParameterRow[] {
  const enacted = motions
    .filter((motion) => motionStatus(motion) === 'enacted')
    .toSorted((a, b) => a.enactedEpoch - b.enactedEpoch || a.decidedAtMs - b.decidedAtMs || a.number - b.number);
  const last = new Map(
    enacted.flatMap(({ changes, number, proposalId, enactedEpoch }) =>
      changes.map(({ name }) => [name, { motion: number, proposalId, epoch: enactedEpoch }] as const),
    ),
  );
  return settingsOf(params).map(([name, value]) => ({
    name,
    value,
    bound: (Object.hasOwn(PARAM_BOUNDS, name) ? PARAM_BOUNDS[name] : undefined) ?? null,
    changed: last.get(name) ?? null,
  }));
}
