// Reads the account's trades on from where the last run stopped, so that no fill stays unheard (SL-10).
import { applyEvent } from './apply-event.ts';
import { tradesAsReports } from './domain/reconcile-trades.ts';
import type { TradePage } from './ports.ts';
import type { ReconcileRun } from './reconcile-run.ts';

/** A page is applied whole or comes again: an order that cannot be brought in keeps none of the others back. */
const applyPage = async ({ deps, trace, attempts }: ReconcileRun, page: TradePage): Promise<boolean> => {
  let isWhole = true;
  for (const event of tradesAsReports(page.trades)) {
    isWhole = (await attempts.run(() => applyEvent(deps, event, trace))) && isWhole;
  }
  return isWhole;
};

/** Applies page after page; the cursor moves on only behind a page that was applied. */
export const reconcileTrades = async (run: ReconcileRun): Promise<void> => {
  const { deps, attempts } = run;
  for (;;) {
    const cursor = run.tradeCursor();
    const page = await attempts.read(() => deps.exchange.recentTrades(cursor));
    if (page === null || !(await applyPage(run, page)) || page.cursor === null) return;
    run.moveTradeCursor(page.cursor);
    if (!page.more || page.cursor === cursor) return;
  }
};
