// What a bundle takes in the place of the SDK's chain of credential providers, by an alias of the bundler. In a Lambda
// they come from the environment alone, and the chain would be a quarter of the bundle.

interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Says that there are no credentials in the environment. */
export class NoCredentialsError extends Error {
  constructor() {
    super('AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY: expected the credentials of the function');
    this.name = 'CredentialsProviderError';
  }
}

/** Gives a provider of the function's own credentials; the name is the one that the SDK imports. */
export const defaultProvider = () => async (): Promise<Credentials> => {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken } = process.env;
  if (!accessKeyId || !secretAccessKey) throw new NoCredentialsError();
  return { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) };
};
