// Dates and clock times of New York by the platform's own table of time zones. A library for it would be a tenth of every bundle.

const ZONE = 'America/New_York';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DATE_TEXT = /^\d{4}-\d{2}-\d{2}$/;

const wallClock = new Intl.DateTimeFormat('en-US', {
  timeZone: ZONE, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23',
  year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
});

/** Reads a date like 2025-01-31 as its midnight in UTC. @throws RangeError for anything else */
export function parseDate(date: string): number {
  const midnight = DATE_TEXT.test(date) ? Date.parse(date) : Number.NaN;
  if (Number.isNaN(midnight) || dateOf(midnight) !== date) throw new RangeError(`expected a date like 2025-01-31, found ${JSON.stringify(date)}`);
  return midnight;
}

/** Writes the date of an instant in UTC. */
export function dateOf(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}

/** Names the date in New York at an instant. */
export function newYorkDate(at: number): string {
  return dateOf(at + offsetAt(at));
}

/** Finds the instant at which clocks in New York show a time; an hour that is skipped is shown an hour later. */
export function newYorkTime(date: string, hour: number, minute: number): number {
  const shown = parseDate(date) + hour * HOUR + minute * MINUTE;
  const before = offsetAt(shown);
  const at = shown - before;
  const then = offsetAt(at);
  if (then === before) return at;
  return offsetAt(shown - then) === then ? shown - then : shown - Math.min(before, then);
}

/** How far clocks in New York are ahead of UTC at an instant, milliseconds. */
function offsetAt(at: number): number {
  const part: Record<string, number> = {};
  for (const { type, value } of wallClock.formatToParts(at)) part[type] = Number(value);
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = part;
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}
