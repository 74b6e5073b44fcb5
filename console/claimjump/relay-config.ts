// What a relay is told, by flags or environment, and its secrets, by files or environment. What is wrong is named, never shown.
import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { normaliseSymbol } from '../../shared/domain/symbols.ts';
import { seconds } from '../../shared/domain/instant.ts';
import type { Millis } from '../../shared/domain/instant.ts';
import { InvalidInputError } from '../../shared/errors.ts';

export interface RelayConfig {
  readonly venue: string;
  readonly account: string;
  readonly webhookUrl: string;
  readonly webhookSecret: string;
  readonly credentials: Readonly<Record<string, string>>;
  readonly symbols: readonly string[];
  readonly sandbox: boolean;
  readonly stateFile: string;
  /** Port of the health endpoint on the loopback, 0 for any; null for none. */
  readonly healthPort: number | null;
  readonly behindMs: Millis;
  readonly heartbeatUrl: string | null;
  readonly heartbeatMs: Millis;
}

export type RawConfig = Readonly<Record<string, string | boolean | undefined>>;

const filled = (words: string) => z.string({ error: words }).trim().min(1, { error: words });
const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);
const NOWHERE = { protocol: '', hostname: '' };
const addressWords = 'an https address, or http on this machine';
const address = z.url({ protocol: /^https?$/, error: addressWords }).refine(isSafe, { error: addressWords });
const whole = (least: number, greatest: number) => {
  const words = `a whole number from ${least} to ${greatest}`;
  return z.string({ error: words }).regex(/^\d{1,6}$/, { error: words }).transform(Number)
    .pipe(z.number().min(least, { error: words }).max(greatest, { error: words }));
};
const SECRET_WORDS = 'the webhook secret, at least 16 letters, by --webhook-secret-file or RELAY_WEBHOOK_SECRET';
const KEYS_WORDS = 'the keys as a JSON object of texts, by --credentials-file or RELAY_CREDENTIALS';

const relayConfig = z.object({
  venue: filled('the name of a venue'),
  account: filled('the account id'),
  webhookUrl: address,
  symbols: z.string().default('').transform((text) => text.split(',').map((symbol) => symbol.trim()).filter((symbol) => symbol !== '')),
  sandbox: z.boolean().default(false),
  stateFile: filled('a file that may be written'),
  healthPort: whole(0, 65_535).optional(),
  behindSeconds: whole(1, 3_600).default(15),
  heartbeatUrl: address.optional(),
  heartbeatSeconds: whole(1, 86_400).default(60),
});

function isSafe(text: string): boolean {
  const { protocol, hostname } = URL.canParse(text) ? new URL(text) : NOWHERE;
  return protocol === 'https:' || LOOPBACK.has(hostname);
}

/** Reads what a relay needs. @throws InvalidInputError naming the first field that is wrong */
export function readRelayConfig(raw: RawConfig): RelayConfig {
  const read = valid(relayConfig, raw);
  const { behindSeconds, heartbeatSeconds, healthPort = null, heartbeatUrl = null, symbols, ...rest } = read;
  return {
    ...rest,
    healthPort,
    heartbeatUrl,
    symbols: symbols.map(symbolOf),
    behindMs: seconds(behindSeconds),
    heartbeatMs: seconds(heartbeatSeconds),
    webhookSecret: secretOf(raw),
    credentials: credentialsOf(raw),
  };
}

function valid<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new InvalidInputError(String(issue?.path[0] ?? 'configuration'), issue?.message ?? 'another form');
}

function symbolOf(text: string): string {
  try {
    return normaliseSymbol(text, 'crypto');
  } catch (cause) {
    throw new InvalidInputError('symbols', 'pairs such as BTC/USD, with commas between', { cause });
  }
}

function secretOf({ webhookSecretFile, webhookSecret }: RawConfig): string {
  const secret = fileOr(webhookSecretFile, webhookSecret, 'webhookSecretFile')?.trim() ?? '';
  if (secret.length < 16) throw new InvalidInputError('webhookSecret', SECRET_WORDS);
  return secret;
}

const keys = z.record(z.string(), z.string().min(1));

// Neither the text nor the parser's complaint is handed on: both hold keys.
function credentialsOf({ credentialsFile, credentials }: RawConfig): RelayConfig['credentials'] {
  const text = fileOr(credentialsFile, credentials, 'credentialsFile');
  const read = keys.safeParse(text === null ? null : jsonOf(text));
  if (read.success && Object.keys(read.data).length > 0) return read.data;
  throw new InvalidInputError('credentials', KEYS_WORDS);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function fileOr(file: RawConfig[string], given: RawConfig[string], field: string): string | null {
  if (typeof file !== 'string') return typeof given === 'string' ? given : null;
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new InvalidInputError(field, 'a file that can be read', { cause });
  }
}
