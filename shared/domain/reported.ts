import type { Context } from './context.ts';
import type { OrderRecord, Snapshot } from './decision.ts';
import type { PricedPart } from './order-progress.ts';
import type { OrderReport } from './order-report.ts';
import type { Order, Slot } from './slot.ts';

/** Everything a report is judged with. */
export interface Reported {
  readonly snapshot: Snapshot;
  readonly slot: Slot;
  readonly record: OrderRecord;
  readonly report: OrderReport;
  readonly before: Order;
  readonly after: Order;
  readonly parts: readonly PricedPart[];
  readonly context: Context;
}
