// How numbers and times are printed.
const SECONDS_OF_MINUTE = 60;
const MINUTES_OF_HOUR = 60;
const PERCENT = 100;
const PLACES = 3;

const NEW_YORK = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'America/New_York', hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit',
});

/** Writes an instant in New York's time and in UTC. */
export const timeText = (at: number): string => {
  const parts = new Map(NEW_YORK.formatToParts(at).map(({ type, value }) => [type, value]));
  const part = (name: Intl.DateTimeFormatPartTypes): string => parts.get(name) ?? '';
  const local = `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
  return `${local} New York (${new Date(at).toISOString().slice(11, 19)} UTC)`;
};

/** Writes an age in seconds. */
export const ageText = (seconds: number): string => {
  if (seconds < 2 * SECONDS_OF_MINUTE) return `${seconds} s`;
  const minutes = Math.floor(seconds / SECONDS_OF_MINUTE);
  return minutes < 2 * MINUTES_OF_HOUR ? `${minutes} min` : `${Math.floor(minutes / MINUTES_OF_HOUR)} h ${minutes % MINUTES_OF_HOUR} min`;
};

/** Writes a ratio, a decimal string, as percent; for reading alone, as --json has it exactly. */
export const percentText = (ratio: string | null): string => (ratio === null ? '-' : `${(Number(ratio) * PERCENT).toFixed(PLACES)} %`);

/** Writes what may be missing. */
export const orDash = (text: string | null): string => text ?? '-';
