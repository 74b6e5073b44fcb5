// Whose order a report is of: the sender knows a secret, which says nothing about which orders are this account's.
import type { OrderReport } from '../../shared/domain/order-report.ts';
import type { Snapshot } from '../../shared/domain/decision.ts';
import { isSameSymbol, normaliseSymbol } from '../../shared/domain/symbols.ts';
import type { ShellDeps } from '../../shared/shell-deps.ts';
import { InputError } from '../support/input-error.ts';

const FIELD = 'order.symbol';

/**
 * Refuses a report under a symbol that is not its order's, and one of an order that nobody knows under a symbol that this
 * account's venue does not list: a fill of an unknown order halts its symbol (SL-13).
 * @throws InputError (403)
 */
export const requireOwnSymbol = async (deps: ShellDeps, report: OrderReport, snapshot: Snapshot): Promise<void> => {
  const record = snapshot.orders.get(report.clientOrderId);
  if (record === undefined) return requireListed(deps, report.symbol);
  if (isSameSymbol(report.symbol, record.ref.symbol, record.assetClass)) return;
  throw new InputError(403, FIELD, 'the symbol of this order');
};

const requireListed = async ({ store, account }: ShellDeps, symbol: string): Promise<void> => {
  const spellings = new Set([normaliseSymbol(symbol, 'stock'), normaliseSymbol(symbol, 'crypto')]);
  for (const spelling of spellings) if ((await store.findMarket(account, spelling)) !== null) return;
  throw new InputError(403, FIELD, 'a symbol of this account');
};
