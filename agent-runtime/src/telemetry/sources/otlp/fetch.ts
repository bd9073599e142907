/** Spans and logs from a receiver of this project (receiver.ts). */
import type { LogRecord, Span, TelemetryWindow } from '../../../analysis/types.ts';
import { authorization, type TelemetryConfig } from '../config.ts';
import { SourceError } from '../errors.ts';
import { getJson, type SourceHttp } from '../http.ts';
import { decodeLogs, decodeSpans } from './decode.ts';

const SOURCE = 'otlp';

export type RecordsFetched = {
  readonly spans: readonly Span[];
  readonly logs: readonly LogRecord[];
  readonly problems: readonly SourceError[];
};

/** Never throws: what failed is among the problems. */
export async function fetchReceived(
  config: NonNullable<TelemetryConfig['otlp']>,
  { fromMs, toMs }: TelemetryWindow,
): Promise<RecordsFetched> {
  const problems: SourceError[] = [];
  const read = async <Item>(path: string, decode: (body: unknown) => readonly Item[]): Promise<readonly Item[]> => {
    try {
      const http: SourceHttp = { source: SOURCE, ...config, headers: authorization(SOURCE, config.tokenFile) };
      const { status, body } = await getJson(http, `${path}?from=${fromMs}&to=${toMs}`);
      if (status !== 200) throw new SourceError({ code: 'source-refused', source: SOURCE, status, why: path });
      return decode(body);
    } catch (error) {
      const known = error instanceof SourceError;
      problems.push(
        known ? error : new SourceError({ code: 'answer-invalid', source: SOURCE, why: path }, { cause: error }),
      );
      return [];
    }
  };
  const spans = await read('/v1/traces', (body) => decodeSpans(body).items);
  const logs = await read('/v1/logs', (body) => decodeLogs(body).items);
  return { spans, logs, problems };
}
