// The signature is worked out a second time here, from the words of AWS's own description of Signature Version 4.
import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { signedHeaders } from '../../../console/claimjump/sign-request.ts';
import { targetOf } from '../../../console/claimjump/target.ts';

const SECRET = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY';
const KEYS = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: SECRET };
const NOW = new Date('2025-06-04T15:00:02.000Z');
const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
const mac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest();

const signatureOf = (headers: Readonly<Record<string, string>>, { path, body, region }: { path: string; body: string; region: string }): string => {
  const names = /SignedHeaders=([^,]+)/.exec(headers['authorization'] ?? '')?.[1] ?? '';
  const listed = names.split(';').map((name) => `${name}:${headers[name] ?? ''}\n`).join('');
  const canonical = ['POST', path, '', listed, names, sha(body)].join('\n');
  const scope = `20250604/${region}/execute-api/aws4_request`;
  const key = mac(mac(mac(mac(`AWS4${SECRET}`, '20250604'), region), 'execute-api'), 'aws4_request');
  return mac(key, ['AWS4-HMAC-SHA256', '20250604T150002Z', scope, sha(canonical)].join('\n')).toString('hex');
};

describe('a signed request', () => {
  const url = new URL('https://abc.execute-api.eu-central-1.amazonaws.com/operator');
  const body = '{"kind":"STATUS"}';

  it('carries the signature of its host, its type, its time and its body', async () => {
    const headers = await signedHeaders(url, body, { region: 'eu-central-1', credentials: () => Promise.resolve(KEYS), now: NOW });
    expect(headers['authorization']).toContain('Credential=AKIDEXAMPLE/20250604/eu-central-1/execute-api/aws4_request');
    expect(headers['authorization']).toMatch(/SignedHeaders=(?=[^,]*content-type)(?=[^,]*host)(?=[^,]*x-amz-date)/);
    expect(headers['authorization']).toContain(`Signature=${signatureOf(headers, { path: '/operator', body, region: 'eu-central-1' })}`);
  });

  it('is another for another body, and names a session where there is one', async () => {
    const sign = (text: string, token: object = {}) => signedHeaders(url, text, { region: 'eu-central-1', credentials: () => Promise.resolve({ ...KEYS, ...token }), now: NOW });
    const [one, other, session] = [await sign(body), await sign(`${body} `), await sign(body, { sessionToken: 'token-1' })];
    expect(one['authorization']).not.toBe(other['authorization']);
    expect(session['x-amz-security-token']).toBe('token-1');
  });
});

describe('where commands go', () => {
  const none = () => ({ kind: 'NONE' }) as const;

  it('finds the region in the address of the API, and both routes below it', () => {
    const target = targetOf({ url: 'https://abc.execute-api.eu-central-1.amazonaws.com/' }, none);
    expect([target.operator.href, target.plans.href, target.region]).toEqual([
      'https://abc.execute-api.eu-central-1.amazonaws.com/operator', 'https://abc.execute-api.eu-central-1.amazonaws.com/plans', 'eu-central-1',
    ]);
  });

  it('takes a region of one’s own, and a path before the routes', () => {
    const target = targetOf({ url: 'https://trade.example.com/claimjump', region: 'us-west-2' }, none);
    expect([target.operator.pathname, target.region]).toEqual(['/claimjump/operator', 'us-west-2']);
  });

  it('says that the local cloud of before has ended', () => {
    expect(() => targetOf({}, () => ({ kind: 'STALE' }))).toThrow('the one that ran here last has ended');
  });
});
