import { describe, expect, it } from '@jest/globals';
import { keyedExchange } from '../../../functions/support/keyed-exchange.ts';
import { Decimal } from '../../../shared/domain/decimal.ts';
import type { Outcome } from '../../../shared/domain/event.ts';
import { VenueReadError } from '../../../shared/errors.ts';
import type { Exchange, PlaceOrder } from '../../../shared/ports.ts';
import { fakeExchange } from '../fakes.ts';

const ORDER: PlaceOrder = {
  clientOrderId: 'one',
  symbol: 'BTC/USD',
  intent: { kind: 'PLACE', side: 'buy', quantity: new Decimal(1), limit: new Decimal(100), stopPrice: null, timeInForce: 'GTC', shown: null, reduceOnly: false },
};
const TURNED_AWAY: Outcome = { kind: 'NOT_SENT', reason: 'NOT_AUTHORISED', pause: null };
const NO_KEYS: Outcome = { kind: 'NOT_SENT', reason: 'NO_KEYS', pause: null };
const UNKNOWN: Outcome = { kind: 'UNKNOWN', reason: 'lost' };

interface Setup {
  keys: readonly string[] | Error;
  outcomes?: Readonly<Record<string, Outcome>>;
  reads?: () => Promise<never>;
  batches?: boolean;
}

const build = (setup: Setup) => {
  const used: string[] = [];
  const connected: string[] = [];
  let doubts = 0;
  const answer = (key: string): Outcome => {
    used.push(key);
    return setup.outcomes?.[key] ?? UNKNOWN;
  };
  const connect = (key: string): Exchange => {
    connected.push(key);
    return {
      ...fakeExchange(),
      place: async () => answer(key),
      batches: setup.batches === true
        ? { mostPlaced: 5, mostCancelled: 7, place: async (orders) => orders.map(() => answer(key)), cancel: async (orders) => orders.map(() => answer(key)) }
        : null,
      ...(setup.reads === undefined ? {} : { openOrders: setup.reads }),
    };
  };
  const keyring = {
    read: async () => {
      if (setup.keys instanceof Error) throw setup.keys;
      return setup.keys;
    },
    doubt: () => { doubts += 1; },
  };
  return { exchange: keyedExchange({ keyring, blank: 'blank', connect }), used, connected, doubts: () => doubts, setup };
};

describe('EX-9 an exchange whose keys are kept elsewhere', () => {
  it('asks for them at its first call, and connects once while they stay the same', async () => {
    const { exchange, used, connected } = build({ keys: ['a'] });
    expect(connected).toEqual(['blank']);
    await exchange.place(ORDER);
    await exchange.place(ORDER);
    expect([connected, used]).toEqual([['blank', 'a'], ['a', 'a']]);
  });

  it('connects anew when they have changed', async () => {
    const made = build({ keys: ['a'] });
    await made.exchange.place(ORDER);
    made.setup.keys = ['b', 'a'];
    await made.exchange.place(ORDER);
    expect(made.used).toEqual(['a', 'b']);
  });

  it('sends nothing without keys, and says so instead of throwing', async () => {
    const { exchange, used } = build({ keys: new Error('denied'), batches: true });
    expect(await exchange.place(ORDER)).toEqual(NO_KEYS);
    expect(await exchange.batches?.place([ORDER, ORDER])).toEqual([NO_KEYS, NO_KEYS]);
    await expect(exchange.openOrders()).rejects.toBeInstanceOf(VenueReadError);
    expect(used).toEqual([]);
  });

  it('puts keys aside that an order was turned away with, and takes the ones before', async () => {
    const { exchange, used, doubts } = build({ keys: ['new', 'old'], outcomes: { new: TURNED_AWAY } });
    expect(await exchange.place(ORDER)).toEqual(TURNED_AWAY);
    expect(doubts()).toBe(1);
    await exchange.place(ORDER);
    await exchange.place(ORDER);
    expect(used).toEqual(['new', 'old', 'old']);
  });

  it('tries all of them again when all were turned away', async () => {
    const { exchange, used } = build({ keys: ['new', 'old'], outcomes: { new: TURNED_AWAY, old: { kind: 'REFUSED', code: 'NOT_AUTHORISED' } } });
    for (let call = 0; call < 4; call += 1) await exchange.place(ORDER);
    expect(used).toEqual(['new', 'old', 'new', 'old']);
  });

  it('has the keys read again after a read that failed: they may have been changed', async () => {
    const { exchange, doubts } = build({ keys: ['a'], reads: async () => { throw new VenueReadError('status 401'); } });
    await expect(exchange.openOrders()).rejects.toThrow('status 401');
    expect(doubts()).toBe(1);
  });

  it('EX-4 has the batches of its venue, and none where it has none', async () => {
    expect(build({ keys: ['a'] }).exchange.batches).toBeNull();
    const { exchange } = build({ keys: ['a'], batches: true });
    expect([exchange.batches?.mostPlaced, exchange.batches?.mostCancelled]).toEqual([5, 7]);
    expect(await exchange.batches?.cancel([ORDER])).toEqual([UNKNOWN]);
  });
});
