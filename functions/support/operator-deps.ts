// Adds what the operator reads beside the account: the journal, the dead letters, the reports, what is known of the venue.
import * as z from 'zod';
import { createDynamoClient } from '../../shared/adapters/dynamo/dynamo-client.ts';
import type { DynamoStoreParts } from '../../shared/adapters/dynamo/dynamo-store.ts';
import { createReports } from '../../shared/adapters/dynamo/reports.ts';
import { createVenueStates } from '../../shared/adapters/dynamo/venue-states.ts';
import { createCloudwatchJournal, createLogsClient } from '../../shared/adapters/journal/cloudwatch-journal.ts';
import { createSqsDeadLetters } from '../../shared/adapters/sqs/dead-letters.ts';
import { createSqsClient } from '../../shared/adapters/sqs/sqs-client.ts';
import type { OperatorDeps } from '../../shared/operator/operator-deps.ts';
import type { DeadLetters, Journal } from '../../shared/ports.ts';
import type { ShellDeps } from '../../shared/shell-deps.ts';
import { countUnits, createShellDeps } from './deps.ts';
import type { ShellOverrides } from './deps.ts';
import { EnvironmentError, readShellEnvironment } from './env.ts';
import type { RawEnvironment } from './env.ts';

/** What a caller may put in the place of what would be built. */
export type OperatorOverrides = ShellOverrides & { readonly journal?: Journal; readonly deadLetters?: DeadLetters };

/**
 * Builds the dependencies of the operator.
 * @throws EnvironmentError or SettingsError naming what in the environment is wrong
 */
export const createOperatorDeps = (raw: RawEnvironment, overrides: OperatorOverrides = {}): OperatorDeps => {
  const dynamoClient = overrides.dynamoClient ?? createDynamoClient();
  const shell = createShellDeps(raw, { ...overrides, dynamoClient });
  const { clock, ids, telemetry } = shell;
  const table: DynamoStoreParts = { client: dynamoClient, tableName: readShellEnvironment(raw).TABLE_NAME, clock, ids, onUnits: countUnits(telemetry) };
  return {
    ...shell,
    journal: overrides.journal ?? journalOf(raw, shell),
    deadLetters: overrides.deadLetters ?? deadLettersOf(raw, overrides),
    reports: createReports(table),
    venueStates: createVenueStates(table, shell.account),
  };
};

const journalOf = (raw: RawEnvironment, { clock }: ShellDeps): Journal => {
  const logGroups = (raw['LOG_GROUPS'] ?? '').split(',').filter((name) => name !== '');
  if (logGroups.length === 0) throw new EnvironmentError('LOG_GROUPS', 'the names of log groups, with commas between');
  return createCloudwatchJournal({ client: createLogsClient(), logGroups, clock });
};

const letters = z.record(z.string(), z.object({ deadLetters: z.url(), source: z.url() }));

const deadLettersOf = (raw: RawEnvironment, { sqsClient }: OperatorOverrides): DeadLetters => {
  const read = letters.safeParse(parsed(raw['DEAD_LETTERS'] ?? ''));
  if (!read.success) throw new EnvironmentError('DEAD_LETTERS', 'JSON: by each queue its deadLetters and its source');
  return createSqsDeadLetters({ client: sqsClient ?? createSqsClient(), queues: read.data });
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
