/** Motions of one page: each shows its votes. */
export const MOTIONS_ROWS = 10;
/** Motions that are looked at for when a parameter last changed: as many as one page of the API holds. */
export const MOTIONS_HISTORY = 200;
