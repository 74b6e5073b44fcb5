import { ResourceNotFoundException, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from '@jest/globals';
import { createManagerSecrets } from '../../../shared/adapters/secrets/manager-secrets.ts';

type Stage = 'AWSCURRENT' | 'AWSPREVIOUS';

const managerWith = (versions: Partial<Record<Stage, string>>): { client: SecretsManagerClient; asked: string[] } => {
  const client = new SecretsManagerClient({ region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  const asked: string[] = [];
  client.middlewareStack.add(
    () => async (args) => {
      const stage = 'VersionStage' in args.input ? args.input.VersionStage : undefined;
      asked.push(String(stage));
      const text = stage === 'AWSCURRENT' || stage === 'AWSPREVIOUS' ? versions[stage] : undefined;
      if (text === undefined) throw new ResourceNotFoundException({ message: 'no such version', $metadata: {} });
      return { output: { SecretString: text, $metadata: {} }, response: {} };
    },
    { step: 'initialize' },
  );
  return { client, asked };
};
const clockAt = (times: { now: number }) => ({ now: () => times.now, sleep: async () => undefined });

describe('webhook secrets', () => {
  it('are the present one and, while it is rotated, the one before', async () => {
    const times = { now: 0 };
    const { client } = managerWith({ AWSCURRENT: 'new', AWSPREVIOUS: 'old' });
    expect(await createManagerSecrets({ client, webhookSecretName: 'w', clock: clockAt(times) }).webhookSecrets()).toEqual(['new', 'old']);
    const never = managerWith({ AWSCURRENT: 'only' });
    expect(await createManagerSecrets({ client: never.client, webhookSecretName: 'w', clock: clockAt(times) }).webhookSecrets()).toEqual(['only']);
  });

  it('are read again after five minutes', async () => {
    const times = { now: 0 };
    const { client, asked } = managerWith({ AWSCURRENT: 'new' });
    const secrets = createManagerSecrets({ client, webhookSecretName: 'w', clock: clockAt(times) });
    for (const now of [0, 299_999]) {
      times.now = now;
      await secrets.webhookSecrets();
    }
    expect(asked).toHaveLength(2);
    times.now = 300_000;
    await secrets.webhookSecrets();
    expect(asked).toHaveLength(4);
  });

  it('are read again after ten seconds where they are doubted, whoever doubts them how often', async () => {
    const times = { now: 0 };
    const { client, asked } = managerWith({ AWSCURRENT: 'new' });
    const secrets = createManagerSecrets({ client, webhookSecretName: 'w', clock: clockAt(times) });
    await secrets.webhookSecrets();
    for (const now of [1, 5_000, 9_999]) {
      times.now = now;
      await secrets.webhookSecrets(true);
    }
    expect(asked).toHaveLength(2);
    times.now = 10_000;
    for (let flood = 0; flood < 10; flood += 1) await secrets.webhookSecrets(true);
    expect(asked).toHaveLength(4);
  });

  it('are refused when there is none', async () => {
    const { client } = managerWith({});
    await expect(createManagerSecrets({ client, webhookSecretName: 'w', clock: clockAt({ now: 0 }) }).webhookSecrets()).rejects.toThrow('no such version');
  });
});
