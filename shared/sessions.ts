// What the clock asks for (MH-3): expiry, auto-exit, the reset before the open, crypto out of market hours; and a person's switch.
import { applyEvent, contextOf } from './apply-event.ts';
import type { KillScope, KillState } from './domain/account.ts';
import { hoursOfSlot } from './domain/market-time.ts';
import type { HoursName } from './domain/session-window.ts';
import { isNyseOpen } from './domain/market-hours.ts';
import { unreachable } from './domain/room.ts';
import type { Snapshot } from './domain/decision.ts';
import { isSameSymbol, normaliseSymbol } from './domain/symbols.ts';
import type { TraceContext } from './ports.ts';
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

/**
 * Resets what follows one market's day before it opens (MH-3): yesterday's triggers, failed stops and sales of its slots,
 * and what expired meanwhile. Entries are counted by date and need no reset; a streak of stops is the account's, and is
 * lifted before NYSE opens (KS-2).
 */
export const resetSession = async (deps: ShellDeps, hours: HoursName, trace: TraceContext): Promise<void> => {
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

/**
 * Sets the kill switch for a person (KS-1) and, halted, plans the cancels symbol by symbol; reconcile repeats them.
 * @throws Error before the account's equity was first read: there is no ledger yet to keep the switch, and no entry
 * can go out, but a person must not believe that it was set
 */
export const setKillSwitch = async (
  deps: ShellDeps,
  scope: KillScope,
  state: KillState,
  trace: TraceContext,
): Promise<void> => {
  const kept = scopeAsKept(scope, await readBook(deps));
  const applied = await applyEvent(deps, { type: 'KILL_SWITCH_SET', scope: kept, state, by: 'PERSON' }, trace);
  if (applied.reason === 'CAPACITY_UNKNOWN') throw new Error('the kill switch was not set: equity has not been read yet');
  await sweepHalted(deps, await readBook(deps), trace);
};
