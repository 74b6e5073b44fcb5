// Adds what a day's report needs: where reports are kept and who is told of them.
import { createDynamoClient } from '../../shared/adapters/dynamo/dynamo-client.ts';
import { createReports } from '../../shared/adapters/dynamo/reports.ts';
import { createSnsClient, createSnsNotices } from '../../shared/adapters/sns/sns-notices.ts';
import type { ReportDeps } from '../../shared/daily-report.ts';
import type { Notices, Reports } from '../../shared/ports.ts';
import { countUnits, createShellDeps } from './deps.ts';
import type { ShellOverrides } from './deps.ts';
import { readShellEnvironment, readTopicArn } from './env.ts';
import type { RawEnvironment } from './env.ts';

/** What a caller may put in the place of what would be built. */
export type SessionOverrides = ShellOverrides & { readonly reports?: Reports; readonly notices?: Notices | null };

/**
 * Builds the dependencies of the scheduled runs.
 * @throws EnvironmentError or SettingsError naming what in the environment is wrong
 */
export const createSessionDeps = (raw: RawEnvironment, overrides: SessionOverrides = {}): ReportDeps => {
  const dynamoClient = overrides.dynamoClient ?? createDynamoClient();
  const shell = createShellDeps(raw, { ...overrides, dynamoClient });
  const { clock, ids, telemetry } = shell;
  const tableName = readShellEnvironment(raw).TABLE_NAME;
  return {
    ...shell,
    reports: overrides.reports ?? createReports({ client: dynamoClient, tableName, clock, ids, onUnits: countUnits(telemetry) }),
    notices: overrides.notices === undefined ? noticesOf(raw) : overrides.notices,
  };
};

const noticesOf = (raw: RawEnvironment): Notices | null => {
  const topicArn = readTopicArn(raw);
  return topicArn === null ? null : createSnsNotices({ client: createSnsClient(), topicArn });
};
