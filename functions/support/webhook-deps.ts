// Adds the shared secrets for the function that checks signatures.
import { createManagerSecrets } from '../../shared/adapters/secrets/manager-secrets.ts';
import { createSecretsClient } from '../../shared/adapters/secrets/secret-versions.ts';
import type { Secrets } from '../../shared/ports.ts';
import type { ShellDeps } from '../../shared/shell-deps.ts';
import { createShellDeps } from './deps.ts';
import type { ShellOverrides } from './deps.ts';
import { readWebhookSecretName } from './env.ts';
import type { RawEnvironment } from './env.ts';

export type WebhookDeps = ShellDeps & { readonly secrets: Secrets };
export type WebhookOverrides = ShellOverrides & { readonly secrets?: Secrets };

/**
 * Builds the dependencies of a function that checks webhooks.
 * @throws EnvironmentError or SettingsError naming what in the environment is wrong
 */
export const createWebhookDeps = (raw: RawEnvironment, overrides: WebhookOverrides = {}): WebhookDeps => {
  const shell = createShellDeps(raw, overrides);
  return { ...shell, secrets: overrides.secrets ?? secretsOf(raw, shell) };
};

const secretsOf = (raw: RawEnvironment, { clock }: ShellDeps): Secrets =>
  createManagerSecrets({ client: createSecretsClient(), webhookSecretName: readWebhookSecretName(raw), clock });
