// An exchange whose keys are fetched when it is first asked, and fetched again when it does not take them any more.
import { isProtectiveId } from '../../shared/domain/client-order-id.ts';
import type { Outcome } from '../../shared/domain/event.ts';
import { VenueReadError } from '../../shared/errors.ts';
import type { Exchange, KeyedVenue, PlaceOrder, VenueBatches } from '../../shared/ports.ts';
import { createKeyCheck } from './key-check.ts';
import type { KeyCheck, KeyCheckParts } from './key-check.ts';

export interface Keyring<Keys> {
  read(): Promise<readonly Keys[]>;
  doubt(): void;
}

export interface KeyedExchangeParts<Keys> {
  readonly keyring: Keyring<Keys>;
  /** What stands for the keys until they are needed. */
  readonly blank: Keys;
  readonly connect: (keys: Keys) => KeyedVenue;
  readonly checking: KeyCheckParts;
}

/** The word of every venue's table for keys that it does not take. */
const NOT_AUTHORISED = 'NOT_AUTHORISED';

/**
 * Builds an exchange that is connected at its first call (EX-9). Without keys nothing is sent: orders are NOT_SENT, and reads
 * throw VenueReadError. Keys that an order was turned away with are not used again while there are others, and with those that
 * can withdraw no entry is sent; whatever protects or ends a position is.
 */
export function keyedExchange<Keys>(parts: KeyedExchangeParts<Keys>): Exchange {
  const { traits, batches } = parts.connect(parts.blank);
  const use = connections(parts);
  const order = (send: (exchange: Exchange) => Promise<Outcome>): Promise<Outcome> =>
    sending(use, async ({ exchange }) => [await send(exchange)], 1).then(([outcome]) => outcome ?? UNSENT);
  const place = (placed: PlaceOrder): Promise<Outcome> =>
    placing(use, [placed], async (exchange) => [await exchange.place(placed)]).then(([outcome]) => outcome ?? UNSENT);
  const read = async <Answer>(ask: (exchange: Exchange) => Promise<Answer>): Promise<Answer> => {
    const { exchange, doubt } = await use.forReading();
    try {
      return await ask(exchange);
    } catch (error) {
      doubt();
      throw error;
    }
  };
  return {
    traits,
    batches: batches === null ? null : keyedBatches(batches, use),
    place,
    cancel: (cancelled) => order((exchange) => exchange.cancel(cancelled)),
    amend: (amended) => order((exchange) => exchange.amend(amended)),
    findOrder: (ref) => read((exchange) => exchange.findOrder(ref)),
    openOrders: () => read((exchange) => exchange.openOrders()),
    conditionalOrders: () => read((exchange) => exchange.conditionalOrders()),
    recentTrades: (cursor) => read((exchange) => exchange.recentTrades(cursor)),
    positions: () => read((exchange) => exchange.positions()),
    findPosition: (symbol) => read((exchange) => exchange.findPosition(symbol)),
    markets: () => read((exchange) => exchange.markets()),
    quotes: (symbols) => read((exchange) => exchange.quotes(symbols)),
    equity: () => read((exchange) => exchange.equity()),
  };
}

interface Connection {
  readonly exchange: Exchange;
  readonly check: KeyCheck;
  /** Has the keys read again: they may have changed. */
  readonly doubt: () => void;
  /** Puts these keys aside. */
  readonly refuse: () => void;
}

interface Connections {
  /** @throws VenueReadError where there are no keys */
  forReading(): Promise<Connection>;
  /** Null where there are no keys. */
  forSending(): Promise<Connection | null>;
}

const UNSENT: Outcome = { kind: 'NOT_SENT', reason: 'NO_KEYS', pause: null };

function connections<Keys>({ keyring, connect, checking }: KeyedExchangeParts<Keys>): Connections {
  const refused = new Set<string>();
  let held: { readonly id: string; readonly exchange: Exchange; readonly check: KeyCheck } | null = null;
  const open = async (): Promise<Connection> => {
    const given = (await keyring.read()).map((keys) => ({ id: JSON.stringify(keys), keys }));
    const [first] = given;
    if (first === undefined) throw new VenueReadError('the exchange has no keys');
    const usable = given.find(({ id }) => !refused.has(id));
    // All were turned away: the venue may have been wrong, so they are tried again from the first on.
    if (usable === undefined) refused.clear();
    const { id, keys } = usable ?? first;
    if (held?.id !== id) {
      const exchange = connect(keys);
      held = { id, exchange, check: createKeyCheck(exchange, checking) };
    }
    const { exchange, check } = held;
    return { exchange, check, doubt: () => keyring.doubt(), refuse: () => refused.add(id) };
  };
  return {
    forReading: async () => {
      try {
        return await open();
      } catch (cause) {
        throw new VenueReadError('the keys of the exchange could not be read', { cause });
      }
    },
    forSending: async () => open().catch(() => null),
  };
}

async function sending(
  use: Connections,
  send: (connection: Connection) => Promise<readonly Outcome[]>,
  count: number,
): Promise<readonly Outcome[]> {
  const connection = await use.forSending();
  if (connection === null) return Array.from({ length: count }, () => UNSENT);
  const outcomes = await send(connection);
  if (outcomes.some(isTurnedAway)) {
    connection.refuse();
    connection.doubt();
  }
  return outcomes;
}

/** Sends what may be sent with the key in one go; the outcomes come in the order of what was given. */
function placing(use: Connections, orders: readonly PlaceOrder[], send: (exchange: Exchange, orders: readonly PlaceOrder[]) => Promise<readonly Outcome[]>): Promise<readonly Outcome[]> {
  return sending(use, async ({ exchange, check }) => {
    const held = orders.some(mayBegin) ? await check() : null;
    const sent = held === null ? orders : orders.filter((order) => !mayBegin(order));
    const outcomes = sent.length === 0 ? [] : await send(exchange, sent);
    if (held === null) return outcomes;
    return orders.map((order) => (mayBegin(order) ? held : (outcomes[sent.indexOf(order)] ?? NO_ANSWER)));
  }, orders.length);
}

const NO_ANSWER: Outcome = { kind: 'UNKNOWN', reason: 'the batch has no answer for it' };

function mayBegin({ clientOrderId, intent }: PlaceOrder): boolean {
  return !intent.reduceOnly && !isProtectiveId(clientOrderId);
}

function isTurnedAway(outcome: Outcome): boolean {
  return (outcome.kind === 'NOT_SENT' && outcome.reason === NOT_AUTHORISED) || (outcome.kind === 'REFUSED' && outcome.code === NOT_AUTHORISED);
}

function keyedBatches({ mostPlaced, mostCancelled }: VenueBatches, use: Connections): VenueBatches {
  const unsent = (count: number): readonly Outcome[] => Array.from({ length: count }, () => UNSENT);
  return {
    mostPlaced,
    mostCancelled,
    place: (orders) => placing(use, orders, async ({ batches }, sent) => batches?.place(sent) ?? unsent(sent.length)),
    cancel: (orders) => sending(use, async ({ exchange: { batches } }) => batches?.cancel(orders) ?? unsent(orders.length), orders.length),
  };
}
