import { describe, expect, it } from '@jest/globals';
import { keyedExchange } from '../../../functions/support/keyed-exchange.ts';
import { Decimal } from '../../../shared/domain/decimal.ts';
import type { Note } from '../../../shared/domain/decision.ts';
import type { Outcome } from '../../../shared/domain/event.ts';
import { VenueReadError } from '../../../shared/errors.ts';
import type { KeyedVenue, PlaceOrder } from '../../../shared/ports.ts';
import { fakeExchange } from '../fakes.ts';

const ORDER: PlaceOrder = {
  clientOrderId: 'E1-BTCUSD-one',
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
  /** What the venue says of each key in turn, the last for good; null: it has no such call. */
  withdraws?: readonly (boolean | Error)[] | null;
  /** How long it thinks about it, milliseconds. */
  slow?: number;
}

const build = (setup: Setup) => {
  const used: string[] = [];
  const connected: string[] = [];
  const placed: string[] = [];
  const notes: Note[] = [];
  const counted: unknown[] = [];
  const times = { now: 0 };
  let asked = 0;
  let doubts = 0;
  const withdraws = async (): Promise<boolean> => {
    const told = setup.withdraws ?? [];
    const found = told[Math.min(asked, told.length - 1)] ?? false;
    asked += 1;
    times.now += setup.slow ?? 0;
    if (found instanceof Error) throw found;
    return found;
  };
  const answer = (key: string): Outcome => {
    used.push(key);
    return setup.outcomes?.[key] ?? UNKNOWN;
  };
  const connect = (key: string): KeyedVenue => {
    connected.push(key);
    return {
      ...fakeExchange(),
      canWithdraw: setup.withdraws === null ? null : withdraws,
      place: async ({ clientOrderId }) => {
        placed.push(clientOrderId);
        return answer(key);
      },
      batches: setup.batches === true
        ? { mostPlaced: 5, mostCancelled: 7, place: async (orders) => orders.map(({ clientOrderId }) => {
          placed.push(clientOrderId);
          return answer(key);
        }), cancel: async (orders) => orders.map(() => answer(key)) }
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
  const checking = { clock: { now: () => times.now }, tell: (note: Note) => void notes.push(note), count: (...given: unknown[]) => void counted.push(given) };
  const exchange = keyedExchange({ keyring, blank: 'blank', connect, checking });
  return { exchange, used, connected, doubts: () => doubts, setup, placed, notes, counted, times, asked: () => asked };
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

const withId = (clientOrderId: string, reduceOnly = false): PlaceOrder => ({ ...ORDER, clientOrderId, intent: { ...ORDER.intent, reduceOnly } });
const ENTRY = withId('E1-BTCUSD-a');
const EXIT = withId('X1-BTCUSD-a');
const STOP = withId('S1-BTCUSD-a');
const WITHDRAWS: Outcome = { kind: 'REFUSED', code: 'KEY_CAN_WITHDRAW' };
const UNCHECKED: Outcome = { kind: 'NOT_SENT', reason: 'KEY_NOT_CHECKED', pause: null };
const names = (notes: readonly Note[]) => notes.map(({ name, level }) => `${level} ${name}`);

describe('EX-9 a key that money can be taken out with begins nothing', () => {
  it('so that an entry is refused, and that is told and counted', async () => {
    const { exchange, placed, notes, counted } = build({ keys: ['a'], withdraws: [true] });
    expect(await exchange.place(ENTRY)).toEqual(WITHDRAWS);
    expect(placed).toEqual([]);
    expect(names(notes)).toEqual(['ERROR KEY_CAN_WITHDRAW']);
    expect(counted).toEqual([['key_can_withdraw', 1, { venue: 'paper' }]]);
  });

  it('SL-4 while stops, exits, cancels, changes and reads go on, and nothing is asked for them', async () => {
    const { exchange, placed, asked } = build({ keys: ['a'], withdraws: [true] });
    expect([await exchange.place(STOP), await exchange.place(EXIT), await exchange.place(withId('other', true))]).toEqual([UNKNOWN, UNKNOWN, UNKNOWN]);
    expect((await exchange.cancel(ENTRY)).kind).toBe('REFUSED');
    expect(await exchange.openOrders()).toEqual([]);
    expect([placed, asked()]).toEqual([['S1-BTCUSD-a', 'X1-BTCUSD-a', 'other'], 0]);
  });

  it('EX-4 also in a batch, of which the rest is sent in one call and each answer stays with its order', async () => {
    const { exchange, placed } = build({ keys: ['a'], withdraws: [true], batches: true });
    expect(await exchange.batches?.place([ENTRY, STOP, withId('E2-ETHUSD-b'), EXIT])).toEqual([WITHDRAWS, UNKNOWN, WITHDRAWS, UNKNOWN]);
    expect(placed).toEqual(['S1-BTCUSD-a', 'X1-BTCUSD-a']);
    expect(await exchange.batches?.place([ENTRY])).toEqual([WITHDRAWS]);
  });

  it('and a key that cannot is asked of once, before its first entry, for all that are sent together', async () => {
    const { exchange, placed, asked, notes, counted, times } = build({ keys: ['a'], withdraws: [false] });
    await exchange.openOrders();
    expect(asked()).toBe(0);
    expect(await Promise.all([exchange.place(ENTRY), exchange.place(withId('E2-x-b'))])).toEqual([UNKNOWN, UNKNOWN]);
    times.now = 3_599_999;
    await exchange.place(ENTRY);
    expect([placed.length, asked(), notes, counted]).toEqual([3, 1, [], [['key_can_withdraw', 0, { venue: 'paper' }]]]);
    times.now = 3_600_000;
    await exchange.place(ENTRY);
    expect(asked()).toBe(2);
  });

  it('and another key is asked of again', async () => {
    const made = build({ keys: ['a'], withdraws: [false, true] });
    expect(await made.exchange.place(ENTRY)).toEqual(UNKNOWN);
    made.setup.keys = ['b', 'a'];
    expect(await made.exchange.place(ENTRY)).toEqual(WITHDRAWS);
    expect(made.asked()).toBe(2);
  });

  it('and once it has been taken from the key, entries go on after five minutes', async () => {
    const { exchange, asked, times } = build({ keys: ['a'], withdraws: [true, false] });
    await exchange.place(ENTRY);
    times.now = 299_999;
    expect([await exchange.place(ENTRY), asked()]).toEqual([WITHDRAWS, 1]);
    times.now = 300_000;
    expect(await exchange.place(ENTRY)).toEqual(UNKNOWN);
  });

  it('and without an answer no entry is sent, for ten seconds at a time; stops are', async () => {
    const pause = { kind: 'RATE_LIMITED', milliseconds: 5_000 } as const;
    const { exchange, placed, asked, times, notes } = build({ keys: ['a'], withdraws: [new VenueReadError('status 429', { pause }), new Error('lost'), false] });
    expect(await exchange.place(ENTRY)).toEqual({ ...UNCHECKED, pause });
    expect((await exchange.place(STOP)).kind).toBe('UNKNOWN');
    times.now = 9_999;
    await exchange.place(ENTRY);
    expect(asked()).toBe(1);
    times.now = 10_000;
    expect(await exchange.place(ENTRY)).toEqual(UNCHECKED);
    times.now = 20_000;
    expect(await exchange.place(ENTRY)).toEqual(UNKNOWN);
    expect([placed, names(notes)]).toEqual([['S1-BTCUSD-a', 'E1-BTCUSD-a'], ['WARN KEY_NOT_CHECKED', 'WARN KEY_NOT_CHECKED']]);
  });

  it('and an entry that waited too long for the answer is not sent: it was committed to being sent before', async () => {
    const { exchange, placed } = build({ keys: ['a'], withdraws: [false], slow: 4_001 });
    expect(await exchange.place(ENTRY)).toEqual(UNCHECKED);
    expect(await exchange.place(ENTRY)).toEqual(UNKNOWN);
    expect(placed).toHaveLength(1);
  });

  it('and a venue that has no such call is believed, which is told once', async () => {
    const { exchange, placed, notes } = build({ keys: ['a'], withdraws: null });
    await exchange.place(ENTRY);
    await exchange.place(ENTRY);
    expect([placed.length, names(notes)]).toEqual([2, ['INFO KEY_UNCHECKED']]);
  });
});
