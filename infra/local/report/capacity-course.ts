// How much of the cap was in use, weighed by how long.
import type { Decimal } from '../../../shared/domain/decimal.ts';
import { ZERO, max, min } from '../../../shared/domain/decimal.ts';
import type { Millis } from '../../../shared/domain/instant.ts';
import type { Sample } from './facts.ts';

const MILLIS_AN_HOUR = 3_600_000;

/** Averages are weighed by time; money in quote currency, idle room in quote currency × hours. */
export interface Course {
  readonly averageUsed: Decimal;
  readonly averageCap: Decimal;
  readonly maxUsed: Decimal;
  readonly maxUsedAt: Millis;
  readonly idleHours: Decimal;
  readonly idleWantedHours: Decimal;
}

/** Room in use at a sample: it may exceed the cap after losses. */
export const usedIn = (sample: Sample): Decimal => sample.cap.minus(sample.free);

/** Sums up samples in the order of time; each holds until the next, the last until `end`. */
export function courseOf(samples: readonly Sample[], end: Millis): Course {
  let used = ZERO;
  let cap = ZERO;
  let idle = ZERO;
  let idleWanted = ZERO;
  let time = 0;
  for (const [index, sample] of samples.entries()) {
    const lasted = Math.max(0, (samples[index + 1]?.at ?? end) - sample.at);
    const room = max(ZERO, sample.free);
    used = used.plus(usedIn(sample).times(lasted));
    cap = cap.plus(sample.cap.times(lasted));
    idle = idle.plus(room.times(lasted));
    idleWanted = idleWanted.plus(min(room, sample.wanted).times(lasted));
    time += lasted;
  }
  const weigh = (total: Decimal) => (time === 0 ? ZERO : total.dividedBy(time));
  return {
    averageUsed: weigh(used),
    averageCap: weigh(cap),
    ...greatest(samples),
    idleHours: idle.dividedBy(MILLIS_AN_HOUR),
    idleWantedHours: idleWanted.dividedBy(MILLIS_AN_HOUR),
  };
}

function greatest(samples: readonly Sample[]): Pick<Course, 'maxUsed' | 'maxUsedAt'> {
  const [first, ...rest] = samples;
  if (first === undefined) return { maxUsed: ZERO, maxUsedAt: 0 };
  const top = rest.reduce((best, sample) => (usedIn(sample).greaterThan(usedIn(best)) ? sample : best), first);
  return { maxUsed: usedIn(top), maxUsedAt: top.at };
}

/** Splits samples by UTC day, each day with its own end. */
export function byDay(samples: readonly Sample[], end: Millis): readonly { day: string; samples: readonly Sample[]; end: Millis }[] {
  const days = [...new Set(samples.map((sample) => dayOf(sample.at)))];
  return days.map((day) => {
    const ofDay = samples.filter((sample) => dayOf(sample.at) === day);
    const nextDay = samples.find((sample) => dayOf(sample.at) > day);
    return { day, samples: ofDay, end: nextDay?.at ?? end };
  });
}

/** The UTC day of an instant, `YYYY-MM-DD`. */
export const dayOf = (at: Millis): string => new Date(at).toISOString().slice(0, 10);
