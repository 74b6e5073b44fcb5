// Each saved query names fields that the lines of the log have, and finds in them what it is about.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DASHBOARD_QUERIES } from '../../../infra/watch/dashboard-graphs.ts';
import { SAVED_QUERIES } from '../../../infra/watch/saved-queries.ts';
import { beforeSteal } from '../../support/steal-world.ts';
import { CAUSES } from './causes.ts';
import { Probe } from './probe.ts';
import { PIPELINE, resourcesOf } from './watched-stack.ts';

type Line = Readonly<Record<string, unknown>>;

const QUERIES = { ...SAVED_QUERIES, ...DASHBOARD_QUERIES };
const names = Object.keys(QUERIES).map((name) => [name, Object.entries(QUERIES).find(([each]) => each === name)?.[1] ?? ''] as const);

const commandOf = (query: string, command: string): string =>
  query.split('\n').map((line) => line.replace(/^\| /, '')).find((line) => line.startsWith(`${command} `))?.slice(command.length + 1) ?? '';

/** The names in a command that are neither words of the language, texts nor CloudWatch's own. */
const fieldsIn = (command: string): readonly string[] =>
  [...command.replace(/"[^"]*"|\/[^/]*\//g, '').matchAll(/(?<![@\w])[A-Za-z]\w*/g)]
    .map(([name]) => name)
    .filter((name) => !['or', 'and', 'like', 'ispresent', 'max', 'as', 'by', 'bin', 'asc', 'desc', 'entries'].includes(name));

const isClauseTrue = (clause: string, line: Line): boolean => {
  const [, equalField = '', text] = /^(\w+) = "(.*)"$/.exec(clause) ?? [];
  if (text !== undefined) return line[equalField] === text.replace('SYMBOL', 'AAPL');
  const [, present] = /^ispresent\((\w+)\)$/.exec(clause) ?? [];
  if (present !== undefined) return line[present] !== undefined && line[present] !== null;
  const [, more = '', than] = /^(\w+) > (\d+)$/.exec(clause) ?? [];
  if (than !== undefined) return typeof line[more] === 'number' && Number(line[more]) > Number(than);
  if (clause.startsWith('@message like')) return false;
  throw new Error(`cannot read ${clause}`);
};

const isFound = (query: string, line: Line): boolean =>
  commandOf(query, 'filter').split(' or ').some((part) => part.split(' and ').every((clause) => isClauseTrue(clause, line)));

describe('SL-14 a saved query', () => {
  const log: Line[] = [];
  beforeAll(async () => {
    for (const name of ['race-detected', 'anomaly-detected', 'stops-refused', 'capacity-mismatch', 'order-latency']) {
      const probe = new Probe();
      await CAUSES.get(name)?.(probe);
      log.push(...probe.log);
    }
    const probe = new Probe();
    const world = probe.watch(await beforeSteal());
    await world.tick({ MSFT: '101' });
    await world.tick({ MSFT: '100.1' });
    world.venue.fill(world.order('MSFT').clientOrderId, '10');
    await world.drain();
    log.push(...probe.log);
  });

  it.each(names)('%s finds lines of the log', (_name, query) => {
    expect(log.filter((line) => isFound(query, line))).not.toEqual([]);
  });

  it.each(names)('%s shows fields that those lines have', (_name, query) => {
    const found = log.filter((line) => isFound(query, line));
    const fields = ['fields', 'sort', 'stats', 'filter'].flatMap((command) => fieldsIn(commandOf(query, command)));
    const absent = fields.filter((field) => !found.some((line) => line[field] !== undefined));
    // Only the taker and the giver of room are told without being the symbol of a line.
    expect(absent.filter((field) => field !== 'thief' && field !== 'victim')).toEqual([]);
  });

  it.each(['service', 'source', 'fact', 'message', 'account', 'requestId', 'correlationId'])('is asked of lines that all have %s', (field) => {
    expect(log.filter((line) => typeof line[field] !== 'string')).toEqual([]);
  });

  it('is asked of the logs of all functions, in a folder of the pipeline', () => {
    const saved = resourcesOf('AWS::Logs::QueryDefinition').map(([, query]) => query);
    expect(saved.map(({ Name }) => Name).toSorted()).toEqual(Object.keys(SAVED_QUERIES).map((name) => `${PIPELINE}/${name}`).toSorted());
    const functions = resourcesOf('AWS::Lambda::Function').map(([, { LoggingConfig }]) => JSON.stringify(LoggingConfig.LogGroup));
    for (const { LogGroupNames } of saved) expect(LogGroupNames.map((name: unknown) => JSON.stringify(name)).toSorted()).toEqual(functions.toSorted());
  });
});
