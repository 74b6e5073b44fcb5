import { describe, expect, it } from '@jest/globals';
import { uncoveredStretches } from '../../../infra/local/replay/coverage.ts';
import type { VenueEvent } from '../../../shared/adapters/paper/venue-model.ts';
import { d, filled, sale, stop, stopFilled } from './venue-history.ts';

const END = 1_000_000;
const linesOf = (...history: readonly VenueEvent[]) =>
  uncoveredStretches(history, END).map(({ symbol, from, to, quantity }) => `${symbol} ${quantity.toFixed()} from ${from / 1000} to ${to / 1000}`);

describe('Cover of what is held (SL-4, SL-7)', () => {
  it('is whole where the stop comes at the instant of the fill', () => {
    expect(linesOf(filled(10, '2'), stop(10, 'ACKNOWLEDGED'), stopFilled(500, '2'))).toEqual([]);
  });

  it('is missing from the fill until the stop is there', () => {
    expect(linesOf(filled(10, '2'), stop(35, 'ACKNOWLEDGED'), stopFilled(500, '2'))).toEqual(['TDG 2 from 10 to 35']);
  });

  it('is missing until the end where no stop ever comes, or only a refused one', () => {
    expect(linesOf(filled(10, '2'))).toEqual(['TDG 2 from 10 to 1000']);
    expect(linesOf(filled(10, '2'), stop(11, 'REJECTED', { status: 'REJECTED' }))).toEqual(['TDG 2 from 10 to 1000']);
  });

  it('is missing for the part that a stop is too small for, until it has grown', () => {
    const small = stop(10, 'ACKNOWLEDGED', { quantity: d('0.5') });
    expect(linesOf(filled(10, '2'), small, stop(20, 'AMENDED', { quantity: d('2') }), stopFilled(500, '2'))).toEqual(['TDG 2 from 10 to 20']);
  });

  it('goes from the stop to the sale without a gap only where the sale comes at the instant of the cancel', () => {
    const begun = [filled(10, '2'), stop(10, 'ACKNOWLEDGED'), stop(50, 'CANCELLED', { status: 'CANCELLED' })];
    expect(linesOf(...begun, sale(50, 'ACKNOWLEDGED'), filled(90, '2', { clientOrderId: 'x1', side: 'sell', reduceOnly: true }))).toEqual([]);
    expect(linesOf(...begun, sale(70, 'ACKNOWLEDGED'), filled(90, '2', { clientOrderId: 'x1', side: 'sell', reduceOnly: true }))).toEqual(['TDG 2 from 50 to 70']);
  });

  it('may overlap while one stop takes the place of another', () => {
    const second = { clientOrderId: 's2' };
    expect(
      linesOf(filled(10, '2'), stop(10, 'ACKNOWLEDGED'), stop(60, 'ACKNOWLEDGED', second), stop(61, 'CANCELLED', { status: 'CANCELLED' }), stopFilled(99, '2', second)),
    ).toEqual([]);
  });

  it('is not given by an order of the position\'s own side, nor by an entry', () => {
    const wrong = stop(10, 'ACKNOWLEDGED', { side: 'buy' });
    const entry = stop(10, 'ACKNOWLEDGED', { reduceOnly: false });
    expect(linesOf(filled(10, '2'), wrong, entry)).toEqual(['TDG 2 from 10 to 1000']);
  });

  it('mirrors for shorts, and keeps symbols apart', () => {
    const short = filled(10, '2', { side: 'sell' });
    const other = stop(10, 'ACKNOWLEDGED', { symbol: 'AZO', side: 'buy' });
    expect(linesOf(short, other, stop(30, 'ACKNOWLEDGED', { side: 'buy' }))).toEqual(['TDG 2 from 10 to 30']);
  });

  it('is of what is left after a fee in what was bought', () => {
    const fee = { fee: d('0.1'), feeIn: 'BASE' } as const;
    expect(linesOf(filled(10, '2', {}, fee), stop(10, 'ACKNOWLEDGED', { quantity: d('1.9') }))).toEqual([]);
  });
});
