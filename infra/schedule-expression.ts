// When EventBridge Scheduler would call: rate(…) and cron(…) in a time zone.
import { DateTime } from 'luxon';
import type { Millis } from '../shared/domain/instant.ts';

/** Says that a schedule's expression is none that is understood here. */
export class ScheduleExpressionError extends Error {
  constructor(expression: string, expected: string) {
    super(`schedule ${expression}: expected ${expected}`);
    this.name = 'ScheduleExpressionError';
  }
}

export interface ScheduleTimes {
  /** The first time strictly after the one given, epoch milliseconds. */
  nextAfter(time: Millis): Millis;
}

interface Field {
  readonly least: number;
  readonly greatest: number;
  readonly names: readonly string[];
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const FIELDS: readonly Field[] = [
  { least: 0, greatest: 59, names: [] },
  { least: 0, greatest: 23, names: [] },
  { least: 1, greatest: 31, names: [] },
  { least: 1, greatest: 12, names: MONTHS },
  { least: 1, greatest: 7, names: WEEKDAYS },
  { least: 1970, greatest: 2199, names: [] },
];
const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const HORIZON_YEARS = 5;

const readNumber = (text: string, field: Field, expression: string): number => {
  const named = field.names.indexOf(text.toUpperCase());
  const value = named >= 0 ? named + field.least : Number(text);
  if (/^\d+$/.test(text) || named >= 0) {
    if (value >= field.least && value <= field.greatest) return value;
  }
  throw new ScheduleExpressionError(expression, `${field.least} to ${field.greatest}, found ${text}`);
};

const readSpan = (range: string, field: Field, expression: string): readonly [number, number | null] => {
  if (range === '*' || range === '?') return [field.least, field.greatest];
  const [first = '', last = ''] = range.split('-');
  const from = readNumber(first, field, expression);
  return [from, last === '' ? null : readNumber(last, field, expression)];
};

const readRange = (part: string, field: Field, expression: string): readonly number[] => {
  const [range = '', step] = part.split('/');
  const [from, last] = readSpan(range, field, expression);
  const to = last ?? (step === undefined ? from : field.greatest);
  const by = step === undefined ? 1 : readNumber(step, { least: 1, greatest: field.greatest, names: [] }, expression);
  return Array.from({ length: Math.max(0, Math.floor((to - from) / by) + 1) }, (_, index) => from + index * by);
};

const readField = (text: string, field: Field, expression: string): ReadonlySet<number> =>
  new Set(text.split(',').flatMap((part) => readRange(part, field, expression)));

const readRate = (text: string, expression: string): ScheduleTimes => {
  const [, count = '', unit = ''] = /^(\d+) (minute|hour|day)s?$/.exec(text) ?? [];
  const period = Number(count) * (UNITS[unit] ?? 0);
  if (!(period > 0)) throw new ScheduleExpressionError(expression, 'rate(<n> minutes|hours|days)');
  return { nextAfter: (time) => (Math.floor(time / period) + 1) * period };
};

// A clock that is set back shows an hour twice; the scheduler calls in the first.
const isRepeatedHour = (time: DateTime): boolean => {
  const before = time.minus({ hours: 1 });
  return before.hour === time.hour && before.day === time.day;
};

const readCron = (text: string, zone: string, expression: string): ScheduleTimes => {
  const texts = text.trim().split(/\s+/);
  if (texts.length !== FIELDS.length) throw new ScheduleExpressionError(expression, 'six fields');
  const sets = FIELDS.map((field, index) => readField(texts[index] ?? '', field, expression));
  const has = (index: number, value: number): boolean => sets[index]?.has(value) ?? false;
  const step = (at: DateTime): DateTime | null => {
    if (!has(5, at.year)) return at.plus({ years: 1 }).startOf('year');
    if (!has(3, at.month)) return at.plus({ months: 1 }).startOf('month');
    if (!has(2, at.day) || !has(4, (at.weekday % 7) + 1)) return at.plus({ days: 1 }).startOf('day');
    if (!has(1, at.hour) || isRepeatedHour(at)) return at.plus({ hours: 1 }).startOf('hour');
    return has(0, at.minute) ? null : at.plus({ minutes: 1 });
  };
  const nextAfter = (time: Millis): Millis => {
    let at: DateTime = DateTime.fromMillis(time, { zone }).startOf('minute').plus({ minutes: 1 });
    const horizon = at.plus({ years: HORIZON_YEARS });
    while (at < horizon) {
      const later = step(at);
      if (later === null) return at.toMillis();
      at = later;
    }
    throw new ScheduleExpressionError(expression, `a time in the next ${HORIZON_YEARS} years`);
  };
  return { nextAfter };
};

/**
 * Reads a schedule's expression in its time zone. Rates count from the epoch; a cron time that a clock set forward
 * leaves out does not come, one that a clock set back shows twice comes once.
 * @throws ScheduleExpressionError for any other form
 */
export const readSchedule = (expression: string, zone: string): ScheduleTimes => {
  const [, kind, text = ''] = /^(rate|cron)\((.+)\)$/.exec(expression) ?? [];
  if (!DateTime.local({ zone }).isValid) throw new ScheduleExpressionError(expression, `a time zone, found ${zone}`);
  if (kind === 'rate') return readRate(text, expression);
  if (kind === 'cron') return readCron(text, zone, expression);
  throw new ScheduleExpressionError(expression, 'rate(…) or cron(…)');
};
