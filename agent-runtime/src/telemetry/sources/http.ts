/** One bounded HTTP GET for JSON: a time limit, a size limit, and an error that says which system and what happened. */
import { ANSWER_BYTES_MAX, REQUEST_TIMEOUT_MS, REQUESTS_AT_ONCE } from './constants.ts';
import { SourceError } from './errors.ts';

export type SourceHttp = {
  /** What the configuration calls the system, for errors. */
  readonly source: string;
  /** Base URL, without a slash at the end. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutMs?: number | undefined;
  readonly bytesMax?: number | undefined;
};

export type JsonAnswer = {
  readonly status: number;
  /** Undefined when the body is not JSON; several documents in a row (a stream) come as one array. */
  readonly body: unknown;
};

/** Also gives answers that are not a success: some APIs say with them what they want. @throws SourceError */
export async function getJson(http: SourceHttp, path: string): Promise<JsonAnswer> {
  const { source, url, headers, timeoutMs = REQUEST_TIMEOUT_MS, bytesMax = ANSWER_BYTES_MAX } = http;
  try {
    // The signal covers the body too: a server may begin to answer and never end.
    const response = await fetch(`${url}${path}`, {
      headers: { accept: 'application/json', ...headers },
      signal: AbortSignal.timeout(timeoutMs),
      // A redirect would carry the credentials somewhere that nobody has configured.
      redirect: 'error',
    });
    return { status: response.status, body: documentsIn(await textOf(response, source, bytesMax)) };
  } catch (error) {
    if (error instanceof SourceError) throw error;
    if (error instanceof Error && error.name === 'TimeoutError') {
      throw new SourceError({ code: 'source-timeout', source, afterMs: timeoutMs }, { cause: error });
    }
    throw new SourceError({ code: 'source-unreachable', source, why: reasonOf(error) }, { cause: error });
  }
}

async function textOf(response: Response, source: string, bytesMax: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  // fetch decompresses: what is counted is what would be held.
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > bytesMax) throw new SourceError({ code: 'answer-too-large', source, what: 'bytes', max: bytesMax });
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

/** One JSON document, or a list of those that stand in lines; undefined when the text is neither. */
export function documentsIn(text: string): unknown {
  const whole = parsed(text);
  if (whole !== undefined) return whole;
  const documents = text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(parsed);
  return documents.length === 0 || documents.includes(undefined) ? undefined : documents;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** fetch wraps what happened ("fetch failed"): the cause names it. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  if (!(cause instanceof Error)) return error.message;
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : cause.message || error.message;
}

/** Runs jobs a few at a time, in order; none of them may throw. */
export async function inTurns<Job, Result>(
  jobs: readonly Job[],
  run: (job: Job) => Promise<Result>,
  atOnce = REQUESTS_AT_ONCE,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = [...jobs.entries()];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, job] = next;
      results[index] = await run(job);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, jobs.length) }, worker));
  return results;
}
