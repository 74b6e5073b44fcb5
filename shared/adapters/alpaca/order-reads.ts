// Orders as the broker has them, with the fills that belong to them, whichever of its ids they live under now.
import { type Decimal, sum } from '../../domain/decimal.ts';
import { MILLIS_PER_SECOND } from '../../domain/instant.ts';
import { isFinal } from '../../domain/order-lifecycle.ts';
import type { OrderReport } from '../../domain/order-report.ts';
import { VenueReadError } from '../../errors.ts';
import { isStock } from './order-terms.ts';
import { type OrderChain, reportOf } from './order-reports.ts';
import type { AlpacaReader } from './reader.ts';
import { type WireFill, type WireOrder, wireFills, wireOrder, wireOrders } from './wire.ts';

/** A replacement is a new order: the one that was placed, and the one that now stands for it. */
export type Replaced = Omit<OrderChain, 'fills'>;

export interface OrderReads {
  /** Finds an order by our id, or by the broker's; null only where the broker says it has none. @throws VenueReadError */
  find(id: { readonly ours: string } | { readonly theirs: string }): Promise<Replaced | null>;
  /** Reports an order with its trades. @throws VenueReadError */
  withTrades(order: Replaced): Promise<OrderReport>;
  /** Every open order, each with the first of its chain. @throws VenueReadError */
  open(): Promise<readonly Replaced[]>;
  /** Our id of an order of the account's, by the broker's; null where the broker does not have it. @throws VenueReadError */
  ourIds(ids: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

/** Longer chains are nobody's orders of ours: whoever moved them can be asked. */
const LONGEST_CHAIN = 100;
const ORDERS_A_PAGE = 500;
const FILLS_A_PAGE = 100;
const MOST_PAGES = 50;
const MOST_REMEMBERED = 2_000;
/** From so many unknown orders on, the newest of the account are listed before each of the rest is asked for. */
const WORTH_LISTING = 4;

/** Makes the reads of orders over a reader; the ids of orders never change, and are remembered. */
export function createOrderReads(read: AlpacaReader): OrderReads {
  const roots = new Map<string, WireOrder>();
  const byId = (orderId: string): Promise<WireOrder | null> =>
    read.find(`order ${orderId}`, wireOrder, ({ orders }) => orders.getOrderByOrderIDRaw({ orderId }));
  const rootOf = async (order: WireOrder): Promise<WireOrder> => {
    const root = roots.get(order.id) ?? (await walk(order, ({ replaces }) => replaces, byId));
    remember(roots, order.id, root);
    return root;
  };
  return {
    find: async (id) => {
      const found = 'theirs' in id ? await byId(id.theirs) : await read.find(`order ${id.ours}`, wireOrder, ({ orders }) =>
        orders.getOrderByClientOrderIdRaw({ clientOrderId: id.ours }));
      return found === null ? null : { root: found, head: await walk(found, headIdOf, byId) };
    },
    withTrades: async (order) => reportOf({ ...order, fills: await fillsOf(read, order) }),
    open: async () => Promise.all((await openOrders(read)).filter(({ symbol }) => symbol !== null && isStock(symbol)).map(async (head) => ({ root: await rootOf(head), head }))),
    ourIds: (ids) => namesOf({ read, roots, byId, rootOf }, ids),
  };
}

type Step = (order: WireOrder) => string | null;

/** Only a replaced order has another in its place. */
function headIdOf({ id, status, replaced_by }: WireOrder): string | null {
  if (status !== 'replaced') return null;
  if (replaced_by === null) throw new VenueReadError(`order ${id} is replaced, and nothing says by what`);
  return replaced_by;
}

/** Goes along a chain to its end. @throws VenueReadError where it breaks off */
async function walk(from: WireOrder, step: Step, byId: (id: string) => Promise<WireOrder | null>): Promise<WireOrder> {
  let order = from;
  for (let length = 0; length < LONGEST_CHAIN; length += 1) {
    const next = step(order);
    if (next === null) return order;
    const found = await byId(next);
    if (found === null) throw new VenueReadError(`order ${next}, in the place of ${order.id}, is not there`);
    order = found;
  }
  throw new VenueReadError(`order ${from.id} was replaced more than ${LONGEST_CHAIN} times`);
}

async function openOrders(read: AlpacaReader): Promise<readonly WireOrder[]> {
  const all: WireOrder[] = [];
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const afterOrderId = all.at(-1)?.id;
    const page = await read.get('open orders', wireOrders, ({ orders }) =>
      orders.getAllOrdersRaw({ status: 'open', direction: 'asc', limit: ORDERS_A_PAGE, ...(afterOrderId === undefined ? {} : { afterOrderId }) }));
    all.push(...page);
    if (page.length < ORDERS_A_PAGE) return all;
  }
  throw new VenueReadError(`more than ${MOST_PAGES} pages of open orders`);
}

/** The fills of an order, oldest first; activities are listed by time alone, so they are read from the newest back. */
async function fillsOf(read: AlpacaReader, order: Replaced): Promise<readonly WireFill[]> {
  const { root, head } = order;
  if (root.id !== head.id) return readFills(read, order, { ids: [...(await idsBetween(read, root, head)), root.id], until: null });
  return head.filled_qty.isZero() ? [] : readFills(read, order, { ids: [root.id], until: head.filled_qty });
}

interface Wanted {
  readonly ids: readonly string[];
  /** Units at which all of them are found; null where nobody says how many there are. */
  readonly until: Decimal | null;
}

async function readFills(read: AlpacaReader, order: Replaced, { ids, until }: Wanted): Promise<readonly WireFill[]> {
  const found: WireFill[] = [];
  let pageToken: string | null = null;
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page: readonly WireFill[] = await pageOfFills(read, { ...order, pageToken });
    found.push(...page.filter((fill) => ids.includes(fill.order_id)));
    const isComplete = until !== null && quantityOf(found).greaterThanOrEqualTo(until);
    if (page.length < FILLS_A_PAGE || isComplete) break;
    pageToken = page.at(-1)?.id ?? null;
  }
  return found.toReversed();
}

