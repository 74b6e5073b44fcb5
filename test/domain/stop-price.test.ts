import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Decimal } from '../../shared/domain/decimal.ts';
import { DEFAULT_SETTINGS, type Settings } from '../../shared/domain/settings.ts';
import type { Side } from '../../shared/domain/side.ts';
import { type StopPolicy, coverOf, heldQuantity, protectionAt, stopRefusal } from '../../shared/domain/stop-price.ts';
import { decimal } from '../shared/domain/book.ts';

const tripled: StopPolicy = { kind: 'stop', takeProfitMultiple: decimal('3') };
const limitWatch: StopPolicy = { kind: 'limit', ownStop: null };
const protect = (price: string, tick: string, policy: StopPolicy = tripled, side: Side = 'buy', settings: Partial<Settings> = {}) => {
  const found = protectionAt({ side, price: decimal(price), tickSize: decimal(tick) }, policy, { ...DEFAULT_SETTINGS, ...settings });
  return found && [found.stop.toFixed(), found.takeProfit?.toFixed() ?? null];
};

describe('SL-4 stop price', () => {
  it('lies the set ticks below the first fill, exactly, and the profit a multiple of that risk above', () => {
    expect(protect('512.95', '0.05')).toEqual(['511.95', '515.95']);
    expect(protect('0.3', '0.1', tripled, 'buy', { initialStopTicks: 2 })).toEqual(['0.1', '0.9']);
  });

  it('is rounded half up to the tick, and the profit counts from the rounded stop', () => {
    expect(protect('100.0249', '0.05')).toEqual(['99', '103.1']);
    expect(protect('100.025', '0.05')).toEqual(['99.05', '102.95']);
    expect(protect('20123', '5')).toEqual(['20025', '20415']);
  });

  it('mirrors for shorts, halves still up', () => {
    expect(protect('100.025', '0.05', tripled, 'sell')).toEqual(['101.05', '96.95']);
    expect(protect('1093.57', '0.1', tripled, 'sell')).toEqual(['1095.6', '1087.5']);
  });

  it('needs no take-profit', () => {
    expect(protect('100', '0.01', { kind: 'stop', takeProfitMultiple: null })).toEqual(['99.8', null]);
  });

  it('of a limit watch is its own, else a share of the fill away', () => {
    expect(protect('100', '0.01', limitWatch)).toEqual(['95', null]);
    expect(protect('100', '0.01', limitWatch, 'sell')).toEqual(['105', null]);
    expect(protect('0.333', '0.01', limitWatch)).toEqual(['0.32', null]);
    expect(protect('100', '0.01', { kind: 'limit', ownStop: decimal('97.128') })).toEqual(['97.13', null]);
  });

  it('refuses an entry whose stop would be at or below zero', () => {
    expect(protect('0.2', '0.01')).toBeNull();
    expect(protect('0.19', '0.01')).toBeNull();
    expect(protect('0.21', '0.01')).toEqual(['0.01', '0.81']);
    expect(protect('0.4', '1', limitWatch)).toBeNull();
    expect(protect('0.2', '0.01', tripled, 'sell')).not.toBeNull();
  });

  it('is a multiple of the tick and within half of one of the exact price', () => {
    const tick = fc.constantFrom('0.01', '0.05', '0.25', '5', '0.00000001', '0.03');
    const price = fc.bigInt({ min: 1n, max: 10n ** 15n }).map((units) => decimal(`${units}e-8`));
    const policy = fc.constantFrom<StopPolicy>(tripled, limitWatch);
    fc.assert(
      fc.property(price, tick, fc.constantFrom<Side>('buy', 'sell'), policy, (fill, step, side, kind) => {
        const tickSize = decimal(step);
        const found = protectionAt({ side, price: fill, tickSize }, kind, DEFAULT_SETTINGS);
        const away = kind.kind === 'stop' ? tickSize.times(20) : fill.times('0.05');
        const exact = side === 'buy' ? fill.minus(away) : fill.plus(away);
        if (found === null) return exact.lessThan(tickSize);
        const half = tickSize.dividedBy(2);
        const isMultiple = (value: Decimal | null): boolean => value === null || value.modulo(tickSize).isZero();
        return (
          isMultiple(found.stop) && isMultiple(found.takeProfit) && found.stop.greaterThan(0) &&
          found.stop.minus(exact).lessThanOrEqualTo(half) && exact.minus(found.stop).lessThan(half)
        );
      }),
    );
  });
});

describe('SL-4 cover', () => {
  const rules = { tickSize: decimal('0.01'), lotSize: decimal('0.1'), minQuantity: decimal('0.5'), minNotional: decimal('10'), priceBand: null };
  const long = { side: 'buy', stop: decimal('19') } as const;

  it('is what filled, less the fees taken from it, down to the lot', () => {
    const held = (filled: string, fees: string, lot: string) => heldQuantity(decimal(filled), decimal(fees), decimal(lot)).toFixed();
    expect(held('1', '0.001', '0.1')).toBe('0.9');
    expect(held('1', '0', '0.1')).toBe('1');
    expect(held('0.1', '0.2', '0.1')).toBe('0');
    expect(held('2000.75', '0', '0')).toBe('2000.75');
  });

  it('is an order at the venue where the venue takes one, else our own watch, with the reason', () => {
    expect(coverOf(decimal('0.6'), long, rules)).toEqual({ kind: 'ORDER', quantity: decimal('0.6') });
    expect(coverOf(decimal('0.4'), long, rules)).toEqual({ kind: 'WATCHED', quantity: decimal('0.4'), reason: 'BELOW_MIN_QUANTITY' });
    expect(coverOf(decimal('0.5'), long, rules)).toEqual({ kind: 'WATCHED', quantity: decimal('0.5'), reason: 'BELOW_MIN_NOTIONAL' });
    expect(coverOf(decimal('0'), long, rules)).toEqual({ kind: 'NOTHING_HELD' });
  });

  it('EX-10 knows beforehand that the venue would refuse the stop, at the stop’s own price', () => {
    const banded = { ...rules, priceBand: { low: decimal('19.5'), high: decimal('21') } };
    expect(stopRefusal(decimal('1'), long, banded)).toBe('PRICE_OUT_OF_BAND');
    expect(stopRefusal(decimal('1'), { side: 'sell', stop: decimal('21') }, banded)).toBeNull();
    expect(stopRefusal(decimal('1'), { side: 'sell', stop: decimal('21.01') }, banded)).toBe('PRICE_OUT_OF_BAND');
  });

  it('EX-10 rounds what is off the tick as the closing order would be: a sale up, a purchase down', () => {
    const banded = { ...rules, priceBand: { low: decimal('19.5'), high: decimal('21') } };
    expect(stopRefusal(decimal('1'), { side: 'buy', stop: decimal('19.495') }, banded)).toBeNull();
    expect(stopRefusal(decimal('1'), { side: 'sell', stop: decimal('21.005') }, banded)).toBeNull();
  });
});
