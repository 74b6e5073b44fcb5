// Where commands go: the API of a stage, or the local cloud that runs on this machine.
import { InvalidInputError } from '../../shared/errors.ts';
import type { FoundLocal } from '../../infra/local/local-file.ts';

/** An API that is signed for in its region, or the one on this machine, where nobody signs. */
export interface Target {
  readonly operator: URL;
  readonly plans: URL;
  readonly region: string | null;
}

export interface TargetOptions {
  readonly url?: string;
  readonly region?: string;
}

const LOOPBACK: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);
const API_HOST = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;

const isSecure = (url: URL): boolean => url.protocol === 'https:' || LOOPBACK.has(url.hostname);

const isBare = ({ username, password, search, hash }: URL): boolean => [username, password, search, hash].every((part) => part === '');

const addressOf = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !['http:', 'https:'].includes(url.protocol)) throw new InvalidInputError('--url', 'an https address, such as the stack’s output ApiUrl');
  if (!isSecure(url)) throw new InvalidInputError('--url', 'https: over plain http anybody on the way could read along');
  if (!isBare(url)) throw new InvalidInputError('--url', 'an address without credentials, query or fragment');
  return url;
};

const below = (base: URL, path: string): URL => new URL(`${base.pathname.replace(/\/$/, '')}/${path}`, base);

const regionOf = (url: URL, given: string | undefined): string | null => {
  if (url.protocol === 'http:') return null;
  const region = given ?? API_HOST.exec(url.hostname)?.[1];
  if (region === undefined) throw new InvalidInputError('--region', 'the region of the API, which its address does not name');
  return region;
};

const LOCAL_WORDS = 'the address of a stage (or CLAIMJUMP_URL), or a local cloud: npm start -- --venue paper --prices recorded';

/**
 * Finds where commands go: the address given, else the local cloud.
 * @throws InvalidInputError for an address that is none, plain http beyond this machine, or where nothing runs
 */
export const targetOf = ({ url, region }: TargetOptions, findLocal: () => FoundLocal): Target =>
  url === undefined || url === '' ? localTarget(findLocal()) : apiTarget(addressOf(url), region);

const apiTarget = (base: URL, region: string | undefined): Target => ({
  operator: below(base, 'operator'),
  plans: below(base, 'plans'),
  region: regionOf(base, region),
});

const localTarget = (local: FoundLocal): Target => {
  if (local.kind === 'RUNNING') return { operator: new URL(local.addresses.operator), plans: new URL(local.addresses.plans), region: null };
  throw new InvalidInputError('--url', local.kind === 'STALE' ? `${LOCAL_WORDS}; the one that ran here last has ended` : LOCAL_WORDS);
};
