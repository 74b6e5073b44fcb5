/** A point in time, in whole milliseconds since 1970-01-01T00:00:00Z. */
export type Millis = number;

/** Milliseconds in one second. */
export const MILLIS_PER_SECOND = 1000;

/** Turns whole seconds into milliseconds. */
export function seconds(count: number): Millis {
  return count * MILLIS_PER_SECOND;
}
