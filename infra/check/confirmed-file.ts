// A stage's own file as its checks need it: live confirmed, or not, whatever the file says at present.
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { projectPath } from '../constructs/bundle-recipe.ts';
import { confirmationOf } from '../stage-file.ts';
import type { StageName } from '../stages.ts';

const file = z.record(z.string(), z.unknown());
const traded = z.object({ account: z.string(), place: z.object({ venue: z.string() }) });

/** Reads the file of a stage as it stands. */
export const stageFile = (kind: StageName): Readonly<Record<string, unknown>> =>
  file.parse(JSON.parse(readFileSync(projectPath(`stages/${kind}.json`), 'utf8')));

/** Reads the file of the live stage with the words that confirm it. */
export const confirmedFile = (): Readonly<Record<string, unknown>> => {
  const live = stageFile('live');
  const { account, place } = traded.parse(live);
  return { ...live, confirmation: confirmationOf(account, place.venue) };
};
