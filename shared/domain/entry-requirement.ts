// What must hold of the account for an entry to be committed (WS-2, WS-8, KS-1).
import type { Capacity } from './account.ts';
import { entriesAllowed } from './account.ts';
import type { Context } from './context.ts';
import type { Decimal } from './decimal.ts';
import type { EntryRequirement, Snapshot } from './decision.ts';
import type { Slot } from './slot.ts';

/** Free room of at least these amounts (they may be negative), equity read recently, and no kill switch set. */
export const roomRequired = (slot: Slot, free: Decimal, freeOfClass: Decimal, context: Context): EntryRequirement => ({
  symbol: slot.symbol,
  assetClass: slot.assetClass,
  free,
  freeOfClass,
  equityAfter: context.now - context.settings.equityMaxAgeSeconds * 1000 - 1,
});

/** Tells whether equity is known and recent (WS-2): exactly at the greatest age it still is. */
export const isEquityRecent = (capacity: Capacity | null, context: Context): capacity is Capacity =>
  capacity !== null && context.now - capacity.equityAt <= context.settings.equityMaxAgeSeconds * 1000;

/** Tells whether a requirement holds of what was read; the commit asks again. */
export const holdsNow = (requirement: EntryRequirement, snapshot: Snapshot): boolean => {
  const { capacity } = snapshot;
  if (capacity === null || capacity.equityAt <= requirement.equityAfter) return false;
  if (!entriesAllowed(capacity.kill, requirement.assetClass, requirement.symbol)) return false;
  return (
    capacity.free.greaterThanOrEqualTo(requirement.free) &&
    capacity.freeOfClass[requirement.assetClass].greaterThanOrEqualTo(requirement.freeOfClass)
  );
};
