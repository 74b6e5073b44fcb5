// Each clause of the store's conditions with the smallest race that it alone stands against.
import type { ClauseName } from '../../shared/adapters/dynamo/conditions.ts';
import type { Passing } from '../../shared/domain/account.ts';
import type { Change } from '../../shared/domain/decision.ts';
import { actionOf, AT, capacityOf, d, fillOf, moveOf, recordOf, requirementOf, slotOf, stealOf } from './store-samples.ts';

export interface Guard {
  readonly clause: ClauseName;
  readonly race: string;
  /** Item that a conflict has to name. */
  readonly item: string;
  readonly there: readonly Change[];
  readonly late: readonly Change[];
}

const slotThere = slotOf({ revision: 5, fence: 3, watchVersion: 2 });
const entering = (seen: typeof slotThere): Change => ({
  kind: 'SLOT',
  before: seen,
  after: { ...seen, revision: seen.revision + 1, fence: seen.fence + 1, entry: { status: 'PLACING', order: recordOf().order } },
  guard: 'ENTRY',
});
const newSlot = (slot: typeof slotThere): Change => ({ kind: 'SLOT', before: null, after: slot, guard: 'STATE' });
const SLOT = 'BOOK#3#SLOT#BTC/USD#main';
const LEDGER = 'BOOK#1#CAPACITY';

const ledger = capacityOf({ free: d('100'), freeOfClass: { stock: d('100'), crypto: d('100') } });
const firstReading = (after: typeof ledger): Change => ({ kind: 'EQUITY', before: null, after });
const claim = (given: Parameters<typeof requirementOf>[0]): Change => ({ kind: 'ROOM', move: moveOf('50'), require: requirementOf(given) });
const halted = (kill: Partial<typeof ledger.kill>): Change => firstReading(capacityOf({ kill: { ...ledger.kill, ...kill } }));
const day = { date: '2026-11-20', equity: d('10000') };
const peak = d('10000');
const marked = capacityOf({ day, peak });
const board = (revision: number, price: string) => ({ revision, quotes: { AAPL: { price: d(price), at: AT } }, bars: {}, features: {} });
const state = (revision: number, tradeCursor: string) => ({ revision, tradeCursor, sightings: {}, resumeAt: null, at: AT });

const RESTORED = { table: 'claimjump-restored', at: AT, fenceFloor: 1_790_000_000, isOpen: true } as const;
const A_STREAK: Passing = { by: 'STREAK', since: AT };

