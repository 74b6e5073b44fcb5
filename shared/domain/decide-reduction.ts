// What a plan's wish to reduce a position means (EX-1, EW-6): scheduled once, changed or withdrawn by a newer plan.
import type { Context } from './context.ts';
import { ZERO } from './decimal.ts';
import type { Decision, Snapshot } from './decision.ts';
import { slotKey } from './decision.ts';
import { EMPTY_DRAFT, commit, ignore, moveSlot, note } from './draft.ts';
import type { Event } from './event.ts';
import type { Held } from './position-moves.ts';
import { isHeld } from './position-moves.ts';
import { paused, isSameWish, reductionOf } from './reduction.ts';
import type { Asked } from './reduction.ts';
import type { Position, Reduction, ReductionTerms, Slot } from './slot.ts';

type Planned = Extract<Event, { type: 'REDUCTION_PLANNED' }>;

/** Versions of reductions stand beside those of watches: a name of a strategy has no such sign. */
const versionKey = (strategy: string): string => `reduce#${strategy}`;

const isOld = ({ planVersions }: Slot, { strategy, planVersion }: Planned): boolean =>
  (planVersions[versionKey(strategy)] ?? -1) >= planVersion || (planVersions[strategy] ?? -1) > planVersion;

const holderOf = ({ watch, pending, position }: Slot): string | null => {
  if (isHeld(position) && position.reduction !== null) return position.reduction.strategy;
  return (pending?.kind === 'WATCH' ? pending.watch : watch)?.strategy ?? null;
};

/** A slice that is out ends by itself, and nothing follows it; otherwise nothing is left of a reduction that is not wanted. */
const withdrawn = (known: Reduction): Reduction | null =>
  known.step.status === 'SELLING' ? { ...known, wanted: { ...known.wanted, quantity: ZERO }, total: known.sold } : null;

/** What of a reduction a person or a chart is told. */
const fieldsOf = (reduction: Reduction | null) =>
  reduction === null ? {} : { total: reduction.total.toFixed(), slices: reduction.slices, sold: reduction.sold.toFixed() };

const isWanted = (wanted: ReductionTerms | null | undefined): wanted is ReductionTerms => wanted?.quantity.greaterThan(ZERO) === true;

const committed = (slot: Slot, position: Held, event: Planned, reduction: Reduction | null): Decision => {
  const planVersions = { ...slot.planVersions, [versionKey(event.strategy)]: event.planVersion };
  const name = isWanted(reduction?.wanted) ? 'REDUCTION_PLANNED' : 'REDUCTION_WITHDRAWN';
  const fields = { symbol: slot.symbol, version: event.planVersion, ...fieldsOf(reduction) };
  return commit({
    ...EMPTY_DRAFT,
    slots: [moveSlot(slot, { ...slot, planVersions, position: { ...position, reduction } })],
    notes: [note(name, `${slot.symbol}: ${name.toLowerCase().replaceAll('_', ' ')}`, fields)],
  });
};

const asked = (slot: Slot, position: Held, event: Planned, terms: { wanted: ReductionTerms; context: Context }): Decision => {
  const { wanted, context } = terms;
  const { reduction: known } = position;
  if (known !== null && isSameWish(known.wanted, wanted)) return committed(slot, position, event, known);
  const wish: Asked = { strategy: event.strategy, terms: wanted };
  const next = reductionOf({ ...position, reduction: paused(known, context.now) }, wish, context);
  return typeof next === 'string' ? ignore(next) : committed(slot, position, event, next);
};

/** What is on its way out may come back, where its sale fails: the end of a wish holds for that, too, and no new one. */
const isFor = (position: Position, { wanted }: Planned): position is Held =>
  isHeld(position) && (position.status === 'OPEN' || !isWanted(wanted));

const whyNotHeard = (slot: Slot, event: Planned): string | null => {
  const holder = holderOf(slot) ?? event.strategy;
  if (holder !== event.strategy) return 'SYMBOL_TAKEN';
  return isOld(slot, event) ? 'OLD_VERSION' : null;
};

/**
 * Decides on a plan's wish to reduce a position (EX-1): an older or equal version changes nothing (EW-6), the same wish
 * again goes on as it was, another changes it, none ends it. What holds nothing, or is left already, is NOT_HELD.
 */
export const decideReductionPlanned = (event: Planned, snapshot: Snapshot, context: Context): Decision => {
  const slot = snapshot.slots.get(slotKey(event.ref));
  if (slot === undefined || !isFor(slot.position, event)) return ignore('NOT_HELD');
  const { position } = slot;
  const reason = whyNotHeard(slot, event);
  if (reason !== null) return ignore(reason);
  if (isWanted(event.wanted)) return asked(slot, position, event, { wanted: event.wanted, context });
  return position.reduction === null ? ignore('NOT_REDUCING') : committed(slot, position, event, withdrawn(position.reduction));
};
