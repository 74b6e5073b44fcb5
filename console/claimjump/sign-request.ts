// Signs a request for an HTTP API that IAM stands before (AWS Signature Version 4).
import { createHash, createHmac } from 'node:crypto';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import { SignatureV4 } from '@smithy/signature-v4';

type Text = string | ArrayBuffer | ArrayBufferView;
export type Credentials = Readonly<{ accessKeyId: string; secretAccessKey: string; sessionToken?: string }>;

const bytesOf = (text: Text): Uint8Array => {
  if (typeof text === 'string') return Buffer.from(text, 'utf8');
  return ArrayBuffer.isView(text) ? new Uint8Array(text.buffer, text.byteOffset, text.byteLength) : new Uint8Array(text);
};

/** SHA-256 as the signer asks for it, keyed where it is given a secret. */
class Sha256 {
  readonly #secret: Uint8Array | null;
  #parts: Uint8Array[] = [];

  constructor(secret?: Text) {
    this.#secret = secret === undefined ? null : bytesOf(secret);
  }

  update(text: Text): void {
    this.#parts.push(bytesOf(text));
  }

  digest(): Promise<Uint8Array> {
    const hash = this.#secret === null ? createHash('sha256') : createHmac('sha256', this.#secret);
    for (const part of this.#parts) hash.update(part);
    return Promise.resolve(new Uint8Array(hash.digest()));
  }

  reset(): void {
    this.#parts = [];
  }
}

export interface Signing {
  readonly region: string;
  /** Whose: the standard chain's (environment, profile, role) unless given. */
  readonly credentials?: () => Promise<Credentials>;
  readonly now?: Date;
}

/** Gives the headers that a POST of this body needs to be let in. */
export const signedHeaders = async (url: URL, body: string, { region, credentials, now }: Signing): Promise<Readonly<Record<string, string>>> => {
  const signer = new SignatureV4({ service: 'execute-api', region, credentials: credentials ?? defaultProvider(), sha256: Sha256 });
  const request = {
    method: 'POST',
    protocol: url.protocol,
    hostname: url.hostname,
    path: url.pathname,
    query: {},
    headers: { host: url.host, 'content-type': 'application/json' },
    body,
  };
  const { headers } = await signer.sign(request, now === undefined ? {} : { signingDate: now });
  return headers;
};
