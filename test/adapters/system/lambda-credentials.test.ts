import { afterEach, describe, expect, it } from '@jest/globals';
import { defaultProvider } from '../../../shared/adapters/system/lambda-credentials.ts';

const NAMES = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;
const before = NAMES.map((name) => [name, process.env[name]] as const);
const give = (...values: readonly (string | undefined)[]): void => {
  NAMES.forEach((name, place) => {
    const value = values[place];
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  });
};

describe('credentials of a function', () => {
  afterEach(() => {
    give(...before.map(([, value]) => value));
  });

  it('are those of its environment, as they are at the time of the call', async () => {
    const provide = defaultProvider();
    give('id', 'key', 'token');
    expect(await provide()).toEqual({ accessKeyId: 'id', secretAccessKey: 'key', sessionToken: 'token' });
    give('id', 'key');
    expect(await provide()).toEqual({ accessKeyId: 'id', secretAccessKey: 'key' });
  });

  it('are missed by name, which the store does not try again', async () => {
    give('id');
    await expect(defaultProvider()()).rejects.toMatchObject({ name: 'CredentialsProviderError', message: expect.stringContaining('AWS_SECRET_ACCESS_KEY') });
  });
});
