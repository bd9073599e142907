/**
 * Where the validators of the wide-area simulation stand, and how far apart: seven cloud regions on five continents.
 *
 * Round-trip times are averages over 28 September to 27 October 2024 as IBM Cloud published them for its VPC regions
 * (documentation repository ibm-cloud-docs/vpc, `_include-segments/network-latency.md`, table "Inter-region latency";
 * shown on cloud.ibm.com/docs/vpc, "Network latency dashboards"). Where the two directions of a pair differ, by 4 ms at
 * most, the table's upper half counts. Within a region the larger of the published times between zones counts.
 */

export const REGIONS = ['Washington DC', 'Frankfurt', 'Tokyo', 'Sao Paulo', 'Sydney', 'Dallas', 'London'] as const;

/** Milliseconds of a round trip between machines in different zones of one region. */
const ROUND_TRIP_WITHIN_MS = 2;

/** Milliseconds of a round trip from each region to those before it in the list. */
const ROUND_TRIPS_MS: readonly (readonly number[])[] = [
  [],
  [90],
  [169, 231],
  [119, 197, 283],
  [213, 250, 115, 328],
  [31, 123, 141, 144, 185],
  [76, 13, 242, 188, 261, 113],
];

/** Milliseconds of a round trip between two regions, by their places in `REGIONS`. Symmetric. */
export function roundTripMs(a: number, b: number): number {
  if (a === b) return ROUND_TRIP_WITHIN_MS;
  const known = ROUND_TRIPS_MS[Math.max(a, b)]?.[Math.min(a, b)];
  if (known === undefined) throw new RangeError(`no regions ${a} and ${b}`);
  return known;
}

/** Validators take the regions in turn. */
export const regionOf = (validator: number): number => validator % REGIONS.length;

/** Milliseconds of one way between each two of so many validators; 0 to oneself. */
export function delayMatrix(validators: number): readonly (readonly number[])[] {
  const all = Array.from({ length: validators }, (_, index) => index);
  return all.map((from) => all.map((to) => (from === to ? 0 : roundTripMs(regionOf(from), regionOf(to)) / 2)));
}
