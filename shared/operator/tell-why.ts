// Why a symbol did or did not get room, stop, fill: the present state explained, then the course from the journal.
import type { JournalAnswer, WhyAnswer } from './answers.ts';
import type { OperatorDeps } from './operator-deps.ts';
import { readBook } from './read-book.ts';
import { explainSlot } from '../domain/explain.ts';
import { explainAccount } from '../domain/explain-account.ts';
import type { Known } from '../domain/explain-words.ts';
import type { Slot } from '../domain/slot.ts';
import { isSameSymbol, isSymbol, normaliseSymbol } from '../domain/symbols.ts';
import { InvalidInputError } from '../errors.ts';
import { findMarketOf } from '../plan-watch.ts';
import type { JournalEntry } from '../ports.ts';

const HOUR_MS = 3_600_000;

/** How far back the journal is read, and how much of it at most. */
export interface Lookback {
  readonly hours: number;
  readonly most: number;
}

const slotsOf = (symbol: string, { snapshot }: Known): readonly Slot[] =>
  [...snapshot.slots.values()].filter((slot) => isSameSymbol(symbol, slot.symbol, slot.assetClass));

const keptName = async (deps: OperatorDeps, symbol: string, slots: readonly Slot[]): Promise<string> => {
  const [slot] = slots;
  if (slot !== undefined) return slot.symbol;
  return (await findMarketOf(deps, { symbol, assetClass: null }, 'symbol')).symbol;
};

const readJournal = async (deps: OperatorDeps, symbol: string | null, { hours, most }: Lookback): Promise<readonly JournalEntry[]> => {
  const to = deps.clock.now();
  return deps.journal.read({ symbol, fact: null, from: to - hours * HOUR_MS, to, most });
};

// What stands is known without the journal; that it could not be read is part of the answer.
const tryJournal = async (deps: OperatorDeps, symbol: string, lookback: Lookback): Promise<Pick<WhyAnswer, 'journal' | 'fault'>> => {
  try {
    return { journal: toldOf(await readJournal(deps, symbol, lookback)), fault: null };
  } catch {
    return { journal: null, fault: 'the journal could not be read' };
  }
};

const toldOf = (entries: readonly JournalEntry[]): JournalAnswer['entries'] => entries.map((entry) => ({ ...entry, fields: { ...entry.fields } }));

/**
 * Explains a symbol in any spelling: what stands now, and how it came to it.
 * @throws InvalidInputError naming the field where no slot has it and the venue does not list it
 */
export const tellWhy = async (deps: OperatorDeps, symbol: string, lookback: Lookback): Promise<WhyAnswer> => {
  if (!isSymbol(symbol)) throw new InvalidInputError('symbol', 'a symbol');
  const known = await readBook(deps);
  const slots = slotsOf(symbol, known);
  const name = await keptName(deps, symbol, slots);
  const outbox = { actions: await deps.store.openActions(deps.account), quietSeconds: deps.traits.quietSeconds };
  return {
    kind: 'WHY',
    at: known.context.now,
    symbol: name,
    account: explainAccount(known),
    slots: slots.map((slot) => ({ slot: slot.slot, reasons: [...explainSlot(slot, outbox, known)] })),
    ...(await tryJournal(deps, name, lookback)),
  };
};

/** Tells what the journal has of a symbol, or of everything. @throws JournalError where it cannot be read */
export const tellJournal = async (deps: OperatorDeps, symbol: string | null, lookback: Lookback): Promise<JournalAnswer> => {
  const name = symbol === null ? null : await nameInJournal(deps, symbol);
  return { kind: 'JOURNAL', at: deps.clock.now(), symbol: name, entries: toldOf(await readJournal(deps, name, lookback)) };
};

// What was never listed may have been told of all the same.
const nameInJournal = async (deps: OperatorDeps, symbol: string): Promise<string> => {
  const [slot] = slotsOf(symbol, await readBook(deps));
  return slot?.symbol ?? normaliseSymbol(symbol);
};
