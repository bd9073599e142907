/**
 * The file that points agents at live telemetry (config/telemetry.json is one, with the usual metrics of common
 * exporters): where the systems are, and which query measures what. A metric's kind is told to the engine by its name;
 * a name that reads otherwise gets the kind as a prefix.
 */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { metricKind } from '../../analysis/metric-kinds.ts';
import { nameProblem } from '../schemas.ts';
import { AFTER_MS, AFTER_MS_MAX, BEFORE_MS, BEFORE_MS_MAX, QUERIES_MAX, STEP_MS } from './constants.ts';
import { SourceError } from './errors.ts';

export const METRIC_MEANINGS = ['latency', 'errors', 'success', 'saturation', 'traffic', 'other'] as const;
export type MetricMeaning = (typeof METRIC_MEANINGS)[number];

const name = z.string().refine((text) => nameProblem(text) === null, 'a name without control characters');
const endpoint = {
  url: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, '')),
  /** File that holds a bearer token, relative to the configuration. */
  tokenFile: z.string().min(1).optional(),
  timeoutMs: z.int().min(100).max(120_000).optional(),
};

const querySchema = z.strictObject({
  metric: name,
  means: z.enum(METRIC_MEANINGS),
  /** PromQL. `$node` stands for the labels that name a node, `$window` for the window of rates. */
  query: z.string().min(1).max(2_000),
  /** Label whose value is appended to the metric's name, such as the callee of a call. */
  part: z.string().min(1).optional(),
});

export const telemetryConfigSchema = z.strictObject({
  window: z
    .strictObject({
      beforeMs: z.int().min(10_000).max(BEFORE_MS_MAX).default(BEFORE_MS),
      afterMs: z.int().min(0).max(AFTER_MS_MAX).default(AFTER_MS),
      stepMs: z.int().min(1_000).max(600_000).default(STEP_MS),
    })
    .prefault({}),
  prometheus: z
    .strictObject({
      ...endpoint,
      /** Labels that may name a node, the most exact first. */
      nodeLabels: z
        .array(z.string().regex(/^[a-zA-Z_]\w*$/))
        .min(1)
        .max(8)
        .default(['service', 'service_name', 'job']),
      /** Window of rates, in milliseconds; four steps by default. */
      rateWindowMs: z.int().min(1_000).max(3_600_000).optional(),
      queries: z.array(querySchema).min(1).max(QUERIES_MAX),
      /** Instant queries whose result has a caller and a callee label. */
      edges: z
        .array(z.strictObject({ query: z.string().min(1).max(2_000), caller: name, callee: name }))
        .max(10)
        .default([]),
    })
    .optional(),
  jaeger: z
    .strictObject({
      ...endpoint,
      /** Services to ask for; every one that Jaeger knows when left out. */
      services: z.array(name).max(100).optional(),
    })
    .optional(),
  /** A receiver of this project (npm run collector). */
  otlp: z.strictObject(endpoint).optional(),
  topology: z.strictObject({ edges: z.array(z.tuple([name, name])).max(20_000) }).optional(),
});

export type TelemetryConfig = z.infer<typeof telemetryConfigSchema>;
export type PrometheusConfig = NonNullable<TelemetryConfig['prometheus']>;
export type JaegerConfig = NonNullable<TelemetryConfig['jaeger']>;
export type MetricQuery = PrometheusConfig['queries'][number];

/** @throws SourceError `config-invalid`, naming the field */
export function readTelemetryConfig(file: string): TelemetryConfig {
  const invalid = (why: string, cause?: unknown): SourceError =>
    new SourceError({ code: 'config-invalid', source: file, why }, { cause });
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : 'cannot be read', error);
  }
  const parsed = telemetryConfigSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(`${issue?.path.join('.') || 'file'}: ${issue?.message ?? 'is not accepted'}`, parsed.error);
  }
  const { prometheus, jaeger, otlp, ...rest } = parsed.data;
  const here = <E extends { readonly tokenFile?: string | undefined }>(part: E): E =>
    part.tokenFile === undefined ? part : { ...part, tokenFile: resolve(dirname(file), part.tokenFile) };
  return {
    ...rest,
    ...(prometheus && { prometheus: here(prometheus) }),
    ...(jaeger && { jaeger: here(jaeger) }),
    ...(otlp && { otlp: here(otlp) }),
  };
}

/** Header of a bearer token. @throws SourceError `config-invalid` when its file cannot be read */
export function authorization(source: string, tokenFile: string | undefined): Readonly<Record<string, string>> {
  if (tokenFile === undefined) return {};
  try {
    return { authorization: `Bearer ${readFileSync(tokenFile, 'utf8').trim()}` };
  } catch (error) {
    throw new SourceError({ code: 'config-invalid', source, why: `no token in ${tokenFile}` }, { cause: error });
  }
}

/** What the engine reads from a name as this meaning. */
const KIND_OF: Readonly<Record<MetricMeaning, string>> = {
  latency: 'latency',
  errors: 'error',
  success: 'success',
  saturation: 'saturation',
  traffic: 'traffic',
  other: 'other',
};

/** The metric's name as the engine will read it in the meaning that the configuration gives it. */
export function nameInMeaning(metric: string, means: MetricMeaning): string {
  const kind = KIND_OF[means];
  if (metricKind(metric) === kind || means === 'other') return metric;
  return `${kind}:${metric}`;
}
