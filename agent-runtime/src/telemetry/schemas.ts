/** Shapes of a capture folder's JSON files, and the parsers of its times and names. */
import { z } from 'zod';
import { LOG_MESSAGE_CHARACTERS_MAX, NAME_CHARACTERS_MAX, TIME_CACHE_MAX, TITLE_CHARACTERS_MAX } from './constants.ts';

/** Ids stand in URLs and on the command line; they are looked up, never used as a path. */
export const captureIdSchema = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/);

/** Names are quoted in prompts, products and logs: no control characters, nothing that is not text. */
export function nameProblem(name: string): string | null {
  if (name === '') return 'empty name';
  if (name.length > NAME_CHARACTERS_MAX) return `name longer than ${NAME_CHARACTERS_MAX} characters`;
  if (/[\p{Cc}\p{Zl}\p{Zp}]/u.test(name) || !name.isWellFormed()) return 'name with control characters';
  return null;
}

const nameSchema = z.string().superRefine((name, context) => {
  const problem = nameProblem(name);
  if (problem !== null) context.addIssue({ code: 'custom', message: problem });
});

const timeTextSchema = z.iso.datetime({ offset: true });

/** ISO 8601 with a zone, to milliseconds since the epoch; `null` for anything else. */
export function createTimeParser(): (text: string) => number | null {
  const known = new Map<string, number | null>();
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    const atMs = timeTextSchema.safeParse(text).success ? Date.parse(text) : null;
    if (known.size < TIME_CACHE_MAX) known.set(text, atMs);
    return atMs;
  };
}

const timeSchema = timeTextSchema.transform((text) => Date.parse(text));

/** capture.json */
export const captureSchema = z
  .object({
    id: captureIdSchema,
    title: z.string().min(1).max(TITLE_CHARACTERS_MAX),
    alert: z.object({ node: nameSchema, metric: nameSchema, at: timeSchema }),
    window: z.object({ from: timeSchema, to: timeSchema }),
  })
  .refine(({ alert, window }) => window.from < alert.at && alert.at <= window.to, {
    message: 'the alert must lie inside the window, after its beginning',
  });

export type CaptureDescription = z.infer<typeof captureSchema>;

const NANOSECONDS_PER_MICROSECOND = 1_000n;

/** Nanoseconds exceed what a number holds exactly: text or safe integer, kept to the microsecond. */
const nanosecondsSchema = z
  .union([z.string().regex(/^\d{1,19}$/), z.int().nonnegative()])
  .transform((nanoseconds) => Number(BigInt(nanoseconds) / NANOSECONDS_PER_MICROSECOND) / 1000);

/** One line of spans.jsonl; further fields are ignored. */
export const spanSchema = z.object({
  traceId: nameSchema,
  spanId: nameSchema,
  parentSpanId: z.union([nameSchema, z.literal('')]).nullish(),
  node: nameSchema,
  operation: nameSchema,
  startUnixNano: nanosecondsSchema,
  durationNano: nanosecondsSchema,
  status: z.enum(['unset', 'ok', 'error']).default('unset'),
});

/** One line of logs.jsonl; further fields are ignored. */
export const logSchema = z.object({
  timestamp: timeSchema,
  node: nameSchema,
  level: nameSchema,
  message: z.string().transform((message) => message.slice(0, LOG_MESSAGE_CHARACTERS_MAX).toWellFormed()),
  traceId: nameSchema.nullish(),
});
