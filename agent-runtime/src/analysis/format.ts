/** Turns measured numbers and times into text without changing them, and probabilities into thousandths. */
import type { MetricUnit } from './findings.ts';
import { clamp } from './statistics.ts';

/**
 * The shortest decimal text that reads back as exactly `value`, never in exponent notation and always with a fraction:
 * `22220` -> `22220.0`. Lets products carry measured values without floats.
 */
export function decimal(value: number): string {
  if (!Number.isFinite(value)) return '0.0';
  const text = plain(value);
  return text.includes('.') ? text : `${text}.0`;
}

/** For values that were computed rather than measured: the noise of arithmetic is cut off after six digits. */
export function decimalRounded(value: number): string {
  return decimal(Number.isFinite(value) ? Number(value.toPrecision(6)) : 0);
}

/** As {@link decimal}, but for reading: whole numbers stay whole. */
export function plain(value: number): string {
  const text = String(Object.is(value, -0) ? 0 : value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign = '', first = '0', rest = '', exponent = '0'] = match;
  const digits = first + rest;
  const point = 1 + Number(exponent);
  if (point <= 0) return `${sign}0.${'0'.repeat(-point)}${digits}`;
  return `${sign}${digits.padEnd(point, '0')}`;
}

/** Integer 0..1000, rounded down, so that shares of a whole never add up to more than it. */
export function thousandths(share: number): number {
  return Number.isFinite(share) ? Math.floor(clamp(share, 0, 1) * 1000) : 0;
}

const TIME_MS_MAX = 8.64e15;

/** ISO 8601 in UTC; `unknown` outside the range of dates. */
export function isoTime(atMs: number): string {
  return Math.abs(atMs) <= TIME_MS_MAX ? new Date(atMs).toISOString() : 'unknown';
}

/** `2023-10-15 14:00 UTC`; with seconds only when they are not zero. */
export function readableTime(atMs: number): string {
  const iso = isoTime(atMs);
  if (iso === 'unknown') return iso;
  const [date = '', time = ''] = iso.split('T');
  return `${date} ${time.startsWith('00', 6) ? time.slice(0, 5) : time.slice(0, 8)} UTC`;
}

const SHOWN_DIGITS = 4;
const WHOLE_FROM = 10 ** (SHOWN_DIGITS - 1);

const UNIT_TEXT: Readonly<Record<MetricUnit, string>> = {
  ms: ' ms',
  s: ' s',
  us: ' us',
  ns: ' ns',
  bytes: ' bytes',
  percent: ' %',
  fraction: '',
  none: '',
};

/** For reading: four significant digits, and never fewer than the whole part has. `decimal` keeps all of them. */
export function withUnit(value: number, unit: MetricUnit): string {
  const shown = Math.abs(value) >= WHOLE_FROM ? Math.round(value) : Number(value.toPrecision(SHOWN_DIGITS));
  return `${plain(Number.isFinite(value) ? shown : value)}${UNIT_TEXT[unit]}`;
}

/** Length in UTF-8 of well-formed text, without encoding it. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}
