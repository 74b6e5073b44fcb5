// Compares what we hold with what the venue holds for us (SL-11, EX-7); only what was seen twice is concluded from.
import { adoptSlot } from './adopt-position.ts';
import { applyEvent } from './apply-event.ts';
import { ZERO } from './domain/decimal.ts';
import type { PositionDifference } from './domain/position-sync.ts';
import { reportedBy } from './domain/reconcile-orders.ts';
import { explainedOf, isExplained, isOurs, isQuiet, isSettled, mismatches, mismatchKey } from './domain/reconcile-positions.ts';
import type { Slot } from './domain/slot.ts';
import { ordersIn } from './domain/slot-orders.ts';
import type { Market, VenuePosition } from './ports.ts';
import { askFor } from './reconcile-orders.ts';
import { readSlots } from './reconcile-run.ts';
import type { ReconcileRun } from './reconcile-run.ts';
import { sweepHalted } from './sweep-slots.ts';

interface Mismatch {
  readonly found: PositionDifference;
  readonly market: Market;
  readonly averagePrice: VenuePosition['averagePrice'];
}

const tellUnlisted = ({ deps, trace }: ReconcileRun, { symbol, difference }: PositionDifference): void => {
  const message = `${symbol}: the venue holds what it does not list`;
  deps.telemetry.record({ name: 'POSITION_UNLISTED', level: 'ERROR', message, fields: { symbol, difference: difference.toFixed() } }, trace);
};

const tellDisagreement = ({ deps, trace }: ReconcileRun, { symbol, exchange }: PositionDifference, asked: VenuePosition | null): void => {
  const fields = { symbol, listed: exchange.toFixed(), asked: asked?.quantity.toFixed() ?? '0' };
  const message = `${symbol}: listed with ${fields.listed} and, asked for by itself, with ${fields.asked}; nothing is concluded`;
  deps.telemetry.record({ name: 'POSITION_DISPUTED', level: 'WARN', message, fields }, trace);
};

const marketsOf = async ({ deps }: ReconcileRun, symbols: readonly string[]): Promise<ReadonlyMap<string, Market>> => {
  const markets = new Map<string, Market>();
  for (const symbol of symbols) {
    const market = await deps.store.findMarket(deps.account, symbol);
    if (market !== null) markets.set(symbol, market);
  }
  return markets;
};

/** Differences above one lot of their market; what the venue holds and does not list cannot be judged, and is told. */
const findMismatches = async (run: ReconcileRun, slots: readonly Slot[], positions: readonly VenuePosition[]): Promise<readonly Mismatch[]> => {
  const differing = mismatches(slots, positions, new Map()).map(({ symbol }) => symbol);
  const markets = await marketsOf(run, differing);
  const lots = new Map([...markets].map(([symbol, market]) => [symbol, market.rules.lotSize]));
  return mismatches(slots, positions, lots).flatMap((found): readonly Mismatch[] => {
    const market = markets.get(found.symbol);
    if (market !== undefined) {
      const averagePrice = positions.find(({ symbol }) => symbol === found.symbol)?.averagePrice ?? null;
      return [{ found, market, averagePrice }];
    }
    tellUnlisted(run, found);
    return [];
  });
};

/** An order of ours may explain the difference: each live one of the symbol is asked for by itself (SL-11). */
const askForAll = async (run: ReconcileRun, slots: readonly Slot[], symbol: string): Promise<void> => {
  for (const slot of slots.filter((each) => each.symbol === symbol)) {
    for (const { order } of ordersIn(slot)) {
      const report = await askFor(run, order, symbol);
      if (report !== null) await applyEvent(run.deps, reportedBy(report), run.trace);
    }
  }
};

const haltEntries = async ({ deps, trace }: ReconcileRun): Promise<void> => {
  await sweepHalted(deps, await deps.store.load(deps.account, { kind: 'BOOK', stealsSince: null }), trace);
};

