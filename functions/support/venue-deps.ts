// Adds the venue for the functions that call it; the others have no exchange client in their bundle. Which venue is built in
// was decided at bundling: the bundle of one knows no other.
import { loadAlpaca } from '../../shared/adapters/alpaca/load-alpaca.ts';
import { loadCcxtVenue } from '../../shared/adapters/ccxt/load-ccxt.ts';
import { createDynamoClient } from '../../shared/adapters/dynamo/dynamo-client.ts';
import type { DynamoStoreParts } from '../../shared/adapters/dynamo/dynamo-store.ts';
import { createVenueStates } from '../../shared/adapters/dynamo/venue-states.ts';
import { createPaperExchange } from '../../shared/adapters/paper/paper-exchange.ts';
import { createSecretsClient } from '../../shared/adapters/secrets/secret-versions.ts';
import { createVenueKeyring } from '../../shared/adapters/secrets/venue-keys.ts';
import type { VenueKeyring, VenueKeys } from '../../shared/adapters/secrets/venue-keys.ts';
import { createBudgetedExchange } from '../../shared/budgeted-exchange.ts';
import type { Budget, Exchange, KeyedVenue } from '../../shared/ports.ts';
import { createSharedBudget } from '../../shared/shared-budget.ts';
import type { ShellDeps, VenueDeps } from '../../shared/shell-deps.ts';
import { tracedExchange } from '../../shared/traced-exchange.ts';
import { findVenueBudget } from '../../shared/venue-budgets.ts';
import { countUnits, createShellDeps } from './deps.ts';
import type { ShellOverrides } from './deps.ts';
import { EnvironmentError, readExchangeEnvironment, readShellEnvironment, readVenueUrl } from './env.ts';
import type { ExchangeEnvironment, RawEnvironment } from './env.ts';
import type { KeyCheckParts } from './key-check.ts';
import { keyedExchange } from './keyed-exchange.ts';

const ANSWER_MILLISECONDS = 10_000;
const BLANK: VenueKeys = { apiKey: 'none', secret: 'bm9uZQ==' };

const ccxt = await loadCcxtVenue();
const connectAlpaca = await loadAlpaca();

/**
 * What a caller may put in the place of what would be built. Addresses and keys of an exchange are for tests on one machine:
 * no environment can set them, and addresses elsewhere than on this machine are refused.
 */
export type VenueOverrides = ShellOverrides & {
  readonly exchange?: Exchange;
  readonly budget?: Budget;
  readonly venueKeyring?: VenueKeyring;
  readonly loopbackVenue?: Readonly<Record<string, string>>;
};

/**
 * Builds the dependencies of a function that calls the venue.
 * @throws EnvironmentError or SettingsError naming what in the environment is wrong
 */
export const createVenueDeps = (raw: RawEnvironment, overrides: VenueOverrides = {}): VenueDeps => {
  // One client: what is known of the venue stands on the same table.
  const dynamoClient = overrides.dynamoClient ?? createDynamoClient();
  const shell = createShellDeps(raw, { ...overrides, dynamoClient });
  const budget = overrides.budget ?? budgetOf(raw, shell, dynamoClient);
  const exchange = overrides.exchange ?? createBudgetedExchange(drawn(exchangeOf(raw, shell, overrides), shell), budget);
  return { ...shell, exchange, budget };
};

const drawn = (exchange: Exchange, { tracing }: ShellDeps): Exchange => (tracing === undefined ? exchange : tracedExchange(exchange, tracing));

const budgetOf = (raw: RawEnvironment, shell: ShellDeps, client: DynamoStoreParts['client']): Budget => {
  const { account, clock, ids, telemetry, traits } = shell;
  const { TABLE_NAME: tableName, WRITE_SCHEMAS: writes } = readShellEnvironment(raw);
  const states = createVenueStates({ client, tableName, writes, clock, ids, onUnits: countUnits(telemetry) }, account);
  return createSharedBudget({ venue: findVenueBudget(traits.venue), states, clock, ids, telemetry });
};

