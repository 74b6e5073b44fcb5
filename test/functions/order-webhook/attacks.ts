// Requests that order-webhook must refuse, for its handler alone and for the whole stack behind the local door.
import { createHmac } from 'node:crypto';
import { gzipSync } from 'node:zlib';

/** A request as it goes over the wire; a name may come twice. */
export interface Wire {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

export interface Attack {
  readonly name: string;
  readonly wire: Wire;
  readonly status: 400 | 401 | 403 | 413;
}

/** Whom the attacks are aimed at: an account with a live order, and what its endpoint believes. */
export interface Target {
  readonly account: string;
  /** Epoch milliseconds of the endpoint's clock, a whole second. */
  readonly now: number;
  readonly secrets: readonly [present: string, former: string];
  readonly forgottenSecret: string;
  readonly clientOrderId: string;
  readonly symbol: string;
  /** Another symbol that the account's venue lists. */
  readonly otherSymbol: string;
}

const JSON_TYPE = 'application/json';
const LARGEST = 65_536;

interface Signing {
  readonly id?: string;
  readonly secret?: string;
  readonly offsetSeconds?: number;
  readonly type?: string;
}

const sign = (secret: string, id: string, at: string, body: Buffer): string =>
  createHmac('sha256', secret).update(`${id}.${at}.`).update(body).digest('hex');

/** Signs a body as a sender that knows the secret does. */
export const signedWire = (target: Target, body: string | Buffer, given: Signing = {}): Wire => {
  const { id = 'w1', secret = target.secrets[0], offsetSeconds = 0, type = JSON_TYPE } = given;
  const bytes = Buffer.from(body);
  const at = String(target.now / 1000 + offsetSeconds);
  return {
    headers: [
      ['content-type', type],
      ['webhook-id', id],
      ['webhook-timestamp', at],
      ['webhook-signature', `v1,${sign(secret, id, at, bytes)}`],
    ],
    body: bytes,
  };
};

/** A report of a first fill of the target's order. */
export const reportOf = ({ clientOrderId, symbol, now }: Target): Record<string, unknown> => ({
  clientOrderId,
  symbol,
  status: 'PARTIALLY_FILLED',
  filledQuantity: '0.5',
  averagePrice: '100',
  trades: [{ tradeId: 't1', price: '100', quantity: '0.5', at: now }],
  at: now,
});

/** The body of a good webhook; changes to its order make the bad ones. */
export const bodyOf = (target: Target, order: Record<string, unknown> = {}, around: Record<string, unknown> = {}): string =>
  JSON.stringify({ type: 'order', account: target.account, order: { ...reportOf(target), ...order }, ...around });

/** A body that is good, filled up with blanks to so many bytes. */
export const paddedBody = (target: Target, bytes: number): string => {
  const body = bodyOf(target);
  return body + ' '.repeat(bytes - Buffer.byteLength(body));
};

const withHeader = (wire: Wire, name: string, value: string | null): Wire => {
  const others = wire.headers.filter(([each]) => each !== name);
  return { ...wire, headers: value === null ? others : [...others, [name, value]] };
};

const twice = (wire: Wire, name: string, value: string): Wire => ({ ...wire, headers: [...wire.headers, [name, value]] });

const valueOf = (wire: Wire, name: string): string => wire.headers.find(([each]) => each === name)?.[1] ?? '';

const signatures = (target: Target): readonly Attack[] => {
  const good = signedWire(target, bodyOf(target));
  const signature = valueOf(good, 'webhook-signature');
  const hex = signature.slice(3);
  const cases: readonly (readonly [string, string | null])[] = [
    ['no signature', null],
    ['an empty signature', ''],
    ['a short signature', `v1,${hex.slice(0, 62)}`],
    ['a long signature', `v1,${hex}00`],
    ['a signature that is not hexadecimal', `v1,${'z'.repeat(64)}`],
    ['a signature in upper case', `v1,${hex.toUpperCase()}`],
    ['a signature without its version', hex],
    ['a signature under another version', `v2,${hex}`],
    ['a signature of nothing', `v1,${createHmac('sha256', target.secrets[0]).digest('hex')}`],
    ['two wrong signatures', `v1,${'0'.repeat(64)} v1,${'f'.repeat(64)}`],
    ['a right signature behind ten wrong ones', `${`v1,${'0'.repeat(64)} `.repeat(10)}${signature}`],
  ];
  const changed = cases.map(([name, value]) => ({ name, wire: withHeader(good, 'webhook-signature', value), status: 401 }) as const);
  return [
    ...changed,
    { name: 'no headers at all', wire: { ...good, headers: [['content-type', JSON_TYPE]] }, status: 401 },
    { name: 'no id', wire: withHeader(good, 'webhook-id', null), status: 401 },
    { name: 'no time', wire: withHeader(good, 'webhook-timestamp', null), status: 401 },
    { name: 'a secret that was rotated out', wire: signedWire(target, bodyOf(target), { secret: target.forgottenSecret }), status: 401 },
    { name: 'two ids', wire: twice(good, 'webhook-id', 'w2'), status: 401 },
    { name: 'two times', wire: twice(good, 'webhook-timestamp', valueOf(good, 'webhook-timestamp')), status: 401 },
    { name: 'two headers of signatures', wire: twice(good, 'webhook-signature', signature), status: 401 },
    { name: '301 s old', wire: signedWire(target, bodyOf(target), { offsetSeconds: -301 }), status: 401 },
    { name: '301 s ahead', wire: signedWire(target, bodyOf(target), { offsetSeconds: 301 }), status: 401 },
  ];
};

const encodings = (target: Target): readonly Attack[] => {
  const body = bodyOf(target);
  const good = signedWire(target, body);
  const base64 = Buffer.from(body).toString('base64');
  const whole = Buffer.from(body);
  const broken = Buffer.concat([whole.subarray(0, 9), Buffer.from([0xff]), whole.subarray(9)]);
  const utf16 = Buffer.from(body, 'utf16le');
  const bytes = 'application/octet-stream';
  return [
    { name: 'the same JSON written another way', wire: { ...good, body: Buffer.from(JSON.stringify(JSON.parse(body), null, 1)) }, status: 401 },
    { name: 'the same JSON with its fields in another order', wire: { ...good, body: Buffer.from(JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(body)).toReversed()))) }, status: 401 },
    { name: 'a body that the sender put into base64, signed as it was before', wire: { ...good, body: Buffer.from(base64) }, status: 401 },
    { name: 'a body that the sender put into base64, signed as it is', wire: signedWire(target, base64), status: 400 },
    { name: 'a compressed body', wire: signedWire(target, gzipSync(body), { type: bytes }), status: 400 },
    { name: 'a body in UTF-16', wire: signedWire(target, utf16, { type: bytes }), status: 400 },
    { name: 'a body in UTF-16 that calls itself JSON', wire: signedWire(target, utf16, { type: 'application/json; charset=utf-16' }), status: 400 },
    { name: 'a byte order mark', wire: signedWire(target, `\ufeff${body}`), status: 400 },
    { name: 'bytes that are no UTF-8', wire: signedWire(target, broken, { type: bytes }), status: 400 },
    { name: 'bytes that are no UTF-8 and call themselves JSON', wire: signedWire(target, broken), status: 401 },
    { name: 'no body', wire: signedWire(target, ''), status: 400 },
  ];
};

