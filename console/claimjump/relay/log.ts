// The relay's log: one JSON object a line. Messages of others are left out, since a venue's may hold an address with a key.
import * as z from 'zod';
import { redactText } from '../../../shared/redaction.ts';
import type { Log } from './relay-deps.ts';

/** Writes lines to the standard output, which containers and systemd keep. */
export function lineLog(now: () => number, write: (line: string) => void): Log {
  return (event, facts = {}) => write(redactText(JSON.stringify({ at: new Date(now()).toISOString(), event, ...facts })));
}

const named = z.object({ name: z.string() });

/** The name of what was thrown, and nothing that it says. */
export function nameOf(error: unknown): string {
  return named.safeParse(error).data?.name ?? 'unknown';
}
