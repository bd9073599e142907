/** Fetches an export part by part, as the node hands it out, and passes it on as one: nothing is held but one chunk. */

export const TABLES = ['blocks', 'transactions', 'events', 'settlements'] as const;
export type TableName = (typeof TABLES)[number];
export const FORMATS = ['csv', 'json', 'ndjson'] as const;
export type FileFormat = (typeof FORMATS)[number];

export interface DownloadOptions {
  /** Of a node's gateway. */
  readonly url: string;
  readonly what: TableName;
  readonly format: FileFormat;
  /** Heights, inclusive; the whole chain where they are absent. */
  readonly from?: number;
  readonly to?: number;
  /** Resolves when more may be written. */
  readonly write: (text: string) => Promise<void>;
  readonly fetch: typeof fetch;
}

export interface Download {
  readonly rows: number;
  readonly parts: number;
}

/** Milliseconds without a byte after which a node counts as gone. */
const SILENCE_MS_MAX = 60_000;

/** @throws Error what the node said, or that it said nothing */
async function partOf(url: URL, { fetch }: DownloadOptions, silence: AbortController): Promise<Response> {
  const timer = setTimeout(() => silence.abort(), SILENCE_MS_MAX);
  const response = await fetch(url, { signal: silence.signal })
    .catch((error: unknown) => {
      throw new Error(`${url.origin} does not answer`, { cause: error });
    })
    .finally(() => clearTimeout(timer));
  if (response.ok && response.body) return response;
  const { detail = response.statusText } = (await response.json().catch(() => ({}))) as { readonly detail?: string };
  throw new Error(`${url.pathname}: ${response.status} ${detail}`);
}

/** Gives up on a node that falls silent; a slow disk on this side is no silence. */
async function* heard(body: AsyncIterable<Uint8Array>, silence: AbortController): AsyncGenerator<Uint8Array> {
  const listen = () => setTimeout(() => silence.abort(), SILENCE_MS_MAX);
  let timer = listen();
  try {
    for await (const chunk of body) {
      clearTimeout(timer);
      yield chunk;
      timer = listen();
    }
  } finally {
    clearTimeout(timer);
  }
}

/** Path of the part after this one (RFC 8288). */
const nextOf = (response: Response): string | undefined =>
  /<([^>]+)>;\s*rel="?next"?/.exec(response.headers.get('link') ?? '')?.[1];

/** Lines of a body, each with its line break. Quoted line breaks of CSV may split a record: its parts are lines too. */
async function* linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let rest = '';
  for await (const chunk of body) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split(/(?<=\n)/);
    rest = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '');
    yield* lines;
  }
  rest += decoder.decode();
  if (rest !== '') yield rest;
}

/** An odd number of quotes: the record goes on behind its line break. */
const opensQuote = (line: string): boolean => (line.split('"').length - 1) % 2 === 1;

/** Records of one part, the heading of CSV among them. */
async function* recordsOf(lines: AsyncIterable<string>, isCsv: boolean): AsyncGenerator<string> {
  let record = '';
  for await (const line of lines) {
    record += line;
    if (isCsv && opensQuote(record)) continue;
    yield record;
    record = '';
  }
  if (record !== '') throw new Error('the export broke off in the middle of a record');
}

/** Downloads a table. JSON is put together here: a part that is complete in itself cannot simply follow another. */
export async function downloadExport(options: DownloadOptions): Promise<Download> {
  const { url, what, format, from, to, write } = options;
  const isCsv = format === 'csv';
  const query = new URLSearchParams({
    ...(from !== undefined && { from: String(from) }),
    ...(to !== undefined && { to: String(to) }),
  });
  let next: string | undefined = `/api/export/${what}.${isCsv ? 'csv' : 'ndjson'}?${query}`;
  let rows = 0;
  let parts = 0;
  if (format === 'json') await write('[');
  while (next !== undefined) {
    const silence = new AbortController();
    const response = await partOf(new URL(next, url), options, silence);
    const body = heard(response.body as AsyncIterable<Uint8Array>, silence);
    let isHeading = isCsv;
    for await (const record of recordsOf(linesOf(body), isCsv)) {
      if (!isHeading) rows += 1;
      if (format === 'json') await write(`${rows === 1 ? '\n' : ',\n'}${record.trimEnd()}`);
      else if (!isHeading || parts === 0) await write(record);
      isHeading = false;
    }
    parts += 1;
    next = nextOf(response);
  }
  if (format === 'json') await write('\n]\n');
  return { rows, parts };
}
