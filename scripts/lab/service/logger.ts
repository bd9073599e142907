/** JSON logs: a line on standard output and an OTLP log record each. */
import type { Exporter } from './exporter.ts';
import type { TraceContext } from './tracer.ts';

export type LogLevel = 'INFO' | 'WARN' | 'ERROR';
export type Logger = (level: LogLevel, message: string, trace?: TraceContext) => void;

/** Numbers of the OpenTelemetry protocol. */
const SEVERITY: Readonly<Record<LogLevel, number>> = { INFO: 9, WARN: 13, ERROR: 17 };

export function createLogger(service: string, exporter: Exporter): Logger {
  return (level, message, trace) => {
    const at = Date.now();
    const traceId = trace?.traceId;
    const line = { timestamp: new Date(at).toISOString(), service, level, message, ...(traceId && { traceId }) };
    process.stdout.write(`${JSON.stringify(line)}\n`);
    exporter.log({
      timeUnixNano: `${at}000000`,
      severityNumber: SEVERITY[level],
      severityText: level,
      body: { stringValue: message },
      ...(traceId && { traceId }),
    });
  };
}
