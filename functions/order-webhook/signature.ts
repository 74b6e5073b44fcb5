// Who sent a webhook, and when: HMAC-SHA256 over `id.timestamp.rawBody`, within five minutes either way.
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Millis } from '../../shared/domain/instant.ts';
import { headerOf } from '../support/http.ts';
import type { HttpRequest } from '../support/http.ts';
import { InputError } from '../support/input-error.ts';

/** Furthest a timestamp may lie from the clock, in seconds, in both directions. */
export const TIMESTAMP_WINDOW_SECONDS = 300;
const MOST_SIGNATURES = 10;
// In one way alone: of two texts that mean the same, one could be made of the other without the secret.
const SIGNATURE = /^v1,([0-9a-f]{64})$/;
// No dot: it divides the signed text.
const WEBHOOK_ID = /^[\x21-\x2d\x2f-\x7e]{1,128}$/;
const TIMESTAMP = /^\d{1,12}$/;

/** The headers of a signed request. */
export interface SignedHeaders {
  readonly id: string;
  readonly timestamp: string;
  readonly signatures: readonly Buffer[];
}

/** Reads the three headers. @throws InputError (401) naming the first that is missing, malformed or out of time */
export const readSignedHeaders = (request: HttpRequest, now: Millis): SignedHeaders => {
  const id = headerOf(request, 'webhook-id') ?? '';
  if (!WEBHOOK_ID.test(id)) throw new InputError(401, 'webhook-id', '1 to 128 visible characters without a dot');
  const timestamp = headerOf(request, 'webhook-timestamp') ?? '';
  if (!TIMESTAMP.test(timestamp) || Math.abs(now - Number(timestamp) * 1000) > TIMESTAMP_WINDOW_SECONDS * 1000) {
    throw new InputError(401, 'webhook-timestamp', `unix seconds within ${TIMESTAMP_WINDOW_SECONDS} s of now`);
  }
  return { id, timestamp, signatures: readSignatures(headerOf(request, 'webhook-signature') ?? '') };
};

const readSignatures = (text: string): readonly Buffer[] =>
  text
    .split(' ', MOST_SIGNATURES)
    .map((part) => SIGNATURE.exec(part)?.[1])
    .filter((hex) => hex !== undefined)
    .map((hex) => Buffer.from(hex, 'hex'));

/** Says that there is no secret to check a webhook with: no request may be believed. */
export class NoSecretError extends Error {
  constructor() {
    super('webhook secrets: expected at least one that is not blank');
    this.name = 'NoSecretError';
  }
}

/**
 * Checks that one of the signatures was made with one of the secrets.
 * @throws InputError (401) if none was, NoSecretError where every secret is blank
 */
export const verifySignature = (headers: SignedHeaders, body: Buffer, secrets: readonly string[]): void => {
  const usable = secrets.filter((secret) => secret.trim() !== '');
  if (usable.length === 0) throw new NoSecretError();
  const expected = usable.map((secret) =>
    createHmac('sha256', secret).update(`${headers.id}.${headers.timestamp}.`).update(body).digest(),
  );
  // Every pair is compared, so that the time taken says nothing.
  const matches = headers.signatures.flatMap((given) => expected.map((wanted) => timingSafeEqual(given, wanted)));
  if (!matches.includes(true)) throw new InputError(401, 'webhook-signature', 'a signature of this request with a shared secret');
};
