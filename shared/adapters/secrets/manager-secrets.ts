// Shared secrets from Secrets Manager; while one is rotated, its predecessor is accepted as well.
import type { Secrets } from '../../ports.ts';
import { createSecretVersions } from './secret-versions.ts';
import type { SecretVersionsParts } from './secret-versions.ts';

export type ManagerSecretsParts = Omit<SecretVersionsParts, 'secretName'> & { readonly webhookSecretName: string };

/** Builds the secrets; they are read again after five minutes, and after ten seconds where they are doubted. */
export const createManagerSecrets = ({ client, webhookSecretName, clock }: ManagerSecretsParts): Secrets => {
  const versions = createSecretVersions({ client, secretName: webhookSecretName, clock });
  return {
    webhookSecrets: (isDoubted = false) => {
      if (isDoubted) versions.doubt();
      return versions.read();
    },
  };
};
