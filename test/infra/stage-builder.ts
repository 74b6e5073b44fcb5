// Stages for tests: the project's own files with what a test changes in them, through the real reader.
import { readFileSync } from 'node:fs';
import { parseStage } from '../../infra/stage-file.ts';
import type { Stage, StageName } from '../../infra/stages.ts';

export type Change = Readonly<Record<string, unknown>>;

export const fileOf = (kind: StageName): Change => JSON.parse(readFileSync(`stages/${kind}.json`, 'utf8'));

/** A stage's own file with other fields in the place of some. */
export const stageWith = (kind: StageName, change: Change = {}): Stage => parseStage(kind, `stages/${kind}.json`, { ...fileOf(kind), ...change });

/** A live stage that trades the account `fund` at Kraken, or at another exchange. */
export const krakenFile = ({ venue = 'kraken', ...place }: { readonly venue?: string } & Change = {}, change: Change = {}): Change => ({
  ...fileOf('live'),
  account: 'fund',
  place: { kind: 'EXCHANGE', venue, secretName: 'fund/kraken', sandbox: false, ...place },
  confirmation: `account fund trades with real money at ${venue}`,
  ...change,
});

export const krakenStage = (place: Parameters<typeof krakenFile>[0] = {}, change: Change = {}): Stage => parseStage('live', 'live.json', krakenFile(place, change));
