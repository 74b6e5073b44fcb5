// One line of the structured log, read back as the fact that it tells.
import * as z from 'zod';
import type { JournalEntry } from '../../ports.ts';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const level = z.enum(['DEBUG', 'INFO', 'WARN', 'ERROR']);
const line = z.looseObject({ level, fact: z.string(), message: z.string() });

/** What the entry has beside its fields, and what the logger adds of its own. */
const NO_FIELDS: ReadonlySet<string> = new Set(['level', 'fact', 'message', 'timestamp', 'sampling_rate', 'xray_trace_id']);

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Reads a log line; null for one that tells no fact, as metrics and the runtime's own lines do not. */
export const readJournalLine = (text: string, at: number): JournalEntry | null => {
  const read = line.safeParse(parsed(text));
  if (!read.success) return null;
  const fields = Object.entries(read.data).flatMap(([name, value]) => {
    const kept = scalar.safeParse(value);
    return NO_FIELDS.has(name) || !kept.success ? [] : [[name, kept.data] as const];
  });
  const { level: told, fact, message } = read.data;
  return { at, level: told, fact, message, fields: Object.fromEntries(fields) };
};
