/** The chain counts incidents, so that everybody can name the newest ones. */

/** @param count incidents that there ever were. @returns the newest ids, newest first */
export const newestIncidentIds = (count: number, limit: number): readonly string[] =>
  Array.from({ length: Math.min(count, limit) }, (_, back) => `INC-${String(count - back).padStart(4, '0')}`);
