/**
 * A receiver of OTLP/HTTP JSON that keeps the newest spans and logs, so that agents can ask for those around an alert:
 * POST takes what exporters send, GET with `from` and `to` (milliseconds) gives it back in the same form.
 * For systems that have no tracing backend; loopback by default, as it asks nobody who they are.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { ZodError } from 'zod';
import type { LogRecord, Span } from '../../../analysis/types.ts';
import { EXPORT_BYTES_MAX, EXPORT_PLAIN_BYTES_MAX, RECEIVED_LOGS_MAX, RECEIVED_SPANS_MAX } from '../constants.ts';
import { RecentRecords } from './buffer.ts';
import { type Decoded, decodeLogs, decodeSpans } from './decode.ts';
import { encodeLogs, encodeSpans } from './encode.ts';

export interface OtlpReceiver {
  /** Base URL: exporters add `/v1/traces` and `/v1/logs`. */
  readonly url: string;
  readonly spans: RecentRecords<Span>;
  readonly logs: RecentRecords<LogRecord>;
  close(): Promise<void>;
}

export interface ReceiverOptions {
  readonly host?: string;
  /** 0 takes any free one. */
  readonly port?: number;
  readonly spansMax?: number;
  readonly logsMax?: number;
}

/** An answer that is not a success. `message` goes to the client. */
class HttpRefusal extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const unzip = promisify(gunzip);

/** @throws Error of the platform when the port is taken */
export async function startOtlpReceiver(options: ReceiverOptions = {}): Promise<OtlpReceiver> {
  const spans = new RecentRecords<Span>(options.spansMax ?? RECEIVED_SPANS_MAX, ({ startMs }) => startMs);
  const logs = new RecentRecords<LogRecord>(options.logsMax ?? RECEIVED_LOGS_MAX, ({ atMs }) => atMs);
  const signals = new Map<string, Signal>([
    ['/v1/traces', signal(spans, decodeSpans, encodeSpans, 'rejectedSpans')],
    ['/v1/logs', signal(logs, decodeLogs, encodeLogs, 'rejectedLogRecords')],
  ]);
  const server = createServer((request, response) => {
    answer(signals, request)
      .catch((error: unknown) => refusalOf(error))
      .then(({ status, body }) => send(response, status, body));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, options.host ?? '127.0.0.1', resolve);
  });
  const { address, port } = server.address() as AddressInfo; // of a listening TCP server
  return {
    url: `http://${address.includes(':') ? `[${address}]` : address}:${port}`,
    spans,
    logs,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Answer = { readonly status: number; readonly body: object };
type Signal = {
  readonly take: (body: unknown) => object;
  readonly give: (fromMs: number, toMs: number) => object;
};

function signal<Item>(
  records: RecentRecords<Item>,
  decode: (body: unknown) => Decoded<Item>,
  encode: (items: readonly Item[]) => object,
  rejectedName: string,
): Signal {
  return {
    take: (body) => {
      const { items, rejected } = decode(body);
      records.add(items);
      return rejected === 0 ? {} : { partialSuccess: { [rejectedName]: rejected, errorMessage: 'malformed records' } };
    },
    give: (fromMs, toMs) => encode(records.between(fromMs, toMs)),
  };
}

async function answer(signals: ReadonlyMap<string, Signal>, request: IncomingMessage): Promise<Answer> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const asked = signals.get(pathname);
  if (asked === undefined) throw new HttpRefusal(404, 'POST or GET /v1/traces or /v1/logs');
  if (request.method === 'POST') return { status: 200, body: asked.take(await jsonOf(request)) };
  if (request.method !== 'GET') throw new HttpRefusal(405, 'POST or GET');
  const [from, to] = [searchParams.get('from'), searchParams.get('to')].map((text) => Number(text ?? Number.NaN));
  if (!Number.isFinite(from) || !Number.isFinite(to)) throw new HttpRefusal(400, 'from and to: milliseconds');
  return { status: 200, body: asked.give(from ?? 0, to ?? 0) };
}

async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('application/json')) {
    throw new HttpRefusal(415, 'OTLP/HTTP JSON only: set the exporter to http/json');
  }
  const raw = await bytesOf(request);
  const plain = request.headers['content-encoding'] === 'gzip' ? await unzipped(raw) : raw;
  try {
    return JSON.parse(plain.toString('utf8'));
  } catch {
    throw new HttpRefusal(400, 'not JSON');
  }
}

async function bytesOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > EXPORT_BYTES_MAX) throw new HttpRefusal(413, `more than ${EXPORT_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function unzipped(raw: Buffer): Promise<Buffer> {
  try {
    return await unzip(raw, { maxOutputLength: EXPORT_PLAIN_BYTES_MAX });
  } catch (error) {
    const large = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw large ? new HttpRefusal(413, 'too large once decompressed') : new HttpRefusal(400, 'not gzip');
  }
}

function refusalOf(error: unknown): Answer {
  if (error instanceof HttpRefusal) return { status: error.status, body: { message: error.message } };
  if (error instanceof ZodError) return { status: 400, body: { message: 'not an OTLP export' } };
  return { status: 500, body: { message: 'internal error' } };
}

function send(response: ServerResponse, status: number, body: object): void {
  // An oversized body is not read to its end; the connection cannot be used again.
  const headers = { 'content-type': 'application/json', ...(status === 413 && { connection: 'close' }) };
  response.writeHead(status, headers).end(JSON.stringify(body));
}
