// The paper venue's memory: one line for each accepted command, written before anybody is told of it.
import { closeSync, fstatSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { VenueCommand } from './venue-model.ts';
import { amendBody, millis, notNegative, placeBody, positiveDecimal } from './venue-wire.ts';

const JOURNAL_FILE = 'paper-venue.jsonl';

/** Schema 2 knows stop prices; a journal of schema 1 has none, and is gone on with. */
const SCHEMA = 2;

/** `sequence` is the venue's number after the command, so that a replay that goes another way is noticed. */
const sequence = millis;
const journalEntry = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('OPENED'), schema: z.literal([1, 2]) }),
  z.object({ kind: z.literal('SETTLED'), webhook: z.int().positive() }),
  z.object({
    kind: z.literal('PRICES'),
    stepId: z.string(),
    at: millis,
    prices: z.array(
      z.object({ symbol: z.string(), price: positiveDecimal, volume: notNegative.nullable().default(null), sellable: z.boolean() }),
    ),
    sequence,
  }),
  z.object({ kind: z.literal('PLACE'), at: millis, order: placeBody, sequence }),
  z.object({ kind: z.literal('CANCEL'), at: millis, clientOrderId: z.string(), sequence }),
  z.object({ kind: z.literal('AMEND'), at: millis, clientOrderId: z.string(), ...amendBody.shape, sequence }),
]);

/** A command that was accepted, or a webhook that needs no more sending. */
export type JournalEntry = z.infer<typeof journalEntry>;
export type WrittenEntry = (VenueCommand & { readonly sequence: number }) | Extract<JournalEntry, { kind: 'OPENED' | 'SETTLED' }>;

/** Says which line of a journal cannot be read or does not fit the venue's configuration. */
export class VenueJournalError extends Error {
  readonly line: number;

  constructor(line: number, problem: string, options?: ErrorOptions) {
    super(`line ${line} of the paper venue's journal: ${problem}`, options);
    this.name = 'VenueJournalError';
    this.line = line;
  }
}

export interface VenueJournal {
  /** What was written before, oldest first. */
  readonly entries: readonly JournalEntry[];
  /** Writes one line; when it returns, the line outlives the process. */
  append(entry: WrittenEntry): void;
  close(): void;
}

/** A journal that forgets, for venues that need not outlive their process. */
export const NO_JOURNAL: VenueJournal = { entries: [], append: () => undefined, close: () => undefined };

/**
 * Opens the journal of a data folder, and makes both where they are missing. A last line that was torn by a crash is
 * cut off: its command was never answered.
 * @throws VenueJournalError for any other line that cannot be read
 */
export function openJournal(folder: string): VenueJournal {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, JOURNAL_FILE);
  const file = openSync(path, 'a+');
  const { entries, length } = readEntries(readFileSync(path, 'utf8'));
  if (fstatSync(file).size > length) ftruncateSync(file, length);
  const append = (entry: WrittenEntry): void => {
    writeSync(file, `${JSON.stringify(entry)}\n`);
  };
  if (entries.length === 0) append({ kind: 'OPENED', schema: SCHEMA });
  return { entries, append, close: () => closeSync(file) };
}

function readEntries(text: string): { readonly entries: readonly JournalEntry[]; readonly length: number } {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  const lines = whole.split('\n').slice(0, -1);
  return { entries: lines.map((line, index) => readEntry(line, index + 1)), length: Buffer.byteLength(whole) };
}

function readEntry(line: string, number: number): JournalEntry {
  try {
    return journalEntry.parse(JSON.parse(line));
  } catch (error) {
    throw new VenueJournalError(number, 'not an entry', { cause: error });
  }
}