export const GUARDS: readonly Guard[] = [
  { clause: 'slot new', race: 'a slot made twice', item: SLOT, there: [newSlot(slotThere)], late: [newSlot(slotOf())] },
  {
    clause: 'slot state',
    race: 'an entry while another lives in the slot',
    item: SLOT,
    there: [newSlot({ ...slotThere, entry: { status: 'PLACING', order: recordOf().order } })],
    late: [entering(slotThere)],
  },
  { clause: 'slot fence', race: 'an entry after a whole one was missed', item: SLOT, there: [newSlot({ ...slotThere, fence: 4 })], late: [entering(slotThere)] },
  {
    clause: 'slot watch version',
    race: 'an entry at a limit that was moved',
    item: SLOT,
    there: [newSlot({ ...slotThere, watchVersion: 3 })],
    late: [entering(slotThere)],
  },
  {
    clause: 'slot revision',
    race: 'a change of a slot that has moved',
    item: SLOT,
    there: [newSlot({ ...slotThere, revision: 6 })],
    late: [{ kind: 'SLOT', before: slotThere, after: { ...slotThere, revision: 6, lastStolen: { at: AT, cooldownSeconds: 1 } }, guard: 'STATE' }],
  },
  { clause: 'capacity new', race: 'a second first reading', item: LEDGER, there: [firstReading(ledger)], late: [firstReading(capacityOf())] },
  { clause: 'free room', race: 'a claim on room that is gone', item: LEDGER, there: [firstReading(ledger)], late: [claim({ free: d('100.00000001') })] },
  {
    clause: 'free room of class',
    race: 'a claim on room of the class that is gone',
    item: LEDGER,
    there: [firstReading(ledger)],
    late: [claim({ freeOfClass: d('100.00000001') })],
  },
  { clause: 'equity recent', race: 'a claim on equity as old as allowed', item: LEDGER, there: [firstReading(ledger)], late: [claim({ equityAfter: AT })] },
  { clause: 'kill switch', race: 'a claim after the account was reduced', item: LEDGER, there: [halted({ account: 'REDUCING' })], late: [claim({})] },
  { clause: 'kill switch', race: 'a claim after its class was halted', item: LEDGER, there: [halted({ stock: 'HALTED' })], late: [claim({})] },
  { clause: 'kill switch', race: 'a claim after its symbol was halted', item: LEDGER, there: [halted({ symbols: { AAPL: 'HALTED' } })], late: [claim({})] },
  {
    clause: 'kill switch',
    race: 'a send after the symbol was halted',
    item: LEDGER,
    there: [halted({ symbols: { AAPL: 'HALTED' } })],
    late: [{ kind: 'ENTRIES_ALLOWED', symbol: 'AAPL', assetClass: 'stock' }],
  },
  {
    clause: 'kill as seen',
    race: 'a weaker state over a stronger',
    item: LEDGER,
    there: [halted({ account: 'HALTED' })],
    late: [{ kind: 'KILL', scope: { kind: 'ACCOUNT' }, before: 'ACTIVE', state: 'REDUCING' }],
  },
  {
    clause: 'kill as seen',
    race: 'a weaker state over a stronger of a symbol',
    item: LEDGER,
    there: [halted({ symbols: { AAPL: 'HALTED' } })],
    late: [{ kind: 'KILL', scope: { kind: 'SYMBOL', symbol: 'AAPL' }, before: 'ACTIVE', state: 'REDUCING' }],
  },
  ...(['cap', 'capStock', 'capCrypto'] as const).map((name): Guard => {
    const seen = capacityOf({
      cap: d(name === 'cap' ? '1' : '20000'),
      capOfClass: { stock: d(name === 'capStock' ? '1' : '20000'), crypto: d(name === 'capCrypto' ? '1' : '20000') },
    });
    return {
      clause: 'cap as seen',
      race: `a difference from another ${name}`,
      item: LEDGER,
      there: [firstReading(capacityOf())],
      late: [{ kind: 'EQUITY', before: seen, after: { ...capacityOf(), equityAt: AT + 1 } }],
    };
  }),
  {
    clause: 'equity newer',
    race: 'a reading no newer than the one there',
    item: LEDGER,
    there: [firstReading(capacityOf())],
    late: [{ kind: 'EQUITY', before: capacityOf({ equityAt: AT - 1 }), after: capacityOf({ equityAt: AT }) }],
  },
  ...([
    ['a peak forgotten since', { ...marked, peak: null }, marked],
    ['another peak', { ...marked, peak: d('11000') }, marked],
    ['a peak that is there by now', marked, { ...marked, peak: null }],
    ['a day forgotten since', { ...marked, day: null }, marked],
    ['another day', { ...marked, day: { ...day, date: '2026-11-21' } }, marked],
    ['a day of another equity', { ...marked, day: { ...day, equity: d('11000') } }, marked],
    ['a day that is there by now', marked, { ...marked, day: null }],
  ] as const).map(([what, there, seen]): Guard => ({
    clause: 'marks as seen',
    race: `a reading put on ${what}`,
    item: LEDGER,
    there: [firstReading(there)],
    late: [{ kind: 'EQUITY', before: seen, after: { ...seen, equityAt: AT + 1 } }],
  })),
  ...([
    ['a reset of what a person has made their own', null, A_STREAK, null],
    ['a streak that claims what another has claimed', A_STREAK, null, A_STREAK],
    ['a reset of what a person has paused anew since', { by: 'PAUSE', since: AT + 1 }, { by: 'PAUSE', since: AT }, null],
    ['a reset of what was paused since code of before had it reduced', { by: 'PAUSE', since: AT }, { by: 'STREAK', since: 0 }, null],
  ] as const).map(([race, there, before, after]): Guard => ({
    clause: 'passing as seen',
    race,
    item: LEDGER,
    there: [firstReading(capacityOf({ passing: there }))],
    late: [{ kind: 'PASSING', before, after }],
  })),
  ...([
    ['a restore told of by two people at once', RESTORED, null],
    ['an end of a restore that another has followed', { ...RESTORED, table: 'another' }, RESTORED],
  ] as const).map(([race, there, before]): Guard => ({
    clause: 'restore as seen',
    race,
    item: LEDGER,
    there: [firstReading(capacityOf({ restore: there }))],
    late: [{ kind: 'RESTORE', before, after: { ...RESTORED, isOpen: false } }],
  })),
  {
    clause: 'action new',
    race: 'an order planned twice',
    item: 'ACTION#cj-9f86d081884c7d65:PLACE',
    there: [{ kind: 'ACTION', before: null, after: actionOf({ state: 'SENT' }) }],
    late: [{ kind: 'ACTION', before: null, after: actionOf() }],
  },
  {
    clause: 'action state',
    race: 'a second send',
    item: 'ACTION#cj-9f86d081884c7d65:PLACE',
    there: [{ kind: 'ACTION', before: null, after: actionOf({ state: 'SENT' }) }],
    late: [{ kind: 'ACTION', before: actionOf(), after: actionOf({ state: 'SENT' }) }],
  },
  {
    clause: 'action state',
    race: 'an end of an action sent again since',
    item: 'ACTION#cj-9f86d081884c7d65:PLACE',
    there: [{ kind: 'ACTION', before: null, after: actionOf({ state: 'SENT', notSent: 1 }) }],
    late: [{ kind: 'ACTION', before: actionOf({ state: 'SENT' }), after: null }],
  },
  {
    clause: 'action state',
    race: 'an end of an action that has ended',
    item: 'ACTION#cj-9f86d081884c7d65:PLACE',
    there: [],
    late: [{ kind: 'ACTION', before: actionOf({ state: 'SENT' }), after: null }],
  },
  {
    clause: 'order new',
    race: 'an order id used twice',
    item: 'ORDER#cj-9f86d081884c7d65',
    there: [{ kind: 'ORDER', before: null, after: recordOf({ place: 'CLOSED' }) }],
    late: [{ kind: 'ORDER', before: null, after: recordOf() }],
  },
  {
    clause: 'order revision',
    race: 'a report applied to an old state',
    item: 'ORDER#cj-9f86d081884c7d65',
    there: [{ kind: 'ORDER', before: null, after: recordOf({ revision: 2 }) }],
    late: [{ kind: 'ORDER', before: recordOf(), after: recordOf({ revision: 2, place: 'CLOSED' }) }],
  },
  {
    clause: 'fill once',
    race: 'a fill reported twice',
    item: 'FILL#cj-9f86d081884c7d65#t-1',
    there: [{ kind: 'FILL', fill: fillOf() }],
    late: [{ kind: 'FILL', fill: fillOf() }],
  },
  {
    clause: 'steal once',
    race: 'a steal recorded twice',
    item: `BOOK#4#STEAL#00${AT}#MSFT:main#AAPL:main`,
    there: [{ kind: 'STEAL', steal: stealOf() }],
    late: [{ kind: 'STEAL', steal: stealOf() }],
  },
  {
    clause: 'webhook once',
    race: 'a webhook delivered twice',
    item: 'WEBHOOK#w-1',
    there: [{ kind: 'WEBHOOK', id: 'w-1', at: AT }],
    late: [{ kind: 'WEBHOOK', id: 'w-1', at: AT }],
  },
  {
    clause: 'board revision',
    race: 'prices over newer ones',
    item: 'BOOK#2#QUOTES',
    there: [{ kind: 'QUOTES', before: board(0, '1'), after: board(2, '2') }],
    late: [{ kind: 'QUOTES', before: board(1, '1'), after: board(2, '3') }],
  },
  {
    clause: 'board revision',
    race: 'the first prices twice',
    item: 'BOOK#2#QUOTES',
    there: [{ kind: 'QUOTES', before: board(0, '1'), after: board(1, '2') }],
    late: [{ kind: 'QUOTES', before: board(0, '1'), after: board(1, '3') }],
  },
  {
    clause: 'reconcile revision',
    race: 'a run over what a newer one has left',
    item: 'RECONCILE',
    there: [{ kind: 'RECONCILE', before: state(0, ''), after: state(2, 'b') }],
    late: [{ kind: 'RECONCILE', before: state(1, 'a'), after: state(2, 'c') }],
  },
  {
    clause: 'reconcile revision',
    race: 'the first run twice',
    item: 'RECONCILE',
    there: [{ kind: 'RECONCILE', before: state(0, ''), after: state(1, 'a') }],
    late: [{ kind: 'RECONCILE', before: state(0, ''), after: state(1, 'b') }],
  },
];
