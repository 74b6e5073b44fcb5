// Secrets are read once in five minutes, not at each request.
import { seconds } from '../../shared/domain/instant.ts';
import type { Clock, Secrets } from '../../shared/ports.ts';

const REMEMBERED = seconds(300);

/** Says that there is no secret to check a webhook with: no request may be believed. */
export class NoSecretError extends Error {
  constructor() {
    super('webhook secrets: expected at least one that is not blank');
    this.name = 'NoSecretError';
  }
}

/** Reads the webhook secrets, and again five minutes later. @throws NoSecretError where there is none */
export const rememberSecrets = (secrets: Secrets, clock: Clock): (() => Promise<readonly string[]>) => {
  let known: { readonly values: readonly string[]; readonly until: number } | null = null;
  return async () => {
    if (known !== null && clock.now() < known.until) return known.values;
    const values = (await secrets.webhookSecrets()).filter((secret) => secret.trim() !== '');
    if (values.length === 0) throw new NoSecretError();
    known = { values, until: clock.now() + REMEMBERED };
    return values;
  };
};
