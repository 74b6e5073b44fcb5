// The relay: what a venue's stream says becomes signed webhooks. The stream rings; what is told was read from the venue, as
// reconcile reads it, so that both say the same of a trade, digit by digit (SL-10).
import type { Millis } from '../../../shared/domain/instant.ts';
import type { StreamNews } from '../../../shared/venue-stream.ts';
import { CatchUp, isOurs } from './catch-up.ts';
import { type LateCause, latenessOf } from './lateness.ts';
import { nameOf } from './log.ts';
import { Memory } from './memory.ts';
import { OrderDesk } from './order-desk.ts';
import { PriceDesk } from './price-desk.ts';
import type { RelayDeps } from './relay-deps.ts';
import { createManners } from './venue-manners.ts';

/** How the relay stands, for whoever asks. */
export interface RelayStatus {
  readonly behindMs: Millis;
  readonly cause: LateCause | null;
  readonly ordersWaiting: number;
  /** Age of the last message of the stream; null before the first. */
  readonly silentMs: Millis | null;
}

export interface Relay {
  /** Runs until it is stopped, and then ends what is under way. */
  run(stop: AbortSignal): Promise<void>;
  status(): RelayStatus;
}

interface Ears {
  heardAt: Millis | null;
  deafSince: Millis | null;
  /** Orders of ours by the venue's id, the last so many: a trade of one needs no catch-up. */
  readonly explained: Set<string>;
}

const MOST_EXPLAINED = 1_000;

/** Puts the relay together. */
export function createRelay(deps: RelayDeps): Relay {
  const { clock } = deps;
  const stopped = new AbortController();
  const parts = { ...deps, manners: createManners(deps), memory: new Memory(deps.progress), stop: stopped.signal };
  const orders = new OrderDesk(parts);
  const prices = new PriceDesk(deps);
  const catchUp = new CatchUp({ ...parts, orders, prices });
  const ears: Ears = { heardAt: null, deafSince: clock.now(), explained: new Set() };
  const desk: Desk = { ...parts, orders, prices, catchUp, ears };
  return {
    run: async (stop) => {
      stop.addEventListener('abort', () => stopped.abort(), { once: true });
      if (stop.aborted) stopped.abort();
      catchUp.want('ALL');
      await Promise.all([deps.stream.run((news) => hear(desk, news), stopped.signal), catchUp.run(), prices.run(stopped.signal), saving(desk)]);
      await orders.settled();
      save(desk);
    },
    status: () => {
      const waiting = orders.waiting();
      const now = clock.now();
      const standing = { now, orderSince: waiting.since, catchUpSince: catchUp.dueSince(), deafSince: ears.deafSince };
      const { milliseconds, cause } = latenessOf(standing);
      return { behindMs: milliseconds, cause, ordersWaiting: waiting.count, silentMs: ears.heardAt === null ? null : now - ears.heardAt };
    },
  };
}

interface Desk extends Pick<RelayDeps, 'clock' | 'log' | 'pace'> {
  readonly orders: OrderDesk;
  readonly prices: PriceDesk;
  readonly catchUp: CatchUp;
  readonly memory: Memory;
  readonly ears: Ears;
  readonly stop: AbortSignal;
}

async function saving({ memory, clock, pace, stop, log }: Desk): Promise<void> {
  let isWritten = true;
  while (!stop.aborted) {
    isWritten = save({ memory, log }, isWritten);
    await clock.pause(pace.saveEveryMs, stop);
  }
}

/** What cannot be written is written later: a relay that ended would forward nothing at all. Returns whether it was. */
function save({ memory, log }: Pick<Desk, 'memory' | 'log'>, wasWritten = true): boolean {
  try {
    memory.save();
    return true;
  } catch (error) {
    if (wasWritten) log('progress_unsaved', { error: nameOf(error) });
    return false;
  }
}

function hear(desk: Desk, news: StreamNews): void {
  desk.ears.heardAt = news.kind === 'LOST' ? desk.ears.heardAt : desk.clock.now();
  switch (news.kind) {
    case 'HEARD':
      return;
    case 'STANDS':
      return hearStands(desk, news);
    case 'LOST':
      return hearLost(desk, news);
    case 'ORDER':
      return hearOrder(desk, news);
    case 'TRADED':
      return void hearTraded(desk, news);
    case 'PRICES':
      return desk.prices.take(news.prices);
    default:
      return unreachable(news);
  }
}

type News<Kind extends StreamNews['kind']> = Extract<StreamNews, { kind: Kind }>;

function hearStands({ ears, log, catchUp }: Desk, { part }: News<'STANDS'>): void {
  log('stream_stands', { part });
  if (part === 'ORDERS') ears.deafSince = null;
  catchUp.want('ALL');
}

function hearLost({ ears, log, clock }: Desk, { part, reason }: News<'LOST'>): void {
  log('stream_lost', { part, reason });
  if (part === 'ORDERS') ears.deafSince ??= clock.now();
}

function hearOrder({ orders, catchUp, ears }: Desk, { order, exchangeOrderId, filledQuantity, isOver }: News<'ORDER'>): void {
  if (!isOurs(order.clientOrderId)) return;
  if (exchangeOrderId !== null) explain(ears, exchangeOrderId);
  if (!orders.ring(order, { filledQuantity, isOver })) catchUp.want('ALL');
}

function explain({ explained }: Ears, exchangeOrderId: string): void {
  explained.delete(exchangeOrderId);
  explained.add(exchangeOrderId);
  const [oldest] = explained;
  if (explained.size > MOST_EXPLAINED && oldest !== undefined) explained.delete(oldest);
}

/** An order that a triggered stop leaves behind bears no id of ours at some venues: its trade does, where it is listed. */
async function hearTraded({ catchUp, ears, clock, pace, stop }: Desk, { exchangeOrderId }: News<'TRADED'>): Promise<void> {
  await clock.pause(pace.explainedWithinMs, stop);
  if (exchangeOrderId === null || !ears.explained.has(exchangeOrderId)) catchUp.want('TRADES');
}

function unreachable(news: never): never {
  throw new Error(`unknown news ${JSON.stringify(news)}`);
}
