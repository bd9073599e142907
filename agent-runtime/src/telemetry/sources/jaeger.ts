/**
 * Traces from Jaeger: its API v3 (OTLP JSON), and v1 where that is all there is. Traces of the alerting node are asked
 * for first, as they hold everything below it. The window is asked for in slices, because Jaeger answers with the
 * newest traces only and ordinary operation must be seen too.
 */
import { z } from 'zod';
import type { Span, TelemetryWindow } from '../../analysis/types.ts';
import { SPANS_MAX } from '../constants.ts';
import { authorization, type JaegerConfig } from './config.ts';
import { TRACED_SERVICES_MAX, TRACES_PER_SERVICE_MAX } from './constants.ts';
import { SourceError } from './errors.ts';
import { getJson, type JsonAnswer, type SourceHttp } from './http.ts';
import { decodeJaegerV1 } from './jaeger-v1.ts';
import { decodeSpans } from './otlp/decode.ts';

const SOURCE = 'jaeger';
/** Slices of the time before the alert, and one for the time around it. */
const SLICES_BEFORE = 3;
/** What of the time before the alert belongs to the incident's own slice: as the engine looks at it. */
const INCIDENT_SHARE = 0.25;
const MICROS_PER_MS = 1_000;

export type SpansFetched = { readonly spans: readonly Span[]; readonly problems: readonly SourceError[] };

type Query = { readonly service: string; readonly window: TelemetryWindow; readonly limit: number };

/** Never throws: what failed is among the problems. */
export async function fetchTraces(
  config: JaegerConfig,
  window: TelemetryWindow,
  alert: { readonly node: string; readonly atMs: number },
): Promise<SpansFetched> {
  const spans = new Map<string, Span>();
  const problems: SourceError[] = [];
  try {
    const http: SourceHttp = { source: SOURCE, ...config, headers: authorization(SOURCE, config.tokenFile) };
    const api = await apiOf(http);
    const known = config.services ?? api.services;
    const services = [alert.node, ...known.filter((name) => name !== alert.node)].slice(0, TRACED_SERVICES_MAX);
    for (const service of services) {
      // Whatever was below the alerting node is here already.
      if ([...spans.values()].some(({ node }) => node === service)) continue;
      for (const slice of slicesOf(window, alert.atMs)) {
        const limit = Math.ceil(TRACES_PER_SERVICE_MAX / (SLICES_BEFORE + 1));
        for (const span of await api.traces({ service, window: slice, limit })) {
          if (spans.size < SPANS_MAX) spans.set(`${span.traceId}/${span.spanId}`, span);
        }
      }
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    problems.push(error);
  }
  return { spans: [...spans.values()], problems };
}

export function slicesOf({ fromMs, toMs }: TelemetryWindow, atMs: number): readonly TelemetryWindow[] {
  const incidentMs = Math.max(fromMs, atMs - (atMs - fromMs) * INCIDENT_SHARE);
  const bounds = Array.from(
    { length: SLICES_BEFORE + 1 },
    (_, index) => fromMs + ((incidentMs - fromMs) * index) / SLICES_BEFORE,
  );
  return [...bounds, toMs].slice(1).map((end, index) => ({ fromMs: bounds[index] ?? fromMs, toMs: end }));
}

type Api = { readonly services: readonly string[]; readonly traces: (query: Query) => Promise<readonly Span[]> };

/** Which API this Jaeger speaks, by the list of services. @throws SourceError */
async function apiOf(http: SourceHttp): Promise<Api> {
  const v3 = await getJson(http, '/api/v3/services');
  const services = z.looseObject({ services: z.array(z.string()).default([]) }).safeParse(v3.body);
  // An older query service answers unknown paths with its page.
  if (v3.status === 200 && services.success) {
    return { services: services.data.services, traces: (query) => tracesV3(http, query) };
  }
  const v1 = await getJson(http, '/api/services');
  const listed = z.looseObject({ data: z.array(z.string()).nullable() }).safeParse(v1.body);
  if (v1.status === 200 && listed.success) {
    return { services: listed.data.data ?? [], traces: (query) => tracesV1(http, query) };
  }
  throw new SourceError({
    code: 'source-refused',
    source: SOURCE,
    status: v1.status,
    why: `neither /api/v3/services (${v3.status}) nor /api/services lists services`,
  });
}

async function tracesV3(http: SourceHttp, { service, window, limit }: Query): Promise<readonly Span[]> {
  const parameters = new URLSearchParams({
    'query.service_name': service,
    'query.start_time_min': new Date(window.fromMs).toISOString(),
    'query.start_time_max': new Date(window.toMs).toISOString(),
    // The newer name and the older one; each ignores the other.
    'query.search_depth': String(limit),
    'query.num_traces': String(limit),
  });
  const answer = await getJson(http, `/api/v3/traces?${parameters}`);
  // 404 means that there are none.
  if (answer.status === 404) return [];
  accept(answer);
  const chunks = Array.isArray(answer.body) ? answer.body : [answer.body];
  return chunks.flatMap((chunk: unknown) => decoded(() => decodeSpans(resultOf(chunk)).items));
}

const resultOf = (chunk: unknown): unknown =>
  typeof chunk === 'object' && chunk !== null && 'result' in chunk ? chunk.result : chunk;

async function tracesV1(http: SourceHttp, { service, window, limit }: Query): Promise<readonly Span[]> {
  const parameters = new URLSearchParams({
    service,
    start: String(Math.round(window.fromMs * MICROS_PER_MS)),
    end: String(Math.round(window.toMs * MICROS_PER_MS)),
    limit: String(limit),
  });
  const answer = await getJson(http, `/api/traces?${parameters}`);
  if (answer.status === 404) return [];
  accept(answer);
  return decoded(() => decodeJaegerV1(answer.body).items);
}

/** @throws SourceError */
function accept({ status }: JsonAnswer): void {
  if (status !== 200) {
    throw new SourceError({ code: 'source-refused', source: SOURCE, status, why: 'a search for traces failed' });
  }
}

/** @throws SourceError instead of what the decoder throws */
function decoded(decode: () => readonly Span[]): readonly Span[] {
  try {
    return decode();
  } catch (error) {
    throw new SourceError({ code: 'answer-invalid', source: SOURCE, why: 'not traces' }, { cause: error });
  }
}
