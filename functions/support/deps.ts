// Builds what every function is given. What only some of them use stands in files of its own: bundles stay small.
import { nyseCalendar } from '../../shared/adapters/calendar/nyse-calendar.ts';
import { createDynamoClient } from '../../shared/adapters/dynamo/dynamo-client.ts';
import { createDynamoStore } from '../../shared/adapters/dynamo/dynamo-store.ts';
import type { DynamoStoreParts } from '../../shared/adapters/dynamo/dynamo-store.ts';
import { createSqsClient } from '../../shared/adapters/sqs/sqs-client.ts';
import { createSqsQueues } from '../../shared/adapters/sqs/sqs-queues.ts';
import type { QueueUrls, SqsQueuesParts } from '../../shared/adapters/sqs/sqs-queues.ts';
import { randomIds } from '../../shared/adapters/system/random-ids.ts';
import { systemClock } from '../../shared/adapters/system/system-clock.ts';
import { createLambdaTelemetry } from '../../shared/adapters/telemetry/lambda-telemetry.ts';
import { createXray } from '../../shared/adapters/telemetry/xray.ts';
import { measuredStore } from '../../shared/measured-store.ts';
import { QUEUES } from '../../shared/messages.ts';
import type { Queues, Store, Telemetry, VenueTraits } from '../../shared/ports.ts';
import { hideSecretsOf } from '../../shared/redaction.ts';
import { restoreGate } from '../../shared/restore-gate.ts';
import { parseSettings } from '../../shared/settings.ts';
import type { ShellDeps } from '../../shared/shell-deps.ts';
import { findVenueTraits } from '../../shared/venue-traits.ts';
import { EnvironmentError, readShellEnvironment } from './env.ts';
import type { RawEnvironment, ShellEnvironment } from './env.ts';

type Client<Name extends string, Parts extends { readonly client: unknown }> = { readonly [Key in Name]?: Parts['client'] };

/** What a caller may put in the place of what would be built: any port, or the clients beneath two of them. */
export type ShellOverrides = Partial<ShellDeps> &
  Client<'dynamoClient', DynamoStoreParts> &
  Client<'sqsClient', SqsQueuesParts> & {
    /** Hears whatever is recorded, beside the log: on one machine the journal has nothing else to read. */
    readonly listener?: Telemetry['record'];
  };

/**
 * Builds the dependencies of a function that does not call the venue.
 * @throws EnvironmentError or SettingsError naming what in the environment is wrong
 */
export const createShellDeps = (raw: RawEnvironment, overrides: ShellOverrides = {}): ShellDeps => {
  hideSecretsOf(raw);
  const env = readShellEnvironment(raw);
  const system = systemOf(env, overrides);
  return {
    ...system,
    account: overrides.account ?? env.ACCOUNT,
    settings: overrides.settings ?? parseSettings(raw),
    calendar: overrides.calendar ?? nyseCalendar(),
    traits: overrides.traits ?? traitsOf(env),
    store: overrides.store ?? measuredStore(guarded(storeOf(env, overrides, system), env, overrides), system),
    queues: overrides.queues ?? queuesOf(env, overrides),
  };
};

type System = Pick<ShellDeps, 'clock' | 'ids' | 'telemetry' | 'tracing'>;

const systemOf = (env: ShellEnvironment, overrides: ShellOverrides): System => ({
  clock: overrides.clock ?? systemClock,
  ids: overrides.ids ?? randomIds,
  telemetry: heardBy(overrides.listener, overrides.telemetry ?? telemetryOf(env)),
  tracing: overrides.tracing ?? createXray(),
});

const heardBy = (listener: Telemetry['record'] | undefined, telemetry: Telemetry): Telemetry => {
  if (listener === undefined) return telemetry;
  return {
    record: (note, context) => {
      telemetry.record(note, context);
      listener(note, context);
    },
    count: (metric, value, labels) => {
      telemetry.count(metric, value, labels);
    },
  };
};

const telemetryOf = (env: ShellEnvironment): Telemetry =>
  createLambdaTelemetry({ serviceName: env.AWS_LAMBDA_FUNCTION_NAME, pipeline: env.PIPELINE, namespace: 'claimjump' });

const traitsOf = ({ VENUE, VENUE_STOP_MOVES: stopMoves }: ShellEnvironment): VenueTraits => {
  const traits = findVenueTraits(VENUE, stopMoves === undefined ? {} : { stopMoves });
  if (traits === null) throw new EnvironmentError('VENUE', 'a venue that this build knows');
  return traits;
};

const storeOf = (env: ShellEnvironment, overrides: ShellOverrides, { clock, ids, telemetry }: System): Store =>
  createDynamoStore({
    client: overrides.dynamoClient ?? createDynamoClient(),
    tableName: env.TABLE_NAME,
    writes: env.WRITE_SCHEMAS,
    clock,
    ids,
    onUnits: countUnits(telemetry),
  });

const guarded = (store: Store, { RESTORED_TABLE: table, ACCOUNT }: ShellEnvironment, { account = ACCOUNT }: ShellOverrides): Store =>
  table === undefined ? store : restoreGate(store, { account, table });

const queuesOf = (env: ShellEnvironment, { sqsClient }: ShellOverrides): Queues =>
  createSqsQueues({ client: sqsClient ?? createSqsClient(), urls: urlsOf(env), writes: env.WRITE_SCHEMAS });

/** Counts what the table bills. */
export const countUnits =
  (telemetry: Telemetry) =>
  (units: { readonly read: number; readonly write: number }): void => {
    if (units.read > 0) telemetry.count('read_units_total', units.read);
    if (units.write > 0) telemetry.count('write_units_total', units.write);
  };

const MESSAGE_KINDS = ['QUOTES', 'STEAL', 'ACTION', 'STOP_ACTION', 'LOOKUP', 'WATCHDOG', 'QUOTE_TICK', 'RECONCILE_TICK'] as const;

const urlsOf = (env: ShellEnvironment): QueueUrls => {
  const urls: { -readonly [Kind in keyof QueueUrls]: QueueUrls[Kind] } = {};
  for (const kind of MESSAGE_KINDS) {
    const url = env[QUEUES[kind].environment];
    if (url !== undefined) urls[kind] = url;
  }
  return urls;
};