const bodies = (target: Target): readonly Attack[] => {
  const body = bodyOf(target);
  const order = (changes: Record<string, unknown>): string => bodyOf(target, changes);
  const inText = (from: string, to: string): string => {
    if (!body.includes(from)) throw new Error(`${from} is not in the body`);
    return body.replace(from, to);
  };
  const cases: readonly (readonly [string, string, 400 | 403])[] = [
    ['__proto__ in the body', inText('{"type"', '{"__proto__":{"account":"x"},"type"'), 400],
    ['__proto__ in the order', inText('{"clientOrderId"', '{"__proto__":{"status":"FILLED"},"clientOrderId"'), 400],
    ['constructor in the order', inText('{"clientOrderId"', '{"constructor":{"prototype":{}},"clientOrderId"'), 400],
    ['1e400 as a number', inText('"filledQuantity":"0.5"', '"filledQuantity":1e400'), 400],
    ['1e400 as text', order({ filledQuantity: '1e400' }), 400],
    ['NaN as text', order({ averagePrice: 'NaN' }), 400],
    ['NaN as a word', inText('"averagePrice":"100"', '"averagePrice":NaN'), 400],
    ['Infinity as text', order({ averagePrice: 'Infinity' }), 400],
    ['forty digits', order({ filledQuantity: '1234567890'.repeat(4) }), 400],
    ['forty digits after the point', order({ filledQuantity: `0.${'1234567890'.repeat(4)}` }), 400],
    ['a negative quantity', order({ filledQuantity: '-0.5' }), 400],
    ['a number where text belongs', order({ filledQuantity: 0.5 }), 400],
    ['a name twice', inText('{"type"', '{"account":"somebody-else","type"'), 400],
    ['a name twice, the second in other letters', inText('"account"', '"\\u0061ccount":"somebody-else","account"'), 400],
    ['a name twice inside the order', inText('"status"', '"status":"FILLED","status"'), 400],
    ['deep lists', `${'['.repeat(30_000)}${']'.repeat(30_000)}`, 400],
    ['deep objects in the order', inText('"trades":[', `"trades":[${'{"a":'.repeat(8_000)}1${'}'.repeat(8_000)},`), 400],
    ['half a body', body.slice(0, -1), 400],
    ['two bodies', `${body}${body}`, 400],
    ['an order that is a list', bodyOf(target, {}, { order: [] }), 400],
    ['another account', bodyOf(target, {}, { account: 'somebody-else' }), 403],
    ['another account with the same beginning', bodyOf(target, {}, { account: `${target.account}#x` }), 403],
    ['an account that is a list', bodyOf(target, {}, { account: [target.account] }), 400],
    ['our order under another symbol of ours', order({ symbol: target.otherSymbol }), 403],
    ['another account’s order under a symbol that is none of ours', order({ clientOrderId: 'E1-DOGE-somebodyelses', symbol: 'DOGE/USD' }), 403],
    ['a symbol that is none', order({ symbol: '../AAPL' }), 400],
  ];
  return cases.map(([name, text, status]) => ({ name, wire: signedWire(target, text), status }));
};

