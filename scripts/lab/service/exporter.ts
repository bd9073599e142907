/** Sends spans and logs by OTLP/HTTP JSON, once a second. What cannot be delivered is dropped: telemetry never blocks. */
import { Agent, request } from 'node:http';

const EXPORT_EVERY_MS = 1_000;
/** Records that wait for the next export; a service that makes more is in trouble anyway. */
const WAITING_MAX = 5_000;
const EXPORT_TIMEOUT_MS = 3_000;

export type Attribute = { readonly key: string; readonly value: Readonly<Record<string, string | number>> };
export const text = (key: string, value: string): Attribute => ({ key, value: { stringValue: value } });

export type Exporter = {
  readonly span: (span: object) => void;
  readonly log: (record: object) => void;
  readonly flush: () => void;
};

export function createExporter(collector: string, service: string): Exporter {
  const resource = {
    attributes: [text('service.name', service), { key: 'process.pid', value: { intValue: process.pid } }],
  };
  const scope = { name: 'lab' };
  const agent = new Agent({ keepAlive: true, maxSockets: 2 });
  let spans: object[] = [];
  let logs: object[] = [];
  const post = (path: string, body: object): void => {
    const sent = request(`${collector}${path}`, {
      method: 'POST',
      agent,
      timeout: EXPORT_TIMEOUT_MS,
      headers: { 'content-type': 'application/json' },
    });
    sent.on('response', (response) => response.resume());
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => {});
    sent.end(JSON.stringify(body));
  };
  const flush = (): void => {
    if (spans.length > 0) post('/v1/traces', { resourceSpans: [{ resource, scopeSpans: [{ scope, spans }] }] });
    if (logs.length > 0) post('/v1/logs', { resourceLogs: [{ resource, scopeLogs: [{ scope, logRecords: logs }] }] });
    spans = [];
    logs = [];
  };
  setInterval(flush, EXPORT_EVERY_MS).unref();
  return {
    span: (span) => {
      if (spans.length < WAITING_MAX) spans.push(span);
    },
    log: (record) => {
      if (logs.length < WAITING_MAX) logs.push(record);
    },
    flush,
  };
}