const exchangeOf = (raw: RawEnvironment, shell: ShellDeps, overrides: VenueOverrides): Exchange =>
  shell.traits.venue === 'paper' ? paperOf(raw, shell) : realOf(raw, shell, overrides);

const triesOf = ({ settings, ids, clock }: ShellDeps) => ({
  now: () => clock.now(),
  timeoutMs: ANSWER_MILLISECONDS,
  attempts: settings.retryAttempts,
  fraction: () => ids.fraction(),
});

// The exchange says of itself what the decisions were told of it.
const paperOf = (raw: RawEnvironment, shell: ShellDeps): Exchange =>
  createPaperExchange({
    ...triesOf(shell),
    url: readVenueUrl(raw),
    amends: shell.traits.amends,
    stopMoves: shell.traits.stopMoves,
    quietSeconds: shell.traits.quietSeconds,
  });

const realOf = (raw: RawEnvironment, shell: ShellDeps, overrides: VenueOverrides): Exchange => {
  const env = readExchangeEnvironment(raw);
  const keyring = overrides.venueKeyring ?? keyringOf(env, shell);
  return keyedExchange({ keyring, blank: BLANK, connect: connectionOf(env, shell, overrides), checking: checkingOf(shell) });
};

const checkingOf = ({ account, clock, ids, telemetry }: ShellDeps): KeyCheckParts => ({
  clock,
  tell: (note) => {
    const id = ids.next();
    telemetry.record(note, { account, source: 'action', requestId: id, correlationId: id });
  },
  count: (...counted) => telemetry.count(...counted),
});

const keyringOf = ({ VENUE_SECRET_NAME: secretName }: ExchangeEnvironment, { clock }: ShellDeps): VenueKeyring =>
  createVenueKeyring({ client: createSecretsClient(), secretName, clock });

type Connect = (keys: VenueKeys) => KeyedVenue;

const connectionOf = (env: ExchangeEnvironment, shell: ShellDeps, { loopbackVenue }: VenueOverrides): Connect => {
  const addresses = loopbackVenue === undefined ? null : onThisMachine(loopbackVenue);
  const { venue } = shell.traits;
  if (venue === 'alpaca' && connectAlpaca !== null) return alpacaOf(connectAlpaca, env, shell, addresses);
  if (venue === ccxt?.dialect.venue) return ccxtOf(ccxt, env, shell, addresses);
  throw new EnvironmentError('VENUE', 'the venue that this bundle was made for');
};

type Addresses = Readonly<Record<string, string>> | null;

const ccxtOf =
  ({ dialect, connect }: NonNullable<typeof ccxt>, { VENUE_SANDBOX: sandbox }: ExchangeEnvironment, shell: ShellDeps, urls: Addresses): Connect =>
  (credentials) => connect({ ...triesOf(shell), urls, dialect, traits: shell.traits, credentials, sandbox });

const alpacaOf =
  (connect: NonNullable<typeof connectAlpaca>, env: ExchangeEnvironment, shell: ShellDeps, addresses: Addresses): Connect => {
    const { trading = '', data = '' } = addresses ?? {};
    return ({ apiKey: keyId, secret }) => connect({
      ...triesOf(shell),
      traits: shell.traits,
      credentials: { keyId, secret },
      environment: env.VENUE_SANDBOX ? 'paper' : 'live',
      fractions: env.ALPACA_FRACTIONS,
      extendedHours: env.ALPACA_EXTENDED_HOURS,
      feed: env.ALPACA_FEED,
      urls: addresses === null ? null : { trading, data },
    });
  };

const LOOPBACK = '127.0.0.1';

const onThisMachine = (addresses: Readonly<Record<string, string>>): Readonly<Record<string, string>> => {
  const elsewhere = Object.values(addresses).find((address) => new URL(address).hostname !== LOOPBACK);
  if (elsewhere !== undefined) throw new EnvironmentError('loopbackVenue', `addresses on ${LOOPBACK}`);
  return addresses;
};
