// The table with a watch beside it: how long commits take and which of them lose is measured here alone (EX-12).
import { committingStore } from './committing-store.ts';
import { ConflictError } from './errors.ts';
import type { Clock, Store, Telemetry } from './ports.ts';

/** What measures. */
export interface Measuring {
  readonly clock: Pick<Clock, 'now'>;
  readonly telemetry: Pick<Telemetry, 'count'>;
}

/** The kind of item in a key such as `BOOK#3#SLOT#AAPL#main`: labels of a metric must be few. */
const itemKind = (item: string): string => /^(?:BOOK#\d#)?([A-Z]+)/.exec(item)?.[1] ?? 'OTHER';

/** Measures every commit of a store (EX-12): its milliseconds, however it ends, and conflicts by the kind of item that lost. */
export const measuredStore = (store: Store, { clock, telemetry }: Measuring): Store =>
  committingStore(store, async (...commitment) => {
    const startedAt = clock.now();
    try {
      await store.commit(...commitment);
    } catch (error) {
      if (error instanceof ConflictError) telemetry.count('commit_conflicts_total', 1, { item: itemKind(error.item) });
      throw error;
    } finally {
      telemetry.count('commit_ms', clock.now() - startedAt);
    }
  });
