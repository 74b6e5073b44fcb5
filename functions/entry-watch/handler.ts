// Reads what new prices mean for every watch and position; it has no exchange client.
import type { SQSBatchResponse } from 'aws-lambda';
import { Decimal, MAX_DIGITS } from '../../shared/domain/decimal.ts';
import { isUsableQuote } from '../../shared/domain/quote.ts';
import type { Quote } from '../../shared/domain/quote.ts';
import { quotesMessage } from '../../shared/messages.ts';
import type { QuotesMessage } from '../../shared/messages.ts';
import { readPrices } from '../../shared/read-prices.ts';
import type { ShellDeps } from '../../shared/shell-deps.ts';
import { createShellDeps } from '../support/deps.ts';
import { processEnvironment } from '../support/env.ts';
import { createHouse, lazily } from '../support/handlers.ts';
import type { House } from '../support/handlers.ts';
import { workTogether } from '../support/queue-handler.ts';

const exactQuotes = quotesMessage.refine(
  (message) => message.quotes.every(({ price }) => new Decimal(price).precision() <= MAX_DIGITS),
  { error: `prices of at most ${MAX_DIGITS} digits` },
);

/** Builds the handler: a whole batch of prices is read as one, the newest of each symbol (WS-1). */
export const createHandler = (deps: ShellDeps): House<SQSBatchResponse> =>
  createHouse(deps, 'tick', async (event, trace) =>
    workTogether(deps, event, trace, {
      schema: exactQuotes,
      run: async (messages, together) => {
        const polledOn = messages.flatMap(({ boardRevision }) => boardRevision ?? []);
        await readPrices(deps, newestQuotes(deps, messages), together, polledOn);
      },
    }),
  );

type Messages = readonly QuotesMessage[];

const newestQuotes = (deps: ShellDeps, messages: Messages): Readonly<Record<string, Quote>> => {
  const now = deps.clock.now();
  const usable = (quote: Quote): boolean => isUsableQuote(quote, now, deps.settings);
  const newest = new Map<string, Quote>();
  for (const { symbol, price, at } of messages.flatMap((message) => message.quotes)) {
    const offered = { price: new Decimal(price), at };
    const known = newest.get(symbol);
    // A price from the future would otherwise hide the good one beside it.
    const better = known === undefined || (usable(known) === usable(offered) ? known.at < at : usable(offered));
    if (better) newest.set(symbol, offered);
  }
  return Object.fromEntries(newest);
};

export { createShellDeps as createDeps };
export const handler = lazily(() => createHandler(createShellDeps(processEnvironment())));
