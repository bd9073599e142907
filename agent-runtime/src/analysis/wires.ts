/**
 * Time on the way: what passes between a client's measurement of a call and its server's. A slow link, a caller too busy
 * to read its answers and a callee too busy to accept all look alike on one link, and differ over several: a busy node
 * is slow on every link that it has a part in, and slow itself. So each link's time is put down to the end that accounts
 * for more of all lost time (as spectra rank locations by what they cover: MicroRank, Yu et al., WWW 2021).
 */
import { WIRE_SHARPNESS } from './constants.ts';
import { stable } from './statistics.ts';

/** Time lost on one link, beyond what the callee lost itself; any unit, the same for all. */
export type Wire = { readonly caller: string; readonly callee: string; readonly lost: number };

/** Wires with the share, 0..1, that is put down to the callee; the rest is the caller's. */
export type SettledWire = Wire & { readonly calleeShare: number };

/** @param lostIn what each node lost in itself, in the unit of the wires */
export function settleWires(wires: readonly Wire[], lostIn: (node: string) => number): readonly SettledWire[] {
  const covered = new Map<string, number>();
  const cover = (node: string, lost: number): unknown => covered.set(node, (covered.get(node) ?? lostIn(node)) + lost);
  for (const { caller, callee, lost } of wires) {
    cover(caller, lost);
    cover(callee, lost);
  }
  return wires.map((wire) => {
    const [ofCaller, ofCallee] = [wire.caller, wire.callee].map((node) => (covered.get(node) ?? 0) ** WIRE_SHARPNESS);
    const total = (ofCaller ?? 0) + (ofCallee ?? 0);
    return { ...wire, calleeShare: total > 0 ? stable((ofCallee ?? 0) / total) : 0.5 };
  });
}

/** What each node lost on the way to and from it. */
export function lostOnWires(settled: readonly SettledWire[]): ReadonlyMap<string, number> {
  const lost = new Map<string, number>();
  const add = (node: string, amount: number): unknown => lost.set(node, (lost.get(node) ?? 0) + amount);
  for (const wire of settled) {
    add(wire.callee, wire.lost * wire.calleeShare);
    add(wire.caller, wire.lost * (1 - wire.calleeShare));
  }
  return lost;
}

/**
 * How surely each node lost time on the way: as surely as the caller, who waited, lost any, as far as that was its loss.
 *
 * @param evidenceOf how surely a node lost more than chance accounts for, 0..1
 * @param lossOf what a node lost in all, in the unit of the wires
 */
export function wireEvidence(
  settled: readonly SettledWire[],
  evidenceOf: (node: string) => number,
  lossOf: (node: string) => number,
): ReadonlyMap<string, number> {
  const evidence = new Map<string, number>();
  for (const { caller, callee, lost, calleeShare } of settled) {
    const whole = Math.max(lossOf(caller), lost);
    if (whole <= 0) continue;
    const sure = stable(evidenceOf(caller) * (lost / whole) * calleeShare);
    evidence.set(callee, Math.max(evidence.get(callee) ?? 0, sure));
  }
  return evidence;
}
