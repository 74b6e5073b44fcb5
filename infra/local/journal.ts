// The journal on one machine: what the functions told, the latest of it in memory and, where a run is kept, in a file.
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Clock, Journal, JournalEntry, JournalQuery, Telemetry } from '../../shared/ports.ts';
import { redactFields, redactText } from '../../shared/redaction.ts';

export interface LocalJournal extends Journal {
  /** Writes down one fact, as the log would have it. */
  readonly hear: Telemetry['record'];
}

export interface LocalJournalOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** Null for memory alone. */
  readonly file: string | null;
  /** How many of the latest entries are kept in memory. */
  readonly most?: number;
}

const MOST = 10_000;
/** The list is cut once it has grown by half, so that not every entry moves all the others. */
const SLACK = 1.5;

const stored = z.object({
  at: z.number(),
  level: z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']),
  fact: z.string(),
  message: z.string(),
  fields: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
});

const entryOf = (line: string): readonly JournalEntry[] => {
  try {
    const read = stored.safeParse(JSON.parse(line));
    return read.success ? [read.data] : [];
  } catch {
    // A process that was killed may have left half a line.
    return [];
  }
};

const formerEntries = (file: string | null, most: number): readonly JournalEntry[] =>
  file === null || !existsSync(file) ? [] : readFileSync(file, 'utf8').trimEnd().split('\n').slice(-most).flatMap(entryOf);

const isOf = ({ fields }: JournalEntry, symbol: string): boolean => ['symbol', 'thief', 'victim'].some((name) => fields[name] === symbol);

const matches = (entry: JournalEntry, { symbol, fact, from, to }: JournalQuery): boolean =>
  entry.at >= from && entry.at <= to && (fact === null || entry.fact === fact) && (symbol === null || isOf(entry, symbol));

/** Opens a journal; what a former run left in its file is read again. */
export const createLocalJournal = ({ clock, file, most = MOST }: LocalJournalOptions): LocalJournal => {
  let entries: JournalEntry[] = [...formerEntries(file, most)];
  if (file !== null) mkdirSync(dirname(file), { recursive: true });
  return {
    hear: (note, context) => {
      const fields = { ...redactFields(note.fields), ...context };
      const entry: JournalEntry = { at: clock.now(), level: note.level, fact: note.name, message: redactText(note.message), fields };
      entries.push(entry);
      if (entries.length > most * SLACK) entries = entries.slice(-most);
      if (file !== null) appendFileSync(file, `${JSON.stringify(entry)}\n`);
    },
    read: (query) => Promise.resolve(entries.filter((entry) => matches(entry, query)).slice(-query.most)),
  };
};
