import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  ORDER_STATUSES,
  ORDER_TRANSITIONS,
  type OrderProgress,
  type OrderStatus,
  applyOrderUpdate,
  isFinal,
  isLive,
  nextStatus,
  normaliseStatus,
} from '../../../shared/domain/order-lifecycle.ts';
import { decimal } from './book.ts';

const order = (status: OrderStatus, ...filled: string[]): OrderProgress => ({
  quantity: decimal('10'),
  status,
  trades: filled.map((quantity, index) => ({ id: `known-${index}`, quantity: decimal(quantity) })),
});
const trade = (id: string, quantity: string) => ({ id, quantity: decimal(quantity) });
const after = (before: OrderProgress, status: string, ...traded: [string, string][]) => {
  const [first] = traded;
  const { status: next, filled, applied } = applyOrderUpdate(before, { status, trade: first === undefined ? null : trade(...first) });
  return [next, filled.toFixed(), applied];
};

/** Row: status before. Columns in the order of a life. A dot is refused. */
const TABLE = `
                  PENDING SUBMITTED OPEN PARTIALLY_FILLED FILLED CANCELLED REJECTED EXPIRED
PENDING           .       SUBMITTED OPEN PARTIALLY_FILLED FILLED CANCELLED REJECTED EXPIRED
SUBMITTED         .       .         OPEN PARTIALLY_FILLED FILLED CANCELLED REJECTED EXPIRED
OPEN              .       .         .    PARTIALLY_FILLED FILLED CANCELLED REJECTED EXPIRED
PARTIALLY_FILLED  .       .         .    PARTIALLY_FILLED FILLED CANCELLED .        EXPIRED
FILLED            .       .         .    .                .      .         .        .
CANCELLED         .       .         .    CANCELLED        FILLED .         .        .
REJECTED          .       .         .    .                .      .         .        .
EXPIRED           .       .         .    .                .      .         .        .
`;

describe('EX-2 life of an order', () => {
  const [header = [], ...rows] = TABLE.trim().split('\n').map((line) => line.trim().split(/\s+/));
  const cells = rows.flatMap(([from = '', ...nexts]) => nexts.map((next, index) => [from, header[index] ?? '', next] as const));

  it('has a cell for every pair', () => {
    expect(cells).toHaveLength(ORDER_STATUSES.length ** 2);
  });

  it.each(cells)('%s, then %s: %s', (from, reported, next) => {
    const status = (word: string) => ORDER_STATUSES.find((one) => one === word) ?? 'PENDING';
    expect(nextStatus(status(from), status(reported))).toBe(next === '.' ? null : next);
  });

  it('gives every odd row its reason, and no pair two rows', () => {
    const pairs = ORDER_TRANSITIONS.map((step) => `${step.from} ${step.reported}`);
    expect(new Set(pairs).size).toBe(pairs.length);
    const plain = new Set([
      'PENDING SUBMITTED', 'SUBMITTED OPEN', 'SUBMITTED REJECTED', 'OPEN PARTIALLY_FILLED', 'OPEN FILLED', 'OPEN CANCELLED',
      'OPEN EXPIRED', 'PARTIALLY_FILLED FILLED', 'PARTIALLY_FILLED CANCELLED', 'PARTIALLY_FILLED EXPIRED',
    ]);
    const odd = ORDER_TRANSITIONS.filter((step) => !plain.has(`${step.from} ${step.reported}`));
    expect(odd.filter((step) => step.reason === null)).toEqual([]);
    expect(odd.length).toBeGreaterThan(0);
  });

  it('is live or final, never both', () => {
    expect(ORDER_STATUSES.filter(isLive)).toEqual(['PENDING', 'SUBMITTED', 'OPEN', 'PARTIALLY_FILLED']);
    expect(ORDER_STATUSES.filter(isFinal)).toEqual(['FILLED', 'CANCELLED', 'REJECTED', 'EXPIRED']);
  });

  it('fills before the acknowledgement, which then comes too late', () => {
    expect(after(order('PENDING'), 'FILLED', ['t', '10'])).toEqual(['FILLED', '10', true]);
    expect(after(order('FILLED', '10'), 'OPEN')).toEqual(['FILLED', '10', false]);
  });

  it('fills behind a cancel: a part stays cancelled, the whole is filled', () => {
    expect(after(order('CANCELLED'), 'PARTIALLY_FILLED', ['t', '4'])).toEqual(['CANCELLED', '4', true]);
    expect(after(order('CANCELLED', '4'), 'CANCELLED', ['t', '2'])).toEqual(['CANCELLED', '6', true]);
    expect(after(order('CANCELLED', '4'), 'FILLED', ['t', '6'])).toEqual(['FILLED', '10', true]);
  });

  it('does not fill behind a refusal or an expiry', () => {
    expect(after(order('REJECTED'), 'FILLED', ['t', '10'])).toEqual(['REJECTED', '0', false]);
    expect(after(order('EXPIRED', '1'), 'PARTIALLY_FILLED', ['t', '2'])).toEqual(['EXPIRED', '1', false]);
  });

  it('takes the trade that comes with its end', () => {
    expect(after(order('OPEN'), 'CANCELLED', ['t', '4'])).toEqual(['CANCELLED', '4', true]);
    expect(after(order('OPEN'), 'EXPIRED', ['t', '4'])).toEqual(['EXPIRED', '4', true]);
    expect(after(order('OPEN', '6'), 'CANCELLED', ['t', '4'])).toEqual(['FILLED', '10', true]);
  });
});

