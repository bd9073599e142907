/** Which captures are recorded, in which order, and into which half: decided before anything is recorded. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULT_TABLE, type Fault, faultAt, faultInfo } from './faults.ts';
import { seedOf } from './random.ts';

export type Recording = { readonly fault: Fault; readonly seed: number };

/** `dev` is looked at while an engine is tuned; `held` is scored once, at the end. */
export const HALVES = ['dev', 'held'] as const;
export type Half = (typeof HALVES)[number];
export type Planned = Recording & { readonly half: Half };

/** Seeds of the held-back half lie this much higher, so that no load is ever shared. */
export const HELD_SEED_OFFSET = 100;

/** `cpu-train-7`; a link's arrow would not pass as an id. */
export const captureId = ({ fault, seed }: Recording): string =>
  `${fault.name}-${fault.target.replace('>', '-to-')}-${seed}`;

/** Every combination that applies; `*` takes all targets of a fault. @throws RangeError */
export function recordingsOf(
  faults: readonly string[],
  targets: readonly string[],
  seeds: readonly number[],
): readonly Recording[] {
  return seeds.flatMap((seed) =>
    faults.flatMap((name) => targetsOf(name, targets).map((target) => ({ fault: faultAt(name, target), seed }))),
  );
}

function targetsOf(fault: string, wanted: readonly string[]): readonly string[] {
  const { targets } = faultInfo(fault);
  return wanted.includes('*') ? targets : targets.filter((target) => wanted.includes(target));
}

/**
 * Every other target of a fault belongs to either half, beginning with the first or the second from one fault to the
 * next, so that each service is a cause in both halves, of different faults. A fault with a single target is in both.
 */
export function halvesOf({ name, target }: Pick<Fault, 'name' | 'target'>): readonly Half[] {
  const { targets } = faultInfo(name);
  if (targets.length === 1) return HALVES;
  const place = FAULT_TABLE.findIndex((fault) => fault.name === name) + targets.indexOf(target);
  return [place % 2 === 0 ? 'dev' : 'held'];
}

/**
 * Both halves in turns, and in each the faults in turns, in the order given: wherever recording stops, all faults are
 * there. A fault that is named twice comes twice a round. Targets change before seeds do, and come in a shuffled order,
 * so that the first few are not all at the top of the call graph.
 */
export function planOf(
  faults: readonly string[],
  targets: readonly string[],
  seeds: readonly number[],
): readonly Planned[] {
  const waiting = new Map<string, Planned[]>();
  for (const name of faults) {
    const shuffled = targetsOf(name, targets).toSorted((left, right) => placeOf(name, left) - placeOf(name, right));
    const all = seeds.flatMap((seed) =>
      shuffled.flatMap((target) => {
        const fault = faultAt(name, target);
        return halvesOf(fault).map((half) => ({ fault, half, seed: half === 'held' ? seed + HELD_SEED_OFFSET : seed }));
      }),
    );
    for (const half of HALVES) {
      waiting.set(
        `${name} ${half}`,
        all.filter((one) => one.half === half),
      );
    }
  }
  const plan: Planned[] = [];
  while ([...waiting.values()].some((left) => left.length > 0)) {
    for (const name of faults) {
      for (const half of HALVES) plan.push(...(waiting.get(`${name} ${half}`)?.splice(0, 1) ?? []));
    }
  }
  return plan;
}

/** FNV's low bits differ most between names that are alike. */
const placeOf = (fault: string, target: string): number => seedOf(`${fault} ${target}`) % 9_973;

/** Whether a capture is there that the machine did not disturb. */
export function isRecorded(recording: Recording, out: string): boolean {
  const folder = join(out, captureId(recording));
  if (!existsSync(join(folder, 'capture.json'))) return false;
  const notes = JSON.parse(readFileSync(join(folder, 'lab.json'), 'utf8')) as { readonly disturbed?: unknown };
  return notes.disturbed === null;
}
