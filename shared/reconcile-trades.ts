// Reads the account's trades on from where the last run stopped, so that no fill stays unheard (SL-10).
import { applyEvent } from './apply-event.ts';
import { tradesAsReports } from './domain/reconcile-trades.ts';
import type { TradedOrder } from './domain/reconcile-trades.ts';
import type { TradePage } from './ports.ts';
import { findOrphan } from './reconcile-orphans.ts';
import type { ReconcileRun } from './reconcile-run.ts';

/** A trade of an order that no record knows tells of one of ours that was lost, if its id proves it (EX-11). */
const applyTrades = async (run: ReconcileRun, { event, side }: TradedOrder): Promise<void> => {
  if (await findOrphan(run, event.report, side)) return;
  await applyEvent(run.deps, event, run.trace);
};

/** A page is applied whole or comes again: an order that cannot be brought in keeps none of the others back. */
const applyPage = async (run: ReconcileRun, page: TradePage): Promise<boolean> => {
  let isWhole = true;
  for (const traded of tradesAsReports(page.trades)) {
    isWhole = (await run.attempts.run(() => applyTrades(run, traded))) && isWhole;
  }
  return isWhole;
};

/** A venue that promises more behind the same place would be asked for ever. */
const isMoreBehind = (page: TradePage, cursor: string | null): boolean => page.more && page.cursor !== null && page.cursor !== cursor;

/** Applies one page; tells whether there is another. The cursor moves on only behind a page that was applied. */
const readPage = async (run: ReconcileRun): Promise<boolean> => {
  const cursor = run.tradeCursor();
  const page = await run.attempts.read(() => run.deps.exchange.recentTrades(cursor));
  if (page === null || !(await applyPage(run, page))) return false;
  if (page.cursor !== null) run.moveTradeCursor(page.cursor);
  if (!page.more) run.finishReading('TRADES');
  return isMoreBehind(page, cursor);
};

/** Applies page after page of the account's trades (SL-10). */
export const reconcileTrades = async (run: ReconcileRun): Promise<void> => {
  while (await readPage(run));
};
