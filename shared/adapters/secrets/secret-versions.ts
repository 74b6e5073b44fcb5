// One secret of Secrets Manager: its present text and, while it is rotated, the one before.
import { GetSecretValueCommand, ResourceNotFoundException, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Clock } from '../../ports.ts';
import { hideSecretsIn } from '../../redaction.ts';

export interface SecretVersionsParts {
  readonly client: Pick<SecretsManagerClient, 'send'>;
  readonly secretName: string;
  readonly clock: Pick<Clock, 'now'>;
}

export interface SecretVersions {
  /** Gives the present text first; read again after five minutes. @throws NoSecretError, or what the service answers */
  read(): Promise<readonly string[]>;
  /** Makes the next reader ask again, unless that was done within ten seconds. */
  doubt(): void;
}

/** Says that the secret named has no text in it. */
export class NoSecretError extends Error {
  constructor(name: string) {
    super(`${name}: expected a secret with a text in it`);
    this.name = 'NoSecretError';
  }
}

const KEPT_MILLISECONDS = 300_000;
const LEAST_MILLISECONDS = 10_000;
const ANSWER_MILLISECONDS = 3000;

/** Builds the client: endpoint, region and credentials from the environment. */
export const createSecretsClient = (): SecretsManagerClient =>
  new SecretsManagerClient({ requestHandler: { requestTimeout: ANSWER_MILLISECONDS, throwOnRequestTimeout: true } });

/** Keeps what was read of one secret. */
export const createSecretVersions = ({ client, secretName, clock }: SecretVersionsParts): SecretVersions => {
  let kept: { readonly texts: readonly string[]; readonly at: number } | null = null;
  let longest = KEPT_MILLISECONDS;
  return {
    read: async () => {
      if (kept !== null && clock.now() - kept.at < longest) return kept.texts;
      const current = await readVersion(client, secretName, 'AWSCURRENT');
      if (current === null) throw new NoSecretError(secretName);
      const previous = await readVersion(client, secretName, 'AWSPREVIOUS');
      const texts = previous === null ? [current] : [current, previous];
      kept = { texts, at: clock.now() };
      longest = KEPT_MILLISECONDS;
      return texts;
    },
    doubt: () => {
      longest = LEAST_MILLISECONDS;
    },
  };
};

const readVersion = async (
  client: SecretVersionsParts['client'],
  name: string,
  stage: 'AWSCURRENT' | 'AWSPREVIOUS',
): Promise<string | null> => {
  try {
    const answer = await client.send(new GetSecretValueCommand({ SecretId: name, VersionStage: stage }));
    if (answer.SecretString === undefined || answer.SecretString === '') return null;
    hideSecretsIn(answer.SecretString);
    return answer.SecretString;
  } catch (error) {
    if (stage === 'AWSPREVIOUS' && error instanceof ResourceNotFoundException) return null;
    throw error;
  }
};
