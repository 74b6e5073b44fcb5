import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  type EntryOrders,
  type EntryUpdate,
  NO_ENTRY_ORDERS,
  askCancel,
  enteredQuantity,
  isStale,
  keepEntry,
  mayReplace,
  staleEntry,
  updateEntry,
} from '../../shared/domain/stale-entry.ts';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import { decimal } from '../shared/domain/book.ts';

const PLACED = Date.UTC(2025, 5, 11, 14);
const LATE = PLACED + 15 * 60_000 + 1;
const waiting = keepEntry(NO_ENTRY_ORDERS, { id: 'o1', placedAt: PLACED });
const told = (known: EntryOrders, status: EntryUpdate['status'], filled = '0', id = 'o1'): EntryOrders =>
  updateEntry(known, { id, status, filledQuantity: decimal(filled) });
const due = (known: EntryOrders, now = LATE): string | null => staleEntry(known, now, DEFAULT_SETTINGS);
const asked = askCancel(waiting, 'o1');

describe('SL-3 stale entries', () => {
  it('are those strictly older than the time-out', () => {
    expect([LATE - 1, LATE].map((now) => isStale(PLACED, now, DEFAULT_SETTINGS))).toEqual([false, true]);
    expect(due(waiting, LATE - 1)).toBeNull();
    expect(due(waiting)).toBe('o1');
  });

  it('are cancelled once, whatever is not yet known of the cancel', () => {
    expect(due(asked)).toBeNull();
    expect(due(told(asked, 'CANCEL_PENDING'))).toBeNull();
    expect(due(told(asked, 'OPEN'))).toBeNull();
    expect(due(told(waiting, 'CANCEL_PENDING'))).toBeNull();
  });

  it('are cancelled again when the cancel was refused and the order lives', () => {
    const refused = told(asked, 'CANCEL_REFUSED');
    expect(due(refused)).toBe('o1');
    expect(mayReplace(refused)).toBe(false);
    expect(due(told(refused, 'FILLED', '5'))).toBeNull();
  });

  it('are cancelled for the part that has not filled', () => {
    expect(due(told(waiting, 'PARTIALLY_FILLED', '1'))).toBe('o1');
  });

  it('make way for another only when their end is known and nothing was bought', () => {
    expect([waiting, asked, told(asked, 'CANCEL_PENDING'), told(asked, 'CANCEL_REFUSED')].map(mayReplace)).toEqual([false, false, false, false]);
    for (const end of ['CANCELLED', 'REJECTED', 'EXPIRED'] as const) {
      expect(mayReplace(told(asked, end))).toBe(true);
      expect(mayReplace(told(asked, end, '0.001'))).toBe(false);
      expect(told(asked, end).entryId).toBeNull();
    }
    expect(mayReplace(told(asked, 'FILLED'))).toBe(false);
    expect(mayReplace(NO_ENTRY_ORDERS)).toBe(true);
  });

  it('lose their id only where it is still theirs', () => {
    const replaced = keepEntry(asked, { id: 'o2', placedAt: LATE });
    const ended = told(replaced, 'CANCELLED');
    expect(ended.entryId).toBe('o2');
    expect(told(ended, 'CANCELLED', '0', 'o2').entryId).toBeNull();
  });

  it('hold back a replacement while one that was replaced may still fill', () => {
    const replaced = keepEntry(asked, { id: 'o2', placedAt: LATE });
    const newEnded = told(replaced, 'REJECTED', '0', 'o2');
    expect(mayReplace(newEnded)).toBe(false);
    expect(mayReplace(told(newEnded, 'CANCELLED'))).toBe(true);
  });

  it('age each on their own, and an order told twice keeps its first time', () => {
    const replaced = keepEntry(told(asked, 'CANCELLED'), { id: 'o2', placedAt: LATE });
    expect(due(replaced, LATE + 15 * 60_000)).toBeNull();
    expect(due(replaced, LATE + 15 * 60_000 + 1)).toBe('o2');
    expect(keepEntry(replaced, { id: 'o2', placedAt: LATE + 1 })).toEqual(replaced);
  });

  it('keep what filled before a cancel, told before or after it', () => {
    const cancelled = told(asked, 'CANCELLED', '2');
    expect(enteredQuantity(cancelled).toFixed()).toBe('2');
    expect(enteredQuantity(told(cancelled, 'OPEN')).toFixed()).toBe('2');
    const grown = told(told(asked, 'CANCELLED'), 'FILLED', '5');
    expect([enteredQuantity(grown).toFixed(), mayReplace(grown)]).toEqual(['5', false]);
  });

  it('stay ended when an older report comes after their end', () => {
    expect(mayReplace(told(told(asked, 'CANCELLED'), 'OPEN'))).toBe(true);
    expect(mayReplace(told(told(asked, 'REJECTED'), 'CANCELLED'))).toBe(true);
  });

  it('ignore reports of orders nobody knows', () => {
    expect(told(waiting, 'FILLED', '5', 'foreign')).toEqual(waiting);
  });

  it('never shrink what was bought nor undo an end, in whatever order reports come', () => {
    const statuses = ['CANCEL_PENDING', 'CANCEL_REFUSED', 'OPEN', 'PARTIALLY_FILLED', 'FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED'] as const;
    const report = fc.record({ id: fc.constantFrom('o1', 'o2'), status: fc.constantFrom(...statuses), filled: fc.integer({ min: 0, max: 9 }) });
    fc.assert(
      fc.property(fc.array(report, { maxLength: 12 }), (reports) => {
        let known = keepEntry(asked, { id: 'o2', placedAt: LATE });
        for (const { id, status, filled } of reports) {
          const next = told(known, status, String(filled), id);
          expect(enteredQuantity(next).greaterThanOrEqualTo(enteredQuantity(known))).toBe(true);
          if (known.entryId === null) expect(next.entryId).toBeNull();
          if (mayReplace(next)) expect([due(next, LATE * 2), enteredQuantity(next).toFixed()]).toEqual([null, '0']);
          known = next;
        }
      }),
    );
  });
});