const judge = async (run: ReconcileRun, { found, market, averagePrice: listedPrice }: Mismatch, slots: readonly Slot[]): Promise<void> => {
  const { symbol, exchange: quantity } = found;
  await askForAll(run, slots, symbol);
  const ours = explainedOf(await readSlots(run.deps), symbol);
  if (!ours.equals(explainedOf(slots, symbol))) return;
  // A list may have been cut without a word: only the answer for this very symbol is believed (SL-11).
  const asked = await run.deps.exchange.findPosition(symbol);
  if (!(asked?.quantity ?? ZERO).equals(quantity)) return tellDisagreement(run, found, asked);
  const { assetClass, rules } = market;
  const averagePrice = asked?.averagePrice ?? listedPrice;
  const event = { type: 'POSITION_SEEN', symbol, assetClass, quantity, averagePrice, ours, lotSize: rules.lotSize } as const;
  const applied = await applyEvent(run.deps, event, run.trace);
  if (applied.kind === 'COMMITTED') await haltEntries(run);
};

/** A foreign position that an order of ours without a record explains is adopted (SL-11); what explains nothing is forgotten. */
const adoptExplained = async (run: ReconcileRun, apart: readonly Mismatch[]): Promise<void> => {
  if (!run.sighted().some(isOurs)) return;
  const foreign = (await readSlots(run.deps)).filter((slot) => slot.position.status === 'FOREIGN');
  for (const slot of foreign) {
    const { position } = slot;
    if (position.status !== 'FOREIGN' || !isExplained(run.sighted(), slot.symbol, position.quantity)) continue;
    await run.attempts.run(() => adoptSlot(run.deps, slot, run.trace));
  }
  const open = new Set(apart.map(({ found }) => found.symbol));
  for (const key of run.sighted()) if (isSettled(key, open)) run.forget(key);
};

/**
 * Does what was put off, but for symbols that still differ: their positions are looked at again first. It comes before
 * an adoption, so that a stop without a record is cancelled just before the position gets its own (SL-7).
 */
const takeUpPutOff = async (run: ReconcileRun, apart: readonly Mismatch[], positions: readonly VenuePosition[]): Promise<void> => {
  const works = run.takePutOff();
  if (works.length === 0) return;
  const lots = new Map(apart.map(({ found, market }) => [found.symbol, market.rules.lotSize]));
  const differing = new Set(mismatches(await readSlots(run.deps), positions, lots).map(({ symbol }) => symbol));
  for (const work of works) {
    if (!lots.has(work.symbol) || !differing.has(work.symbol)) await run.attempts.run(work.run);
  }
};

/** What our orders have done since explains positions: where it could not be read, nothing is concluded from them. */
const isExplainable = (run: ReconcileRun): boolean => run.hasRead('ORDERS') && run.hasRead('TRADES');

/**
 * Compares positions in both directions. An answer that failed says nothing of any; a difference counts once two runs
 * have seen it with nothing of its symbol under way, and our own orders, each asked for, do not explain it.
 */
export const reconcilePositions = async (run: ReconcileRun): Promise<void> => {
  const { deps, attempts } = run;
  const positions = isExplainable(run) ? await attempts.read(() => deps.exchange.positions()) : null;
  if (positions === null) return;
  const slots = await readSlots(deps);
  const apart = await findMismatches(run, slots, positions);
  // Whether anything is under way matters only where something differs.
  const actions = apart.length === 0 ? [] : await deps.store.openActions(deps.account);
  for (const mismatch of apart) {
    const wasSeen = run.see(mismatchKey(mismatch.found));
    // Seen it may be in motion, too: what a venue refuses for lack of the position is tried at every look.
    if (!wasSeen || !isQuiet(slots, actions, mismatch.found.symbol, deps.clock.now())) continue;
    await attempts.run(() => judge(run, mismatch, slots));
  }
  run.settle('POSITION');
  await takeUpPutOff(run, apart, positions);
  await adoptExplained(run, apart);
};