/** Every attack by name. */
export const attacksOn = (target: Target): readonly Attack[] => [
  ...signatures(target),
  ...encodings(target),
  ...bodies(target),
  { name: '64 KB and a byte', wire: signedWire(target, paddedBody(target, LARGEST + 1)), status: 413 },
  { name: '64 KB and a byte, as bytes', wire: signedWire(target, paddedBody(target, LARGEST + 1), { type: 'application/octet-stream' }), status: 413 },
];

const flip = (bytes: Buffer, bit: number): Buffer => {
  const flipped = Buffer.from(bytes);
  const place = bit >> 3;
  flipped.writeUInt8(flipped.readUInt8(place) ^ (1 << (bit & 7)), place);
  return flipped;
};

const everyBit = (bytes: Buffer): readonly Buffer[] => Array.from({ length: bytes.length * 8 }, (_, bit) => flip(bytes, bit));

/** A good request with each single bit of one part flipped: of the body, or of the value of a header. */
export const flippedBits = (target: Target, part: 'body' | 'webhook-id' | 'webhook-timestamp' | 'webhook-signature'): readonly Wire[] => {
  // Bytes that are no text any more arrive as they were sent.
  const good = signedWire(target, bodyOf(target), { type: 'application/octet-stream' });
  if (part === 'body') return everyBit(good.body).map((body) => ({ ...good, body }));
  return everyBit(Buffer.from(valueOf(good, part), 'latin1')).map((value) => withHeader(good, part, value.toString('latin1')));
};
