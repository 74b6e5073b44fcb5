// Kinds about how a symbol gets into a position: SL-1, SL-2 and SL-3.
import type { ReportedStatus } from '../../shared/domain/cancellable-order.ts';
import { normaliseStatus } from '../../shared/domain/order-lifecycle.ts';
import { mayReenter } from '../../shared/domain/re-entry.ts';
import type { SessionWindow } from '../../shared/domain/session-window.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/domain/settings.ts';
import {
  type EntryOrders,
  type EntryUpdate,
  NO_ENTRY_ORDERS,
  askCancel,
  enteredQuantity,
  keepEntry,
  mayReplace,
  staleEntry,
  updateEntry,
} from '../../shared/domain/stale-entry.ts';
import { isTriggered } from '../../shared/domain/trigger.ts';
import { readSettings } from './case-fields.ts';
import type { Field } from './field.ts';
import type { Found } from './found.ts';

/** Runs kind `trigger` (SL-1). */
export function triggerKind(input: Field): Found {
  const check = {
    side: input.at('side').choice('buy', 'sell'),
    triggerPrice: input.at('triggerPrice').decimal(),
    price: input.at('price').price(),
    at: input.at('at').time(),
    session: readSession(input.at('session')),
  };
  return { triggered: isTriggered(check, readSettings(input.at('settings'))) };
}

/** Runs kind `re-entry` (SL-2). */
export function reEntryKind(input: Field): Found {
  const state = input.at('state');
  const standing = {
    triggered: state.at('triggered').boolean(),
    position: state.at('position').decimal(),
    liveEntry: state.at('liveEntry').boolean(),
    entriesToday: state.at('entriesToday').integer(),
  };
  const check = {
    side: input.at('side').choice('buy', 'sell'),
    entryPrice: input.at('entryPrice').decimal(),
    price: input.at('price').price(),
    at: input.at('at').time(),
    session: readSession(input.at('session')),
  };
  return { enter: mayReenter(check, standing, readMaxAttempts(input.at('settings').at('MAX_ATTEMPTS'))) };
}

/** Runs kind `stale-entry` (SL-3). */
export function staleEntryKind(input: Field): Found {
  const settings = readSettings(input.at('settings'));
  let known = input.at('entry').orNull((entry) => keepEntry(NO_ENTRY_ORDERS, readEntry(entry))) ?? NO_ENTRY_ORDERS;
  const steps = input.at('events').list((event) => {
    const { orders, cancel } = follow(known, event, settings);
    known = orders;
    return { cancel, entryId: known.entryId, position: enteredQuantity(known), mayReplace: mayReplace(known) };
  });
  return { steps };
}

function follow(known: EntryOrders, event: Field, settings: Settings): { readonly orders: EntryOrders; readonly cancel: string | null } {
  const type = event.at('type').choice('tick', 'update', 'entry');
  switch (type) {
    case 'tick': {
      const cancel = staleEntry(known, event.at('at').time(), settings);
      return { orders: cancel === null ? known : askCancel(known, cancel), cancel };
    }
    case 'update':
      return { orders: updateEntry(known, readUpdate(event)), cancel: null };
    case 'entry':
      return { orders: keepEntry(known, readEntry(event)), cancel: null };
    default:
      return type satisfies never;
  }
}

function readEntry(entry: Field): { readonly id: string; readonly placedAt: number } {
  return { id: entry.at('id').text(), placedAt: entry.at('placedAt').time() };
}

function readUpdate(update: Field): EntryUpdate {
  return { id: update.at('id').text(), status: readReportedStatus(update.at('status')), filledQuantity: update.at('filled').decimal() };
}

/** Reads a status as a report tells it, or what became of the wish to cancel. */
export function readReportedStatus(field: Field): ReportedStatus {
  const word = field.text();
  if (word === 'CANCEL_PENDING' || word === 'CANCEL_REFUSED') return word;
  const status = normaliseStatus(word);
  if (status === null) throw field.malformed('a status of an order, CANCEL_PENDING or CANCEL_REFUSED');
  return status;
}

function readSession(field: Field): SessionWindow | null {
  return field.orNull((session) => ({
    opensAt: session.at('openAt').time(),
    closesAt: session.at('closeAt').orNull((close) => close.time()),
  }));
}

/** Reads the most entries a day: null is unlimited, and only where nothing is said it is the default. */
function readMaxAttempts(field: Field): number | null {
  return field.value === undefined ? DEFAULT_SETTINGS.maxAttempts : field.orNull((most) => most.integer());
}
