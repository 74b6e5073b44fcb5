import { ResourceNotFoundException, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from '@jest/globals';
import { createVenueKeyring } from '../../../shared/adapters/secrets/venue-keys.ts';

const text = (apiKey: string): string => JSON.stringify({ apiKey, secret: 'hush' });

const ringOf = (versions: { AWSCURRENT?: string; AWSPREVIOUS?: string }) => {
  const times = { now: 0 };
  const client = new SecretsManagerClient({ region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } });
  let asked = 0;
  client.middlewareStack.add(
    () => async (args) => {
      asked += 1;
      const stage = 'VersionStage' in args.input ? args.input.VersionStage : undefined;
      const found = stage === 'AWSCURRENT' || stage === 'AWSPREVIOUS' ? versions[stage] : undefined;
      if (found === undefined) throw new ResourceNotFoundException({ message: 'no such version', $metadata: {} });
      return { output: { SecretString: found, $metadata: {} }, response: {} };
    },
    { step: 'initialize' },
  );
  const clock = { now: () => times.now };
  return { keyring: createVenueKeyring({ client, secretName: 'fund/kraken', clock }), times, versions, asked: () => asked };
};

describe('EX-9 the keys of an exchange', () => {
  it('are those of the secret’s present text, and of the one before', async () => {
    const { keyring } = ringOf({ AWSCURRENT: text('new'), AWSPREVIOUS: JSON.stringify({ apiKey: 'old', secret: 'hush', password: 'p' }) });
    expect(await keyring.read()).toEqual([{ apiKey: 'new', secret: 'hush' }, { apiKey: 'old', secret: 'hush', password: 'p' }]);
  });

  it('are read again after five minutes, and after ten seconds once they are doubted', async () => {
    const ring = ringOf({ AWSCURRENT: text('a') });
    await ring.keyring.read();
    ring.times.now = 299_999;
    await ring.keyring.read();
    expect(ring.asked()).toBe(2);
    ring.times.now = 300_000;
    await ring.keyring.read();
    expect(ring.asked()).toBe(4);
    ring.keyring.doubt();
    ring.times.now = 309_999;
    await ring.keyring.read();
    expect(ring.asked()).toBe(4);
    ring.times.now = 310_000;
    ring.versions.AWSCURRENT = text('b');
    expect(await ring.keyring.read()).toEqual([{ apiKey: 'b', secret: 'hush' }]);
  });

  it.each(['hush', '{"apiKey":"hush"}', '{"apiKey":"hush","secret":""}', '{"apiKey":"hush","secret":"hush","passphrase":"hush"}', '[]'])(
    'are refused as %j without a word of what was in there',
    async (found) => {
      const reading = ringOf({ AWSCURRENT: found }).keyring.read();
      await expect(reading).rejects.toThrow('fund/kraken: expected a JSON object with apiKey, secret');
      await expect(reading).rejects.not.toThrow('hush');
    },
  );

  it('do without a former text that is no key', async () => {
    expect(await ringOf({ AWSCURRENT: text('a'), AWSPREVIOUS: 'to be filled in' }).keyring.read()).toHaveLength(1);
  });
});
