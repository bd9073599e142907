/** A scrape target that tells of a small shop in the words of Istio, of OpenTelemetry and of older libraries. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Labels = Readonly<Record<string, string>>;

/** Requests a second of every service, and the share that fails. */
export const RATE = 20;
export const ERROR_SHARE = 0.25;
/** Seconds that each request takes. */
export const LATENCY_S = 0.2;
const BOUNDS_S = [0.1, 0.25, 0.5] as const;
const MS_PER_S = 1_000;

const ISTIO_CALLS = [
  ['ingress', 'web'],
  ['web', 'seat'],
  ['unknown', 'seat'],
] as const;

export interface Exporter {
  readonly host: string;
  close(): Promise<void>;
}

/** Serves `/istio`, `/otel` and `/classic`, each as one page of metrics that grow with time. */
export async function startExporter(): Promise<Exporter> {
  const beganMs = performance.now();
  const server = createServer(({ url }, response) => {
    const requests = Math.floor(((performance.now() - beganMs) / MS_PER_S) * RATE);
    const page = { '/istio': istio, '/otel': openTelemetry, '/classic': classic }[url ?? ''];
    response.writeHead(page ? 200 : 404, { 'content-type': 'text/plain; version=0.0.4' }).end(page?.(requests));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}

const line = (name: string, labels: Labels, value: number): string =>
  `${name}{${Object.entries(labels).map(([key, text]) => `${key}="${text}"`)}} ${value}\n`;

/** @param scale 1 for seconds, 1,000 for milliseconds */
function histogram(name: string, labels: Labels, count: number, scale: number): string {
  const buckets = BOUNDS_S.map((bound) =>
    line(`${name}_bucket`, { ...labels, le: String(bound * scale) }, bound < LATENCY_S ? 0 : count),
  );
  return [
    ...buckets,
    line(`${name}_bucket`, { ...labels, le: '+Inf' }, count),
    line(`${name}_sum`, labels, count * LATENCY_S * scale),
    line(`${name}_count`, labels, count),
  ].join('');
}

/** What went well and what failed, as two label sets with their counts. */
const outcomes = (label: string, requests: number): readonly (readonly [Labels, number])[] => {
  const failed = Math.floor(requests * ERROR_SHARE);
  return [
    [{ [label]: '200' }, requests - failed],
    [{ [label]: '503' }, failed],
  ];
};

function istio(requests: number): string {
  return ISTIO_CALLS.flatMap(([source, destination]) =>
    ['source', 'destination'].flatMap((reporter) =>
      outcomes('response_code', requests).flatMap(([code, count]) => {
        const labels = { reporter, source_workload: source, destination_workload: destination, ...code };
        return [
          line('istio_requests_total', labels, count),
          histogram('istio_request_duration_milliseconds', labels, count, MS_PER_S),
        ];
      }),
    ),
  ).join('');
}

function openTelemetry(requests: number): string {
  const own = { service_name: 'checkout' };
  return [
    ...outcomes('http_response_status_code', requests).map(([code, count]) =>
      histogram('http_server_request_duration_seconds', { ...own, ...code }, count, 1),
    ),
    histogram('http_client_request_duration_seconds', { ...own, server_address: 'ledger.shop.svc:8080' }, requests, 1),
    line('jvm_memory_used_bytes', { ...own, area: 'heap' }, Number.NaN),
  ].join('');
}

function classic(requests: number): string {
  return [
    ...outcomes('status', requests).map(([code, count]) => histogram('http_request_duration_seconds', code, count, 1)),
    line('process_resident_memory_bytes', {}, 1e8),
    line('process_cpu_seconds_total', {}, requests / RATE / 2),
  ].join('');
}
