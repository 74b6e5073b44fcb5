// `claimjump relay`: reads its configuration, runs until it is told to stop.
import { setTimeout as delay } from 'node:timers/promises';
import { Command, Option } from 'commander';
import { InvalidInputError } from '../../shared/errors.ts';
import { hideSecret, redactError } from '../../shared/redaction.ts';
import { type Endpoints, buildVenue } from './build-relay.ts';
import { createDelivery } from './relay/delivery.ts';
import { lineLog, nameOf } from './relay/log.ts';
import { openProgress } from './relay/progress-file.ts';
import { createRelay } from './relay/relay.ts';
import { type Log, type Pace, type RelayClock, USUAL_PACE } from './relay/relay-deps.ts';
import { logLateness, sendHeartbeats, serveHealth } from './relay/watch-over.ts';
import { type RawConfig, type RelayConfig, readRelayConfig } from './relay-config.ts';

const FLAGS: readonly (readonly [flag: string, environment: string, words: string])[] = [
  ['--venue <name>', 'RELAY_VENUE', 'whose stream is forwarded'],
  ['--account <id>', 'RELAY_ACCOUNT', 'the account of order-webhook'],
  ['--webhook-url <address>', 'RELAY_WEBHOOK_URL', 'where order-webhook is'],
  ['--webhook-secret-file <path>', 'RELAY_WEBHOOK_SECRET_FILE', 'what webhooks are signed with (or RELAY_WEBHOOK_SECRET)'],
  ['--credentials-file <path>', 'RELAY_CREDENTIALS_FILE', 'the keys of the venue, JSON (or RELAY_CREDENTIALS)'],
  ['--symbols <list>', 'RELAY_SYMBOLS', 'whose prices are forwarded, with commas between'],
  ['--state-file <path>', 'RELAY_STATE_FILE', 'where the relay keeps how far it has come'],
  ['--health-port <number>', 'RELAY_HEALTH_PORT', 'where it says on this machine how it stands'],
  ['--behind-seconds <number>', 'RELAY_BEHIND_SECONDS', 'from when on it is behind (15)'],
  ['--heartbeat-url <address>', 'RELAY_HEARTBEAT_URL', 'called while it is not behind'],
  ['--heartbeat-seconds <number>', 'RELAY_HEARTBEAT_SECONDS', 'how often (60)'],
];

/** What a run may be given in the place of what it would take: in tests only. */
export interface RelayIo {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly write: (line: string) => void;
  readonly complain: (line: string) => void;
  readonly stop: AbortSignal;
  readonly endpoints?: Endpoints;
  readonly pace?: Pace;
}

/** Builds the `relay` command; it ends by telling its exit code: 0 stopped, 2 not started. */
export function relayCommand(io: RelayIo, tell: (exitCode: number) => void): Command {
  const command = new Command('relay').description("turns a venue's stream into signed webhooks");
  for (const [flag, environment, words] of FLAGS) command.addOption(new Option(flag, words).env(environment));
  command.addOption(new Option('--sandbox', "the venue's sandbox instead of the venue").env('RELAY_SANDBOX'));
  return command.action(async (options: RawConfig) => {
    const { RELAY_WEBHOOK_SECRET: webhookSecret, RELAY_CREDENTIALS: credentials } = io.environment;
    tell(await runRelay({ webhookSecret, credentials, ...options }, io));
  });
}

async function runRelay(raw: RawConfig, io: RelayIo): Promise<number> {
  const log = lineLog(() => Date.now(), io.write);
  try {
    await relayUntilStopped(readRelayConfig(raw), io, log);
    return 0;
  } catch (error) {
    const told = redactError(error);
    if (!(told instanceof InvalidInputError)) throw told;
    io.complain(told.message);
    return 2;
  }
}

const ANSWER_MS = 10_000;

async function relayUntilStopped(config: RelayConfig, io: RelayIo, log: Log): Promise<void> {
  const { account, symbols, behindMs, healthPort, heartbeatUrl, heartbeatMs } = config;
  for (const secret of [config.webhookSecret, ...Object.values(config.credentials)]) hideSecret(secret);
  const { venue, stream } = await buildVenue(config, io.endpoints ?? null);
  const deliver = createDelivery({ url: config.webhookUrl, secret: config.webhookSecret, timeoutMs: ANSWER_MS, clock: machineClock, log });
  const progress = openProgress(config.stateFile, config);
  const relay = createRelay({ account, symbols, venue, stream, deliver, progress, clock: machineClock, log, pace: io.pace ?? USUAL_PACE });
  const parts = { relay, clock: machineClock, log, behindMs };
  const port = healthPort === null ? null : await serveHealth(parts, healthPort, io.stop);
  log('relay_started', { venue: config.venue, account, symbols: symbols.length, healthPort: port });
  const heartbeats = heartbeatUrl === null ? [] : [sendHeartbeats(parts, heartbeatUrl, heartbeatMs, io.stop)];
  await Promise.all([relay.run(io.stop), logLateness(parts, io.stop), ...heartbeats]);
  log('relay_stopped');
}

const machineClock: RelayClock = {
  now: () => Date.now(),
  fraction: () => Math.random(),
  pause: (milliseconds, stop) => delay(milliseconds, undefined, { signal: stop }).catch(() => undefined),
};

/** Logs what no code waited for, and lives on: the streaming classes leave such promises behind when a connection breaks. */
export const strayFailure =
  (write: RelayIo['write']) =>
  (error: unknown): void =>
    lineLog(() => Date.now(), write)('stray_failure', { error: nameOf(error) });
