import { z } from 'zod';
import { address, hash, integer } from '../calls.ts';
import { ADMISSION_CODES, FAILURE_CODES, HTTP_CODES } from '../errors.ts';
import { ROLES } from '../roles.ts';

/** Items that one page of any listing may hold. */
export const PAGE_LIMIT_MAX = 200;
export const PAGE_LIMIT_DEFAULT = 50;

export const role = z.enum(ROLES);
export const json = z.unknown();
export const eventData = z.record(z.string(), z.unknown());

/** Problem details (RFC 9457) with a stable code. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  code: z.enum([...ADMISSION_CODES, ...FAILURE_CODES, ...HTTP_CODES]),
  detail: z.string(),
  /** For a refused body or parameter: where, and what was wanted. */
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export const partySchema = z.object({ address, name: z.string(), role: role.nullable() });
export type Party = z.infer<typeof partySchema>;

export const eventSchema = z.object({
  /** `height.receipt.index`: a total order over the chain. */
  id: z.string(),
  height: integer,
  timestampMs: integer,
  /** 64 zeros for what the chain itself did: deadlines, decisions, settlements. */
  transaction: hash,
  name: z.string(),
  data: eventData,
});
export type EventView = z.infer<typeof eventSchema>;

/** A page of a listing, newest first; `next` goes into the next request's `before`. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() });
