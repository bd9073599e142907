/** What came into the treasury and what left it, by what it was for. */
import type { LedgerEvent } from './movements.ts';

export const FLOWS = [
  'escrowed',
  'returned',
  'work',
  'fines',
  'forfeits',
  'reboots',
  'motions',
  'proposers',
  'burned',
] as const;
export type Flow = (typeof FLOWS)[number];

export interface FlowSum {
  readonly flow: Flow;
  readonly in: number;
  readonly out: number;
  readonly count: number;
}

type Entry = readonly [flow: Flow, direction: 'in' | 'out', field: string];

/** Slashed stake never comes to the treasury: it burns or goes to the challenger. */
const ENTRIES: Readonly<Record<string, Entry>> = {
  RewardEscrowed: ['escrowed', 'out', 'amount'],
  ClaimOverturned: ['returned', 'in', 'escrowReturned'],
  IncidentInconclusive: ['returned', 'in', 'escrowReturned'],
  WorkPaid: ['work', 'out', 'amount'],
  ChallengeGas: ['work', 'out', 'amount'],
  Penalty: ['fines', 'in', 'amount'],
  StakeForfeited: ['forfeits', 'in', 'amount'],
  AgentRebooted: ['reboots', 'out', 'grant'],
  TreasurySpent: ['motions', 'out', 'amount'],
  ProposerRewarded: ['proposers', 'out', 'amount'],
  TokensBurned: ['burned', 'out', 'amount'],
  ValidatorSlashed: ['burned', 'out', 'burned'],
};
export const FLOW_EVENTS: readonly string[] = Object.keys(ENTRIES);

/** The sums of the flows that there were, in their order. */
export function treasuryFlow(events: readonly LedgerEvent[]): readonly FlowSum[] {
  const sums = new Map<Flow, FlowSum>();
  for (const { name, data } of events) {
    const entry = Object.hasOwn(ENTRIES, name) ? ENTRIES[name] : undefined;
    const amount = entry === undefined ? 0 : Number(data[entry[2]] ?? 0);
    if (entry === undefined || amount === 0) continue;
    const [flow, direction] = entry;
    const sum = sums.get(flow) ?? { flow, in: 0, out: 0, count: 0 };
    sums.set(flow, { ...sum, [direction]: sum[direction] + amount, count: sum.count + 1 });
  }
  return FLOWS.flatMap((flow) => sums.get(flow) ?? []);
}

/** In and out of the treasury itself: what burns was a stake, never the treasury's. */
export function flowTotals(flows: readonly FlowSum[]): { readonly in: number; readonly out: number } {
  const own = flows.filter(({ flow }) => flow !== 'burned');
  return {
    in: own.reduce((sum, flow) => sum + flow.in, 0),
    out: own.reduce((sum, flow) => sum + flow.out, 0),
  };
}
