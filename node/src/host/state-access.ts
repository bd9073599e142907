/** Small reads of the final state that the host needs. */
import type { Params } from '../protocol/genesis.ts';
import type { State } from '../vm/index.ts';

/** @throws Error never on a state that genesis made: parameters are there from block 0 */
export function paramsOf(state: State): Params {
  const params = state.get('params');
  if (!params) throw new Error('a state without parameters');
  return params;
}

/** How long the chain may be quiet: shorter while an incident or an alert waits, so that its deadlines are met. */
export function heartbeatOf(state: State): number {
  const params = paramsOf(state);
  const sequence = state.get('sequence');
  const busy = (sequence?.open.length ?? 0) + (sequence?.untriaged.length ?? 0) > 0;
  return busy ? params.incidentHeartbeatMs : params.heartbeatMs;
}
