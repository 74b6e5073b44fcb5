// What the clock asks for (MH-3): expiry, auto-exit, the reset before the open, crypto out of market hours; and a person's switch.
import { applyEvent, contextOf } from './apply-event.ts';
import type { Capacity, KillScope, KillState } from './domain/account.ts';
import { stateOf } from './domain/account.ts';
import { hoursOf, hoursOfSlot } from './domain/market-time.ts';
import type { Event } from './domain/event.ts';
import type { Millis } from './domain/instant.ts';
import { nextReset } from './domain/session-reset.ts';
import { sessionOfDay } from './domain/session-window.ts';
import type { HoursName } from './domain/session-window.ts';
import { isNyseOpen } from './domain/market-hours.ts';
import { unreachable } from './domain/room.ts';
import type { Snapshot } from './domain/decision.ts';
import { isSameSymbol, normaliseSymbol } from './domain/symbols.ts';
import { InvalidInputError, RestoreUnsettledError } from './errors.ts';
import type { TraceContext } from './ports.ts';
import { unsettledOf } from './restore.ts';
import { serveEntries } from './serve-entries.ts';
import type { ShellDeps } from './shell-deps.ts';
import { sweepDue, sweepExpiry, sweepHalted, sweepReset } from './sweep-slots.ts';

export type SessionKind = 'AUTO_EXIT' | 'EXPIRY' | 'CRYPTO_RUN';

const readBook = (deps: ShellDeps): Promise<Snapshot> => deps.store.load(deps.account, { kind: 'BOOK', stealsSince: null });

const cryptoOnly = (snapshot: Snapshot): Snapshot => ({
  ...snapshot,
  slots: new Map([...snapshot.slots].filter(([, slot]) => slot.assetClass === 'crypto')),
});

const runCrypto = async (deps: ShellDeps, trace: TraceContext): Promise<void> => {
  // Cron knows no holidays: whether crypto is out of hours is the calendar's to say (MH-2).
  if (isNyseOpen(deps.clock.now(), contextOf(deps).calendar)) return;
  await serveEntries(deps, cryptoOnly(await readBook(deps)), trace);
};

// Cron knows no holidays and may come late: on a day without a session, and once it is over, nothing begins anew.
const hasSessionAhead = (deps: ShellDeps, hours: HoursName): boolean => {
  const context = contextOf(deps);
  const session = sessionOfDay(context.now, hoursOf(hours, context));
  return session !== null && (session.closesAt === null || context.now < session.closesAt);
};

/**
 * Resets what follows one market's day before it opens (MH-3), if it opens: yesterday's triggers, failed stops and sales of its slots,
 * and what expired meanwhile. Entries are counted by date and need no reset; a streak of stops is the account's, and is
 * lifted before NYSE opens (KS-2).
 */
export const resetSession = async (deps: ShellDeps, hours: HoursName, trace: TraceContext): Promise<void> => {
  if (!hasSessionAhead(deps, hours)) return;
  if (hours === 'NYSE') await applyEvent(deps, { type: 'SESSION_RESET' }, trace);
  const book = await readBook(deps);
  const slots = new Map([...book.slots].filter(([, slot]) => hoursOfSlot(slot) === hours));
  const moved = await sweepReset(deps, { ...book, slots }, trace);
  await sweepExpiry(deps, moved === 0 ? book : await readBook(deps), trace);
};

/** Runs what a schedule asks for (MH-3). */
export const runSession = async (deps: ShellDeps, kind: SessionKind, trace: TraceContext): Promise<void> => {
  switch (kind) {
    case 'CRYPTO_RUN':
      return runCrypto(deps, trace);
    case 'AUTO_EXIT':
      await sweepDue(deps, await readBook(deps), trace);
      return;
    case 'EXPIRY':
      await sweepExpiry(deps, await readBook(deps), trace);
      return;
    default:
      return unreachable(kind);
  }
};

/** Writes a symbol as its slot does: a person may spell it any way (EW-4). */
const scopeAsKept = (scope: KillScope, book: Snapshot): KillScope => {
  if (scope.kind !== 'SYMBOL') return scope;
  const slot = [...book.slots.values()].find((each) => isSameSymbol(scope.symbol, each.symbol, each.assetClass));
  return { kind: 'SYMBOL', symbol: slot?.symbol ?? normaliseSymbol(scope.symbol) };
};

/** What a person says to the switch; PAUSED is REDUCING until the reset before NYSE next opens, and of the account alone. */
export interface KillOrder {
  readonly scope: KillScope;
  readonly state: KillState | 'PAUSED';
  /** Who says so, for the log; null where it is not known. */
  readonly who: string | null;
  /** Leaves what lets through less as it stands: said in a hurry it must not lift what somebody else has halted. */
  readonly onlyTightens?: boolean;
}

/** What stands after it. `changed` is false where it stood so already, or where what stands is no pause and goes on. */
export interface KillAnswer {
  readonly changed: boolean;
  readonly state: KillState;
  /** When the reset lifts it, epoch milliseconds; null where only a person does. */
  readonly until: Millis | null;
}

/** Says that there is no ledger yet that could keep the switch: no entry can go out, but a person must not believe that it was set. */
export class EquityUnknownError extends Error {
  constructor() {
    super('the kill switch was not set: equity has not been read yet');
    this.name = 'EquityUnknownError';
  }
}

const eventOf = (scope: KillScope, { state, who, onlyTightens = false }: KillOrder): Event => {
  if (state !== 'PAUSED') return { type: 'KILL_SWITCH_SET', scope, state, by: 'PERSON', who, onlyTightens };
  if (scope.kind === 'ACCOUNT') return { type: 'ACCOUNT_PAUSED', who };
  throw new InvalidInputError('scope', 'the account: a class or a symbol is reduced until a person lifts it');
};

const answerOf = (deps: ShellDeps, scope: KillScope, capacity: Capacity, changed: boolean): KillAnswer => {
  const passes = scope.kind === 'ACCOUNT' && capacity.passing !== null;
  return {
    changed,
    state: stateOf(capacity.kill, scope),
    until: passes ? nextReset(deps.clock.now(), deps.calendar) : null,
  };
};

/**
 * Sets the kill switch for a person (KS-1) and, halted, plans the cancels symbol by symbol; reconcile repeats them.
 * @throws EquityUnknownError before the account's equity was first read
 * @throws RestoreUnsettledError while reconcile has not found the account in order since a restore
 * @throws InvalidInputError for a pause of a class or a symbol: they have no session of their own to end with
 */
export const setKillSwitch = async (deps: ShellDeps, order: KillOrder, trace: TraceContext): Promise<KillAnswer> => {
  const scope = scopeAsKept(order.scope, await readBook(deps));
  const applied = await applyEvent(deps, eventOf(scope, order), trace);
  if (applied.reason === 'RESTORE_OPEN') throw new RestoreUnsettledError(await unsettledOf(deps));
  const book = await readBook(deps);
  if (book.capacity === null) throw new EquityUnknownError();
  await sweepHalted(deps, book, trace);
  return answerOf(deps, scope, book.capacity, applied.kind === 'COMMITTED');
};
