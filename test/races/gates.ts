// A gate before and after the effect of every call to the table and to the venue; between two turns nothing is under way.
import type { Change } from '../../shared/domain/decision.ts';
import type { Exchange, Store } from '../../shared/ports.ts';
import type { Turns } from './turns.ts';

/** One actor kept waiting at one of its gates until all others have come to their end. */
export interface HeldBack {
  readonly actor: number;
  readonly gate: number;
}

const turnOfLoop = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

/** Makes those who pass take turns. */
export class Gates {
  readonly passed: string[] = [];
  readonly #turns: Turns;
  readonly #heldBack: HeldBack | null;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #actors: string[] = [];
  readonly #counts = new Map<string, number>();
  #release: (() => void) | null = null;

  constructor(turns: Turns, heldBack: HeldBack | null) {
    this.#turns = turns;
    this.#heldBack = heldBack;
  }

  /** Makes one call between its two gates; a call that fails passes the second as well. */
  async call<Answer>(actor: string, name: string, effect: () => Promise<Answer>): Promise<Answer> {
    await this.#pass(actor, `before ${name}`);
    const running = effect();
    const settled = running.then(() => undefined, () => undefined);
    this.#underWay.add(settled);
    await settled;
    this.#underWay.delete(settled);
    await this.#pass(actor, `after ${name}`);
    return running;
  }

  /** Runs actors at once, one call at a time; answers with what fell over. */
  async run(actors: readonly (readonly [string, () => Promise<unknown>])[]): Promise<readonly string[]> {
    this.#actors.push(...actors.map(([name]) => name));
    const failures: string[] = [];
    const running = actors.map(([name, act]) =>
      act().catch((error: unknown) => void failures.push(`${name}: ${error instanceof Error ? error.message : String(error)}`)),
    );
    await this.#quiet();
    while (this.#turns.waiting() > 0 || this.#release !== null) {
      if (this.#turns.waiting() > 0) await this.#turns.next();
      else this.#letGo();
      await this.#quiet();
    }
    await Promise.all(running);
    return failures;
  }

  #letGo(): void {
    const release = this.#release;
    this.#release = null;
    release?.();
  }

  async #pass(actor: string, what: string): Promise<void> {
    const count = this.#counts.get(actor) ?? 0;
    this.#counts.set(actor, count + 1);
    if (this.#isHeldBack(actor, count)) await new Promise<void>((resolve) => void (this.#release = resolve));
    else await this.#turns.wait(`${actor} ${what}`);
    this.passed.push(`${actor} ${what}`);
  }

  #isHeldBack(actor: string, count: number): boolean {
    if (this.#heldBack === null || this.#actors.length === 0) return false;
    return this.#actors[this.#heldBack.actor % this.#actors.length] === actor && this.#heldBack.gate === count;
  }

  async #quiet(): Promise<void> {
    do {
      await Promise.all(this.#underWay);
      await turnOfLoop();
    } while (this.#underWay.size > 0);
  }
}

const describeChange = (change: Change): string => {
  if (change.kind === 'SLOT') return `SLOT(${change.after.entry.status}/${change.after.position.status})`;
  if (change.kind !== 'ACTION') return change.kind;
  return `ACTION(${change.after === null ? 'done' : `${change.after.intent.kind} ${change.after.state}`})`;
};

export type Call = <Answer>(name: string, effect: () => Promise<Answer>) => Promise<Answer>;

/** A store whose every call goes through the gates. */
export const gatedStore = (store: Store, call: Call): Store => ({
  load: (account, scope) => call(`load ${scope.kind}`, () => store.load(account, scope)),
  commit: (account, changes, owner) => call(`commit ${changes.map(describeChange).join(' ')}`, () => store.commit(account, changes, owner)),
  findAction: (account, actionId) => call('findAction', () => store.findAction(account, actionId)),
  openActions: (account) => call('openActions', () => store.openActions(account)),
  audit: (account) => call('audit', () => store.audit(account)),
  findMarket: (account, symbol) => call('findMarket', () => store.findMarket(account, symbol)),
  saveMarkets: (account, markets) => call('saveMarkets', () => store.saveMarkets(account, markets)),
});

/** A venue whose every call goes through the gates. */
export const gatedExchange = (exchange: Exchange, call: Call): Exchange => ({
  traits: exchange.traits,
  batches: null,
  place: (order) => call(`place ${order.intent.side}`, () => exchange.place(order)),
  cancel: (order) => call('cancel', () => exchange.cancel(order)),
  amend: (order) => call('amend', () => exchange.amend(order)),
  findOrder: (order) => call('findOrder', () => exchange.findOrder(order)),
  openOrders: () => call('openOrders', () => exchange.openOrders()),
  conditionalOrders: () => call('conditionalOrders', () => exchange.conditionalOrders()),
  recentTrades: (cursor) => call('recentTrades', () => exchange.recentTrades(cursor)),
  findPosition: (symbol) => call('findPosition', () => exchange.findPosition(symbol)),
  positions: () => call('positions', () => exchange.positions()),
  markets: () => call('markets', () => exchange.markets()),
  quotes: (symbols) => call('quotes', () => exchange.quotes(symbols)),
  equity: () => call('equity', () => exchange.equity()),
});
