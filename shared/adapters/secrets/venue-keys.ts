// The keys of the exchange from Secrets Manager, by the secret's name: they are in no environment, no template and no log.
import * as z from 'zod';
import { NoSecretError, createSecretVersions } from './secret-versions.ts';
import type { SecretVersionsParts } from './secret-versions.ts';

/** What an exchange is asked with: `apiKey`, `secret` and, where the exchange has one, `password`. */
export type VenueKeys = Readonly<Record<string, string>> & { readonly apiKey: string; readonly secret: string };

export interface VenueKeyring {
  /** Gives the present keys first and, while they are rotated, the ones before. @throws VenueKeysError or NoSecretError */
  read(): Promise<readonly VenueKeys[]>;
  /** Makes the next reader ask again: these keys were not taken. */
  doubt(): void;
}

/** Says what is wrong with the secret, and nothing of what it holds. */
export class VenueKeysError extends Error {
  constructor(name: string, expected: string) {
    super(`${name}: expected ${expected}`);
    this.name = 'VenueKeysError';
  }
}

const filled = z.string().min(1);
const keys = z.strictObject({ apiKey: filled, secret: filled, password: filled.optional() });
const WORDS = 'a JSON object with apiKey, secret and, where the exchange has one, password';

/** Builds the keyring of one secret; what stands in it is read when it is first needed. */
export const createVenueKeyring = (parts: SecretVersionsParts): VenueKeyring => {
  const versions = createSecretVersions(parts);
  return {
    read: async () => {
      const [current, ...before] = await versions.read();
      if (current === undefined) throw new NoSecretError(parts.secretName);
      const present = readKeys(current);
      if (present === null) {
        versions.doubt();
        throw new VenueKeysError(parts.secretName, WORDS);
      }
      return [present, ...before.flatMap((text) => readKeys(text) ?? [])];
    },
    doubt: () => versions.doubt(),
  };
};

const readKeys = (text: string): VenueKeys | null => {
  const read = keys.safeParse(parse(text));
  if (!read.success) return null;
  const { apiKey, secret, password } = read.data;
  return { apiKey, secret, ...(password === undefined ? {} : { password }) };
};

// The parser's own message would quote the text.
const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
