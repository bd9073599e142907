/**
 * The gateway's live stream over fetch: browsers and Node alike. It reconnects by itself, resumes after the newest
 * block that it has seen, and ends when it is told to.
 */
import type { z } from 'zod';
import { streamSchemas } from '../protocol/api/index.ts';
import { RECONNECT_MS_MAX, RECONNECT_MS_MIN, STREAM_SILENCE_MS_MAX } from './constants.ts';
import { AnswerError } from './errors.ts';
import { createEventParser, type ServerEvent } from './event-parser.ts';
import { type Http, problemOf } from './http.ts';

export type BlockNotice = z.infer<(typeof streamSchemas)['block']>;
export type StreamLogLine = z.infer<(typeof streamSchemas)['log']>;
export type NodeStatus = z.infer<(typeof streamSchemas)['status']>;
export type ResetNotice = z.infer<(typeof streamSchemas)['reset']>;

export interface StreamOptions {
  readonly onBlock?: (block: BlockNotice) => void;
  /** After a reconnection a line may come again: its id says so. */
  readonly onLog?: (line: StreamLogLine) => void;
  readonly onStatus?: (status: NodeStatus) => void;
  /** What was loaded so far is void. */
  readonly onReset?: (reset: ResetNotice) => void;
  readonly onOpen?: () => void;
  /** The connection is gone, or an event was unreadable; the stream goes on by itself. */
  readonly onError?: (error: unknown) => void;
  /** Height to resume after. */
  readonly lastEventId?: string;
  /** Ends the stream. */
  readonly signal?: AbortSignal;
}

/** Resolves after the time, or at once when the signal fires. */
const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
  });

/** Aborts when nothing has arrived for too long; `alive` counts from now again. */
function silenceGuard(outer: AbortSignal): { readonly signal: AbortSignal; alive(): void; end(): void } {
  const controller = new AbortController();
  const abort = (): void => controller.abort();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const end = (): void => {
    clearTimeout(timer);
    outer.removeEventListener('abort', abort);
  };
  const alive = (): void => {
    clearTimeout(timer);
    timer = setTimeout(abort, STREAM_SILENCE_MS_MAX);
  };
  outer.addEventListener('abort', abort);
  alive();
  return { signal: controller.signal, alive, end };
}

function dispatch({ name, data }: ServerEvent, options: StreamOptions): void {
  const read = <K extends keyof typeof streamSchemas>(kind: K): z.output<(typeof streamSchemas)[K]> =>
    // One kind in, that kind's schema out; TypeScript does not correlate the two by itself.
    streamSchemas[kind].parse(JSON.parse(data)) as z.output<(typeof streamSchemas)[K]>;
  switch (name) {
    case 'block':
      return options.onBlock?.(read('block'));
    case 'log':
      return options.onLog?.(read('log'));
    case 'status':
      return options.onStatus?.(read('status'));
    case 'reset':
      return options.onReset?.(read('reset'));
    default:
    // A newer gateway may have more to tell.
  }
}

/** Follows the stream until the returned function is called, or the signal fires. */
export function followStream(http: Http, options: StreamOptions): () => void {
  const closing = new AbortController();
  const close = (): void => closing.abort();
  const { signal } = closing;
  options.signal?.addEventListener('abort', close);
  if (options.signal?.aborted) close();
  let lastId = options.lastEventId ?? '';
  let retryMs = RECONNECT_MS_MIN;
  let failures = 0;

  const report = (error: unknown): void => {
    if (!signal.aborted) options.onError?.(error);
  };
  const handle = (event: ServerEvent): void => {
    // After a reset the heights seen so far mean nothing on the new chain.
    lastId = event.id ?? (event.name === 'reset' ? '' : lastId);
    try {
      if (!signal.aborted) dispatch(event, options);
    } catch (error) {
      report(error);
    }
  };

  const readOnce = async (): Promise<void> => {
    const guard = silenceGuard(signal);
    try {
      const headers = { accept: 'text/event-stream' };
      const url = http.url('/api/stream', lastId === '' ? {} : { lastEventId: lastId });
      const response = await http.fetch(url, { headers, cache: 'no-store', signal: guard.signal });
      if (!response.ok) throw await problemOf(response);
      if (response.body === null) throw new AnswerError('UNREADABLE', 'the stream has no body');
      if (signal.aborted) return;
      failures = 0;
      options.onOpen?.();
      const parser = createEventParser();
      const text = new TextDecoder();
      const reader = response.body.getReader();
      for (;;) {
        const { done, value } = await reader.read();
        if (done) break;
        guard.alive();
        for (const event of parser.push(text.decode(value, { stream: true }))) handle(event);
        retryMs = Math.min(parser.retryMs ?? retryMs, RECONNECT_MS_MAX);
      }
      report(new AnswerError('UNREACHABLE', 'the stream ended'));
    } finally {
      guard.end();
    }
  };

  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      await readOnce().catch(report);
      // Up to half of the wait is left to chance, so that the viewers of a restarted node do not all return at once.
      const wait = Math.min(retryMs * 2 ** failures, RECONNECT_MS_MAX) * (0.5 + Math.random() / 2);
      failures += 1;
      await pause(wait, signal);
    }
    options.signal?.removeEventListener('abort', close);
  };
  void run();
  return close;
}
