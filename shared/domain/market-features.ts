// What is kept of a symbol that a grid watches, so that its fills can be estimated (FP-1): its range and its order flow.
import { addQuote } from './bar.ts';
import type { Bar } from './bar.ts';
import type { WantedBars } from './event.ts';
import { addRange } from './natr.ts';
import type { RangeSeen } from './natr.ts';
import { NO_FLOW, addPrice } from './order-flow.ts';
import type { OrderFlow } from './order-flow.ts';
import type { Quote } from './quote.ts';

/** The bar that is being built, what the whole ones before it say, and who made the prices. */
export interface MarketFeatures {
  readonly building: Bar | null;
  readonly range: RangeSeen | null;
  readonly flow: OrderFlow;
}

const NOTHING_SEEN: MarketFeatures = { building: null, range: null, flow: NO_FLOW };

/** Adds a price to what is known of its symbol; one of before the session says nothing of it. */
export const addToFeatures = (
  known: MarketFeatures | undefined,
  { before, quote, grid }: { readonly before: Quote | undefined; readonly quote: Quote; readonly grid: WantedBars['grid'] },
): MarketFeatures => {
  const seen = known ?? NOTHING_SEEN;
  if (quote.at < grid.opensAt) return seen;
  const step = addQuote(seen.building, quote, grid);
  return {
    building: step.building,
    range: step.completed === null ? seen.range : addRange(seen.range, step.completed),
    flow: before === undefined ? seen.flow : addPrice(seen.flow, before.price, quote.price),
  };
};
