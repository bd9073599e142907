/** What requests through the simulated system leave behind: traces and logs. */
import type { LogRecord, Span } from '../types.ts';
import type { Random } from './random.ts';
import type { LinkMs, Row, Service, State } from './simulated-system.ts';

/** One request through the system, as spans: servers', and clients' around them. */
export function traceOf(
  random: Random,
  services: readonly Service[],
  states: readonly State[],
  traceId: string,
  atMs: number,
  linkMs: LinkMs,
): readonly Span[] {
  const spans: Span[] = [];
  const open = (node: string, parentSpanId: string | null, startMs: number): number =>
    spans.push({
      ...{ traceId, spanId: `${spans.length}`, parentSpanId, node, startMs },
      ...{ operation: 'serve', durationMs: 0, status: 'ok' },
    }) - 1;
  const close = (slot: number, { durationMs, failed }: Served): void => {
    const span = spans[slot];
    if (span !== undefined) spans[slot] = { ...span, durationMs, status: failed ? 'error' : 'ok' };
  };
  const serve = (index: number, parentSpanId: string | null, startMs: number): Served => {
    const service = services[index];
    const state = states[index];
    if (service === undefined || state === undefined) return { durationMs: 0, failed: false };
    // Nobody is there to record the refusal but the client.
    if (state.down) return { durationMs: 1, failed: true };
    const slot = open(service.name, parentSpanId, startMs);
    let nowMs = startMs + state.workMs * (0.3 + 0.4 * random.next());
    let failed = random.next() < state.errors;
    for (const { callee, times, passesFailures } of failed ? [] : service.calls) {
      const rounds = Math.floor(times) + (random.next() < times % 1 ? 1 : 0);
      for (let round = 0; round < rounds && !failed; round += 1) {
        const client = open(service.name, `${slot}`, nowMs);
        const wireMs = linkMs(index, callee);
        const answer = serve(callee, `${client}`, nowMs + wireMs / 2);
        close(client, { durationMs: answer.durationMs + wireMs, failed: answer.failed });
        nowMs += answer.durationMs + wireMs;
        failed = answer.failed && random.next() < passesFailures;
      }
    }
    const served = { durationMs: nowMs - startMs + state.workMs * (0.3 + 0.4 * random.next()), failed };
    close(slot, served);
    return served;
  };
  serve(0, null, atMs);
  return spans;
}

type Served = { readonly durationMs: number; readonly failed: boolean };

export function logsOf(
  random: Random,
  names: readonly string[],
  rows: readonly Row[],
  stepMs: number,
): readonly LogRecord[] {
  return rows.flatMap(({ measured, states }, step) =>
    names.flatMap((node, index): readonly LogRecord[] => {
      const failing = measured[index]?.failing ?? 0;
      if (states[index]?.down || random.next() >= failing * 2) return [];
      return [{ atMs: step * stepMs, node, level: 'ERROR', message: `request ${step} failed`, traceId: null }];
    }),
  );
}
