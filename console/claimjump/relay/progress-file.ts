// The file in which a relay keeps how far it has come.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { InvalidInputError } from '../../../shared/errors.ts';
import type { Progress, ProgressStore } from './relay-deps.ts';

const SCHEMA = 1;
const progressFile = z.object({
  schema: z.literal(SCHEMA), venue: z.string(), account: z.string(), cursor: z.string().nullable(), live: z.record(z.string(), z.string()),
});

/** Keeps the progress of one account at one venue in a file. */
export function openProgress(path: string, { venue, account }: { readonly venue: string; readonly account: string }): ProgressStore {
  return {
    /** @throws InvalidInputError for a file of another account, or that is none of a relay's */
    load: () => {
      if (!existsSync(path)) return { cursor: null, live: {} };
      const kept = readKept(path);
      if (kept.venue !== venue || kept.account !== account) throw new InvalidInputError('stateFile', `a file of ${account} at ${venue}`);
      return { cursor: kept.cursor, live: kept.live };
    },
    save: (progress: Progress) => {
      const next = `${path}.next`;
      writeFileSync(next, JSON.stringify({ schema: SCHEMA, venue, account, ...progress }), { mode: 0o600, flush: true });
      renameSync(next, path);
    },
  };
}

function readKept(path: string): z.infer<typeof progressFile> {
  try {
    return progressFile.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new InvalidInputError('stateFile', 'a file that a relay has written', { cause });
  }
}
