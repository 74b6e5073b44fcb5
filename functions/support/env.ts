// The environment that the template gives each function; a function has only the names it uses.
import * as z from 'zod';
import { WRITES } from '../../shared/schema-writes.ts';
import { STOP_MOVES } from '../../shared/venue-traits.ts';

export type RawEnvironment = Readonly<Record<string, string | undefined>>;

/** Says which variable keeps a function from starting, and what it has to be. */
export class EnvironmentError extends Error {
  readonly variable: string;
  readonly expected: string;

  constructor(variable: string, expected: string) {
    super(`${variable}: expected ${expected}`);
    this.name = 'EnvironmentError';
    this.variable = variable;
    this.expected = expected;
  }
}

const filled = (words: string) => z.string({ error: words }).min(1, { error: words });
const address = z.url({ protocol: /^https?$/, error: 'an http or https address' });

const shellEnvironment = z.object({
  ACCOUNT: filled('the account id'),
  TABLE_NAME: filled('the name of the table'),
  VENUE: filled('the name of a venue'),
  VENUE_STOP_MOVES: z.enum(STOP_MOVES, { error: `one of ${STOP_MOVES.join(', ')}` }).optional(),
  /** Which schemas are written: the older until every function runs this release. */
  WRITE_SCHEMAS: z.enum(WRITES, { error: `one of ${WRITES.join(', ')}` }).default('OLDER'),
  /** The table's name again where a backup was restored into it. */
  RESTORED_TABLE: z.string().min(1).optional(),
  AWS_LAMBDA_FUNCTION_NAME: z.string().default('claimjump'),
  /** What all metrics of one pipeline carry as their service. */
  PIPELINE: z.string().default('claimjump'),
  QUOTES_QUEUE_URL: address.optional(),
  STEALS_QUEUE_URL: address.optional(),
  STOPS_QUEUE_URL: address.optional(),
  ACTIONS_QUEUE_URL: address.optional(),
  LOOKUPS_QUEUE_URL: address.optional(),
  WATCHDOGS_QUEUE_URL: address.optional(),
  QUOTE_TICKS_QUEUE_URL: address.optional(),
  RECONCILE_TICKS_QUEUE_URL: address.optional(),
});
const venueEnvironment = z.object({ VENUE_URL: address });
const flag = z.enum(['0', '1'], { error: '0 or 1' }).default('0').transform((value) => value === '1');
const exchangeEnvironment = z.object({
  VENUE_SECRET_NAME: filled('the name of the secret with the exchange\'s keys'),
  VENUE_SANDBOX: z.enum(['0', '1'], { error: '1 for the sandbox or 0 for the real exchange' }).transform((value) => value === '1'),
  ALPACA_FEED: z.enum(['iex', 'sip'], { error: 'iex or sip' }).default('iex'),
  ALPACA_FRACTIONS: flag,
  ALPACA_EXTENDED_HOURS: flag,
});
const topicEnvironment = z.object({ TOPIC_ARN: z.string().regex(/^arn:/, { error: 'the ARN of a topic' }).optional() });
const secretEnvironment = z.object({ WEBHOOK_SECRET_NAME: filled('the name of the webhook secret') });

export type ShellEnvironment = z.infer<typeof shellEnvironment>;

/** Reads what every function needs. @throws EnvironmentError naming the first variable that is wrong */
export const readShellEnvironment = (env: RawEnvironment): ShellEnvironment => read(shellEnvironment, env);

/** Reads where the venue is. @throws EnvironmentError naming the variable */
export const readVenueUrl = (env: RawEnvironment): string => read(venueEnvironment, env).VENUE_URL;

export type ExchangeEnvironment = z.infer<typeof exchangeEnvironment>;

/** Reads how a real exchange is asked. @throws EnvironmentError naming the first variable that is wrong */
export const readExchangeEnvironment = (env: RawEnvironment): ExchangeEnvironment => read(exchangeEnvironment, env);

/** Reads where the webhook secrets are kept. @throws EnvironmentError naming the variable */
export const readWebhookSecretName = (env: RawEnvironment): string => read(secretEnvironment, env).WEBHOOK_SECRET_NAME;

/** Reads which topic people are told through; null where there is none. @throws EnvironmentError naming the variable */
export const readTopicArn = (env: RawEnvironment): string | null => read(topicEnvironment, env).TOPIC_ARN ?? null;

/** Gives the environment of this process. */
export const processEnvironment = (): RawEnvironment => process.env;

const read = <Output>(schema: z.ZodType<Output>, env: RawEnvironment): Output => {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new EnvironmentError(String(issue?.path[0] ?? 'environment'), issue?.message ?? 'another form');
};
