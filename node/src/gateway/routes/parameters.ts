/** Path parameters that several routes take. */
import { z } from 'zod';

/** Digits only: a number in any other spelling is another resource. */
export const heightParameter = z
  .string()
  .regex(/^(0|[1-9]\d{0,14})$/, 'a height')
  .transform(Number);
