/**
 * Numbers, times and hashes for people. Everything that depends on the language comes from `createFormatters`, built on
 * Intl, so that no component formats by hand.
 */
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const KIBIBYTE = 1_024;

export interface Formatters {
  /** Grouped integer or decimal with at most `fractionDigits` (3) digits after the point. */
  number(value: number, fractionDigits?: number): string;
  /** With an explicit sign: `+800`, `-50`. */
  signed(value: number): string;
  /** Thousandths as a percentage: 751 -> `75.1%`. */
  percent(thousandths: number): string;
  /** Voting weight, held in thousandths: 4200 -> `4.2`. */
  weight(thousandths: number): string;
  /** Date and time of day, to the second, in the reader's time zone. */
  dateTime(timeMs: number): string;
  /** Time of day with milliseconds, for lines of a log. */
  timeOfDay(timeMs: number): string;
  /** `12 seconds ago` */
  ago(timeMs: number, nowMs: number): string;
  /** Length of time in its two largest units: `1m 5s`, `450ms`. */
  duration(lengthMs: number): string;
  bytes(count: number): string;
}

const DURATION_UNITS = [
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', MINUTE_MS],
  ['second', SECOND_MS],
] as const;

/** The largest two units of a length of time, `0 second` for anything shorter. */
export function durationParts(lengthMs: number): readonly (readonly [unit: string, count: number])[] {
  const parts: [string, number][] = [];
  let rest = Math.max(0, lengthMs);
  for (const [unit, unitMs] of DURATION_UNITS) {
    const count = Math.floor(rest / unitMs);
    rest -= count * unitMs;
    if (count > 0) parts.push([unit, count]);
  }
  return parts.length === 0 ? [['second', 0]] : parts.slice(0, 2);
}

/** The unit in which a distance of time reads best, and the signed count of it. */
export function relativeParts(
  differenceMs: number,
): readonly [count: number, unit: 'second' | 'minute' | 'hour' | 'day'] {
  const size = Math.abs(differenceMs);
  if (size < MINUTE_MS) return [Math.trunc(differenceMs / SECOND_MS), 'second'];
  if (size < HOUR_MS) return [Math.trunc(differenceMs / MINUTE_MS), 'minute'];
  if (size < DAY_MS) return [Math.trunc(differenceMs / HOUR_MS), 'hour'];
  return [Math.trunc(differenceMs / DAY_MS), 'day'];
}

export function createFormatters(locale: string, timeZone?: string): Formatters {
  const zone = timeZone === undefined ? {} : { timeZone };
  const decimals = new Map<number, Intl.NumberFormat>();
  const decimal = (digits: number): Intl.NumberFormat => {
    const known = decimals.get(digits) ?? new Intl.NumberFormat(locale, { maximumFractionDigits: digits });
    decimals.set(digits, known);
    return known;
  };
  const sign = new Intl.NumberFormat(locale, { signDisplay: 'exceptZero', maximumFractionDigits: 3 });
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const date = new Intl.DateTimeFormat(locale, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
    ...zone,
  });
  const clock = new Intl.DateTimeFormat(locale, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    fractionalSecondDigits: 3,
    hour12: false,
    ...zone,
  });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const unit = (name: string, value: number, digits = 0): string =>
    new Intl.NumberFormat(locale, {
      style: 'unit',
      unit: name,
      unitDisplay: 'narrow',
      maximumFractionDigits: digits,
    }).format(value);

  return {
    number: (value, fractionDigits = 3) => decimal(fractionDigits).format(value),
    signed: (value) => sign.format(value),
    percent: (thousandths) => percent.format(thousandths / 1_000),
    weight: (thousandths) => decimal(3).format(thousandths / 1_000),
    dateTime: (timeMs) => date.format(timeMs),
    timeOfDay: (timeMs) => clock.format(timeMs),
    ago: (timeMs, nowMs) => relative.format(...relativeParts(Math.min(0, timeMs - nowMs))),
    duration: (lengthMs) =>
      lengthMs > 0 && lengthMs < SECOND_MS
        ? unit('millisecond', lengthMs)
        : durationParts(lengthMs)
            .map(([name, count]) => unit(name, count))
            .join(' '),
    bytes: (count) => (count < KIBIBYTE ? unit('byte', count) : unit('kilobyte', count / KIBIBYTE, 1)),
  };
}

/** Head and tail of a hash or an address; short strings stay whole. */
export function shortHash(hash: string, head = 8, tail = 6): string {
  return hash.length <= head + tail + 1 ? hash : `${hash.slice(0, head)}…${hash.slice(-tail)}`;
}

/** A measured value, carried as decimal text; text that is no number stays as it is. */
export function formatDecimal(format: Formatters, text: string): string {
  const value = Number(text);
  return Number.isFinite(value) ? format.number(value) : text;
}
