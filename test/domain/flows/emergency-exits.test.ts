// A position whose stop's price has come and that no order at the venue sees to (SL-7): sold with a limit, then at market.
import { describe, expect, it } from '@jest/globals';
import type { Intent } from '../../../shared/domain/action.ts';
import type { ExitReason } from '../../../shared/domain/slot.ts';
import { d } from '../../support/builders.ts';
import { SIDES, openLife } from '../../support/lifecycle-world.ts';
import type { Life, LifeOptions } from '../../support/lifecycle-world.ts';

type Placed = Extract<Intent, { kind: 'PLACE' }>;

/** A position whose stop the venue has refused for good: its price is watched by ourselves. */
const watched = async (side: 'buy' | 'sell', options: LifeOptions = {}): Promise<Life> => {
  const life = await openLife(side, { ...options, watch: { takeProfitMultiple: null } });
  const { position } = life.slot;
  if (position.status !== 'OPEN') throw new Error('not open');
  life.world.venue.end(life.stopOrder.clientOrderId, 'CANCELLED');
  life.world.venue.next('place', ...Array.from({ length: 4 }, () => ({ kind: 'REFUSED', code: 'BUSY' }) as const));
  for (let event = 0; event < 6; event += 1) await life.tick('100');
  expect(life.world.stop('AAPL').status).toBe('WATCHED');
  return life;
};

const sale = (life: Life): Placed => {
  const found = [...life.world.account.actions.values()].find(({ purpose, intent }) => purpose === 'EXIT' && intent.kind === 'PLACE');
  if (found?.intent.kind !== 'PLACE') throw new Error('no sale is planned');
  return found.intent;
};

const reasons = (life: Life): readonly unknown[] => life.exits;
const expectFlat = (life: Life): void => expect([life.state, life.atVenue, life.anomalies]).toEqual(['NONE/FLAT', '0', []]);

describe.each(SIDES)('EX-1 SL-7 the emergency exit of a %s', (_, side) => {
  it('takes at once what is there up to TAKER_SLIPPAGE_RATIO beyond the last price', async () => {
    const life = await watched(side);
    await life.see('99.5');
    expect(sale(life)).toMatchObject({ timeInForce: 'IOC', limit: d(side === 'buy' ? '98.51' : '101.5'), quantity: d(10), reduceOnly: true });
    await life.drain();
    expect(reasons(life)).toEqual(['STOP_REACHED']);
    expectFlat(life);
  });

  it('goes to market at once where the price has left its limit', async () => {
    const life = await watched(side);
    await life.see('99.5');
    life.world.venue.prices.set('AAPL', d(life.p('90')));
    await life.drain();
    expect(reasons(life)).toEqual(['STOP_REACHED', 'STOP_REACHED']);
    expect(life.calls().slice(-2)).toEqual(['place EXIT', 'place EXIT']);
    expectFlat(life);
  });

  it('goes to market with what a part of it left', async () => {
    const life = await watched(side);
    await life.see('99.5');
    life.world.venue.fillShare = d('0.3');
    await life.send('ACTION');
    expect([life.state, life.held]).toEqual(['NONE/EXITING', '7']);
    expect(sale(life)).toMatchObject({ limit: null, quantity: d(7) });
    life.world.venue.fillShare = d(1);
    await life.drain();
    expectFlat(life);
  });

  it('goes to market where the venue refuses the limit', async () => {
    const life = await watched(side);
    life.world.venue.next('place', { kind: 'REFUSED', code: 'PRICE_BAND' });
    await life.tick('99.5');
    expect(reasons(life)).toEqual(['STOP_REACHED', 'STOP_REACHED']);
    expectFlat(life);
  });

  it('whose answer was lost is looked up before anything else is sold', async () => {
    const life = await watched(side);
    life.world.venue.next('place', { kind: 'LOST_AFTER' });
    life.world.webhooksHeld = true;
    await life.tick('99.5');
    expect(reasons(life)).toEqual(['STOP_REACHED']);
    await life.world.pass(10);
    expect(reasons(life)).toEqual(['STOP_REACHED']);
    expectFlat(life);
  });

  it('is at most MAX_ORDER_RETRIES tries more, its limit’s among them', async () => {
    const life = await watched(side, { settings: { maxOrderRetries: 0 } });
    life.world.venue.next('place', { kind: 'REFUSED', code: 'BUSY' });
    await life.tick('99.5');
    await life.tick('99.5');
    expect([life.state, life.held, reasons(life)]).toEqual(['NONE/OPEN', '10', ['STOP_REACHED']]);
  });

  it('follows the setting', async () => {
    const life = await watched(side, { settings: { takerSlippageRatio: d('0.03') } });
    await life.see('99.5');
    expect(sale(life).limit?.toFixed()).toBe(side === 'buy' ? '96.52' : '103.51');
  });
});

describe('SL-7 a stop that has triggered and does not fill', () => {
  it('is left at market at once (STOP_UNFILLED)', async () => {
    const life = await openLife('buy', { watch: { takeProfitMultiple: null } });
    life.world.venue.fillShare = d(0);
    await life.tick('99.7');
    life.world.now += 11_000;
    await life.see('99.7');
    await life.send('STOP_ACTION');
    const unfilled: ExitReason = 'STOP_UNFILLED';
    expect(reasons(life)).toEqual([unfilled]);
    expect(sale(life)).toMatchObject({ limit: null, timeInForce: 'GTC' });
  });
});
