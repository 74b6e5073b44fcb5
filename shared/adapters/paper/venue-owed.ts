// One webhook that is owed, and when its turn comes under the faults that strike it.
import type { Millis } from '../../domain/instant.ts';
import type { StruckWebhook, WebhookEffect } from './venue-faults.ts';
import type { VenueEvent } from './venue-model.ts';

export interface Owed {
  readonly event: VenueEvent;
  readonly effects: readonly WebhookEffect['kind'][];
  /** Where it stands in its flush: those of one rank as they came. */
  readonly rank: number;
  /** Times of the copies after the first; null where a copy follows at once. */
  laterCopies: readonly Millis[] | null;
  flushesLeft: number;
  held: boolean;
  notBefore: Millis;
}

/** Where a webhook that is not shuffled stands among those that are. */
const MIDDLE = 0.5;

/** Owes the webhook of an event that came at `now`, spoilt by the faults that strike it. */
export function owe(event: VenueEvent, struck: readonly StruckWebhook[], now: Millis): Owed {
  const effects = struck.map(({ effect }) => effect.kind);
  const flushes = struck.map(({ effect }) => (effect.kind === 'DELAY' ? effect.flushes : 0));
  const shuffled = struck.find(({ effect }) => effect.kind === 'SHUFFLE');
  return {
    event,
    effects,
    rank: shuffled?.draw(0) ?? MIDDLE,
    flushesLeft: Math.max(0, ...flushes),
    held: effects.includes('OVERTAKEN'),
    ...timesOf(struck, now),
  };
}

/** Tells whether the time of a webhook has come. */
export function isReady({ notBefore }: Owed, now: Millis): boolean {
  return notBefore <= now;
}

/** Takes what is due in a flush, in the order of its sending, and counts the flush for the others. */
export function dueNow(all: readonly Owed[], now: Millis): Owed[] {
  const due = all.filter((one) => !one.held && one.flushesLeft === 0 && isReady(one, now)).toSorted((a, b) => a.rank - b.rank);
  for (const one of all) one.flushesLeft = Math.max(0, one.flushesLeft - 1);
  const last = (one: Owed): boolean => one.effects.includes('LAST');
  return [...due.filter((one) => !last(one)), ...due.filter(last)];
}

/** Lets the next copy of a webhook that was taken wait for its own time; false where there is none. */
export function comeLater(one: Owed): boolean {
  const [time, ...rest] = one.laterCopies ?? [];
  if (time === undefined) return false;
  one.laterCopies = rest;
  one.notBefore = time;
  return true;
}

/** Lets go of what was to be overtaken by this event. */
export function letPass(all: readonly Owed[], overtaking: VenueEvent): readonly Owed[] {
  const passed = all.filter(({ held, event }) =>
    held && event.sequence < overtaking.sequence && event.order.clientOrderId === overtaking.order.clientOrderId);
  for (const one of passed) one.held = false;
  return passed;
}

/** When each copy is sent, soonest first. */
function timesOf(struck: readonly StruckWebhook[], now: Millis): Pick<Owed, 'notBefore' | 'laterCopies'> {
  const delayed = struck.flatMap(({ effect, draw }) => (effect.kind === 'DELAY_UP_TO' ? [{ most: effect.milliseconds, draw }] : []));
  if (delayed.length === 0) return { notBefore: now, laterCopies: null };
  const longest = (copy: number): number => Math.max(...delayed.map(({ most, draw }) => Math.floor(draw(copy) * (most + 1))));
  const copies = struck.some(({ effect }) => effect.kind === 'DUPLICATE') ? [1, 2] : [1];
  const [notBefore = now, ...laterCopies] = copies.map((copy) => now + longest(copy)).toSorted((a, b) => a - b);
  return { notBefore, laterCopies };
}