describe('SL-10 updates', () => {
  it.each([
    ['filled', 'FILLED'], ['complete', 'FILLED'], ['Closed', 'FILLED'], ['partially_filled', 'PARTIALLY_FILLED'],
    ['PartiallyFilled', 'PARTIALLY_FILLED'], ['PARTIALLY FILLED', 'PARTIALLY_FILLED'], ['new', 'OPEN'], ['accepted', 'OPEN'],
    ['pending_new', 'SUBMITTED'], ['pending_cancel', 'OPEN'], ['canceled', 'CANCELLED'], ['Cancelled', 'CANCELLED'],
    ['rejected', 'REJECTED'], ['expired', 'EXPIRED'], ['EXPIRED_IN_MATCH', 'EXPIRED'],
  ])('reads %s as %s', (word, status) => {
    expect(normaliseStatus(word)).toBe(status);
  });

  it('reads its own statuses as themselves, and a word nobody uses as none', () => {
    for (const status of ORDER_STATUSES) expect(normaliseStatus(status)).toBe(status);
    for (const word of ['', 'constructor', '__proto__', 'suspended?']) expect(normaliseStatus(word)).toBeNull();
    expect(after(order('OPEN'), 'whatever', ['t', '1'])).toEqual(['OPEN', '0', false]);
  });

  it('counts a trade once, also under another word', () => {
    expect(after(order('PARTIALLY_FILLED', '4'), 'filled', ['known-0', '4'])).toEqual(['PARTIALLY_FILLED', '4', false]);
    expect(after(order('PARTIALLY_FILLED', '4'), 'canceled', ['known-0', '4'])).toEqual(['CANCELLED', '4', true]);
  });

  it('believes the trades and not the word', () => {
    expect(after(order('OPEN'), 'FILLED', ['t', '6'])).toEqual(['PARTIALLY_FILLED', '6', true]);
    expect(after(order('OPEN'), 'FILLED')).toEqual(['OPEN', '0', false]);
    expect(after(order('OPEN'), 'OPEN', ['t', '6'])).toEqual(['PARTIALLY_FILLED', '6', true]);
    expect(after(order('OPEN'), 'PARTIALLY_FILLED', ['t', '0'])).toEqual(['OPEN', '0', false]);
    expect(after(order('OPEN'), 'PARTIALLY_FILLED', ['t', '-1'])).toEqual(['OPEN', '0', false]);
  });

  it('takes trades late for an order known to be filled, up to its quantity', () => {
    expect(after(order('FILLED', '4'), 'FILLED', ['t', '6'])).toEqual(['FILLED', '10', true]);
    expect(after(order('FILLED', '10'), 'FILLED', ['t', '1'])).toEqual(['FILLED', '10', false]);
  });

  it('never takes an end back, and never counts less than before, whatever comes', () => {
    const update = fc.record({
      status: fc.constantFrom(...ORDER_STATUSES),
      trade: fc.option(fc.record({ id: fc.constantFrom('a', 'b', 'c'), quantity: fc.constantFrom(decimal('3'), decimal('4')) })),
    });
    fc.assert(
      fc.property(fc.array(update, { maxLength: 12 }), (updates) => {
        let state: OrderProgress = order('PENDING');
        for (const one of updates) {
          const next = applyOrderUpdate(state, one);
          if (isFinal(state.status)) expect([state.status, 'FILLED']).toContain(next.status);
          expect(next.trades.length).toBeGreaterThanOrEqual(state.trades.length);
          expect(new Set(next.trades.map(({ id }) => id)).size).toBe(next.trades.length);
          expect(next.status === 'FILLED').toBe(next.filled.gte(state.quantity));
          const again = applyOrderUpdate(next, one);
          expect([again.status, again.filled, again.applied]).toEqual([next.status, next.filled, false]);
          state = next;
        }
      }),
    );
  });
});
