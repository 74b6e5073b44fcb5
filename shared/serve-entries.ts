// Serves the watches that may enter, nearest first (EW-8): each claims, or is handed to the function that may steal.
import { applyEvent, contextOf } from './apply-event.ts';
import { createAttempts } from './attempts.ts';
import type { Context } from './domain/context.ts';
import { ZERO } from './domain/decimal.ts';
import type { Snapshot } from './domain/decision.ts';
import { compareDistance } from './domain/distance.ts';
import { judgeEntry } from './domain/entry-eligibility.ts';
import { isHardLevel } from './domain/grid-gate.ts';
import { refOf } from './domain/new-order.ts';
import { isUsableQuote } from './domain/quote.ts';
import type { Quote } from './domain/quote.ts';
import type { Slot } from './domain/slot.ts';
import { compareText } from './domain/text-order.ts';
import type { Watch } from './domain/watch.ts';
import type { TraceContext } from './ports.ts';
import type { ShellDeps } from './shell-deps.ts';

interface Waiting {
  readonly slot: Slot;
  readonly watch: Watch;
  readonly quote: Quote | null;
}

const eligible = (snapshot: Snapshot, context: Context): readonly Waiting[] =>
  [...snapshot.slots.values()].flatMap((slot) => {
    const judged = judgeEntry(slot, snapshot, context);
    if (typeof judged === 'string') return [];
    const quote = snapshot.board.quotes[slot.symbol] ?? null;
    return [{ slot, watch: judged.watch, quote: isUsableQuote(quote, context.now, context.settings) ? quote : null }];
  });

const byDistance = (a: Waiting, b: Waiting): number => {
  if (a.quote === null || b.quote === null) return Number(a.quote === null) - Number(b.quote === null);
  return compareDistance({ limit: a.watch.limit, price: a.quote.price }, { limit: b.watch.limit, price: b.quote.price });
};

/** Orders watches by smallest distance, then greater forecast PnL, then symbol (EW-8); without a quote they come last. */
export const compareWaiting = (a: Waiting, b: Waiting): number =>
  byDistance(a, b) ||
  (b.watch.forecastPnl ?? ZERO).comparedTo(a.watch.forecastPnl ?? ZERO) ||
  compareText(a.slot.symbol, b.slot.symbol) ||
  compareText(a.slot.slot, b.slot.slot);

const askToSteal = async (deps: ShellDeps, slot: Slot, trace: TraceContext): Promise<void> => {
  const { account, ids, queues } = deps;
  const { correlationId } = trace;
  // The nonce lets a watch try again on the next price, which a FIFO queue would drop as a repeat for five minutes.
  await queues.send({ schema: 1, kind: 'STEAL', account, correlationId, ...refOf(slot) }, { nonce: ids.next() });
};

/**
 * Lets every watch of the snapshot that may enter ask for room, in the order of EW-8. Only the first decision rests on
 * the snapshot given; once one has committed, the next is read anew. A watch that fails costs no other its turn.
 * @throws the first failure, once every watch has had its turn
 */
export const serveEntries = async (deps: ShellDeps, snapshot: Snapshot, trace: TraceContext): Promise<void> => {
  const waiting = [...eligible(snapshot, contextOf(deps))].sort(compareWaiting);
  const attempts = createAttempts(deps, trace);
  let first: Snapshot | null = snapshot;
  const serve = async (slot: Slot): Promise<void> => {
    const event = isHardLevel(slot.watch)
      ? ({ type: 'LEVEL_WANTED', ref: refOf(slot) } as const)
      : ({ type: 'ENTRY_WANTED', ref: refOf(slot), maySteal: false } as const);
    const applied = await applyEvent(deps, event, trace, first);
    if (applied.kind === 'COMMITTED') first = null;
    if (applied.reason === 'STEAL_WANTED') await askToSteal(deps, slot, trace);
  };
  for (const { slot } of waiting) await attempts.run(() => serve(slot));
  attempts.finish();
};
