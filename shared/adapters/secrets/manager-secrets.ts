// Shared secrets from Secrets Manager; while one is rotated, its predecessor is accepted as well.
import { GetSecretValueCommand, ResourceNotFoundException, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock, Secrets } from '../../ports.ts';

export interface ManagerSecretsParts {
  readonly client: SecretsManagerClient;
  readonly webhookSecretName: string;
  readonly clock: Clock;
}

/** Says that the secret named has no text in it. */
export class NoSecretError extends Error {
  constructor(name: string) {
    super(`${name}: expected a secret with a text in it`);
    this.name = 'NoSecretError';
  }
}

const KEPT_MILLISECONDS = 300_000;
const ANSWER_MILLISECONDS = 3000;

/** Builds the client: endpoint, region and credentials from the environment. */
export const createSecretsClient = (): SecretsManagerClient =>
  new SecretsManagerClient({ requestHandler: { requestTimeout: ANSWER_MILLISECONDS, throwOnRequestTimeout: true } });

/** Builds the secrets; they are read again after five minutes. */
export const createManagerSecrets = ({ client, webhookSecretName, clock }: ManagerSecretsParts): Secrets => {
  let kept: { readonly secrets: readonly string[]; readonly at: number } | null = null;
  return {
    webhookSecrets: async () => {
      if (kept !== null && clock.now() - kept.at < KEPT_MILLISECONDS) return kept.secrets;
      const current = await readVersion(client, webhookSecretName, 'AWSCURRENT');
      if (current === null) throw new NoSecretError(webhookSecretName);
      const previous = await readVersion(client, webhookSecretName, 'AWSPREVIOUS');
      const secrets = previous === null ? [current] : [current, previous];
      kept = { secrets, at: clock.now() };
      return secrets;
    },
  };
};

const readVersion = async (client: SecretsManagerClient, name: string, stage: 'AWSCURRENT' | 'AWSPREVIOUS'): Promise<string | null> => {
  try {
    const answer = await client.send(new GetSecretValueCommand({ SecretId: name, VersionStage: stage }));
    return answer.SecretString === undefined || answer.SecretString === '' ? null : answer.SecretString;
  } catch (error) {
    if (stage === 'AWSPREVIOUS' && error instanceof ResourceNotFoundException) return null;
    throw error;
  }
};
