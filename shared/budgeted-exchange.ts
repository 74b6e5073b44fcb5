// A venue behind its budget: every read takes its turn first, and whatever a venue says of its limits is noted.
import type { Outcome } from './domain/event.ts';
import type { Priority } from './domain/rate-budget.ts';
import { VenueHeldError, VenueReadError } from './errors.ts';
import type { Budget, Exchange, VenueBatches, VenueCall } from './ports.ts';

/**
 * Puts a budget before an exchange (EX-4, EX-9). Orders take their turn before they are committed to being sent, so that
 * here only their outcomes are noted. Reads throw VenueHeldError where it is not their turn.
 */
export const createBudgetedExchange = (exchange: Exchange, budget: Budget): Exchange => {
  const read = readerOf(budget);
  const sent = async (outcome: Promise<Outcome>): Promise<Outcome> => note(budget, await outcome);
  return {
    traits: exchange.traits,
    batches: exchange.batches === null ? null : notedBatches(exchange.batches, budget),
    place: async (order) => notePlaced(budget, await exchange.place(order)),
    cancel: (order) => sent(exchange.cancel(order)),
    amend: (order) => sent(exchange.amend(order)),
    findOrder: (order) => read('FIND_ORDER', 'URGENT', () => exchange.findOrder(order)),
    openOrders: () => read('OPEN_ORDERS', 'READ', () => exchange.openOrders()),
    conditionalOrders: () => read('CONDITIONAL_ORDERS', 'READ', () => exchange.conditionalOrders()),
    recentTrades: (cursor) => read('TRADES', 'READ', () => exchange.recentTrades(cursor)),
    positions: () => read('POSITIONS', 'READ', () => exchange.positions()),
    findPosition: (symbol) => read('FIND_POSITION', 'READ', () => exchange.findPosition(symbol)),
    markets: () => read('MARKETS', 'READ', () => exchange.markets()),
    quotes: (symbols) => read('QUOTES', 'READ', () => exchange.quotes(symbols)),
    equity: () => read('EQUITY', 'READ', () => exchange.equity()),
  };
};

type Read = <Answer>(call: VenueCall, priority: Priority, ask: () => Promise<Answer>) => Promise<Answer>;

const readerOf =
  (budget: Budget): Read =>
  async (call, priority, ask) => {
    const turn = await budget.ask(call, priority);
    if (turn.kind === 'LATER') throw new VenueHeldError(turn.reason, turn.milliseconds);
    try {
      return await ask();
    } catch (error) {
      if (error instanceof VenueReadError && error.pause !== null) await budget.paused(error.pause);
      throw error;
    }
  };

const note = async (budget: Budget, outcome: Outcome): Promise<Outcome> => {
  if (outcome.kind === 'NOT_SENT' && outcome.pause !== null) await budget.paused(outcome.pause);
  return outcome;
};

const notePlaced = async (budget: Budget, outcome: Outcome): Promise<Outcome> => {
  await budget.placed(outcome);
  return note(budget, outcome);
};

const notedBatches = (batches: VenueBatches, budget: Budget): VenueBatches => {
  const noteAll = async (outcomes: readonly Outcome[], one: typeof note): Promise<readonly Outcome[]> => {
    for (const outcome of outcomes) await one(budget, outcome);
    return outcomes;
  };
  return {
    mostPlaced: batches.mostPlaced,
    mostCancelled: batches.mostCancelled,
    place: async (orders) => noteAll(await batches.place(orders), notePlaced),
    cancel: async (orders) => noteAll(await batches.cancel(orders), note),
  };
};