async function idsBetween(read: AlpacaReader, root: WireOrder, head: WireOrder): Promise<readonly string[]> {
  const ids: string[] = [];
  await walk(root, headIdOf, async (orderId) => {
    ids.push(orderId);
    return orderId === head.id ? head : read.find(`order ${orderId}`, wireOrder, ({ orders }) => orders.getOrderByOrderIDRaw({ orderId }));
  });
  return ids;
}

function pageOfFills(read: AlpacaReader, { root, head, pageToken }: Replaced & { readonly pageToken: string | null }): Promise<readonly WireFill[]> {
  const ended = head.status === 'filled' ? head.filled_at : null;
  return read.get('fills', wireFills, ({ activities }) =>
    activities.getAccountActivitiesRaw({
      activityTypes: ['FILL'],
      direction: 'desc',
      pageSize: FILLS_A_PAGE,
      after: new Date(root.created_at - MILLIS_PER_SECOND),
      ...(ended === null ? {} : { until: new Date(ended + MILLIS_PER_SECOND) }),
      ...(pageToken === null ? {} : { pageToken }),
    }));
}

function quantityOf(fills: readonly WireFill[]): Decimal {
  return sum(fills.map(({ qty }) => qty));
}

interface Naming {
  readonly read: AlpacaReader;
  readonly roots: Map<string, WireOrder>;
  readonly byId: (id: string) => Promise<WireOrder | null>;
  readonly rootOf: (order: WireOrder) => Promise<WireOrder>;
}

/** Many orders are named by one list of the newest; what is not on it is asked for one by one. */
async function namesOf({ read, roots, byId, rootOf }: Naming, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const unknown = new Set(ids.filter((id) => !roots.has(id)));
  if (unknown.size >= WORTH_LISTING) {
    const newest = await read.get('newest orders', wireOrders, ({ orders }) =>
      orders.getAllOrdersRaw({ status: 'all', direction: 'desc', limit: ORDERS_A_PAGE }));
    // The first of a chain is its own name, and costs nothing to remember.
    for (const order of newest.filter(({ id, replaces }) => replaces === null || unknown.has(id))) await rootOf(order);
  }
  const names = new Map<string, string>();
  for (const id of new Set(ids)) {
    const known = roots.get(id);
    const order = known === undefined ? await byId(id) : null;
    const root = known ?? (order === null ? null : await rootOf(order));
    if (root !== null) names.set(id, root.client_order_id);
  }
  return names;
}

function remember(roots: Map<string, WireOrder>, id: string, root: WireOrder): void {
  roots.set(id, root);
  const oldest = roots.size > MOST_REMEMBERED ? roots.keys().next() : null;
  if (oldest !== null && oldest.done !== true) roots.delete(oldest.value);
}

/** Tells whether anything may still become of a report's order. */
export function isOver(report: OrderReport): boolean {
  return isFinal(report.status);
}
