import { createServer } from 'node:http';
import type { IncomingHttpHeaders, Server } from 'node:http';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { claimjump } from './program-bench.ts';

interface Asked { readonly path: string; readonly body: unknown; readonly headers: IncomingHttpHeaders }

const AT = Date.UTC(2025, 5, 4, 15, 0, 2);
let server: Server;
let local = { operator: '', plans: '' };
let asked: Asked[] = [];
/** So many requests are answered 429 before any other answer. */
let throttledFirst = 0;
let answer: { status: number; body: string } = { status: 200, body: '{}' };
const folder = mkdtempSync(join(tmpdir(), 'claimjump-cli-'));

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      asked.push({ path: request.url ?? '', body: JSON.parse(text), headers: request.headers });
      const throttled = throttledFirst > 0;
      throttledFirst -= 1;
      response.writeHead(throttled ? 429 : answer.status, { 'content-type': 'application/json' }).end(throttled ? '{"message":"Too Many Requests"}' : answer.body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  local = { operator: `${origin}/operator`, plans: `${origin}/plans` };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  asked = [];
  throttledFirst = 0;
});

const run = (...argv: string[]) => claimjump(argv, local);
const says = (body: unknown, status = 200): void => {
  answer = { status, body: typeof body === 'string' ? body : JSON.stringify(body) };
};

describe('a throttle', () => {
  it('is waited out a few times: what it turned away has reached nobody', async () => {
    throttledFirst = 2;
    says({ kind: 'DEAD_LETTERS', queues: [] });
    expect((await run('dead-letters')).exitCode).toBe(0);
    expect(asked).toHaveLength(3);
  });
});

describe('each command asks for its own', () => {
  const switched = { kind: 'KILL_SWITCH', scope: 'account', changed: true, state: 'HALTED', until: null };
  const cases: readonly (readonly [string, object])[] = [
    ['halt', { kind: 'KILL_SWITCH', scope: { kind: 'ACCOUNT' }, state: 'HALTED' }],
    ['halt crypto', { kind: 'KILL_SWITCH', scope: { kind: 'CLASS', assetClass: 'crypto' }, state: 'HALTED' }],
    ['reduce stocks', { kind: 'KILL_SWITCH', scope: { kind: 'CLASS', assetClass: 'stock' }, state: 'REDUCING' }],
    ['reduce --yes', { kind: 'KILL_SWITCH', scope: { kind: 'ACCOUNT' }, state: 'REDUCING', lifts: true }],
    ['reduce btc-usd', { kind: 'KILL_SWITCH', scope: { kind: 'SYMBOL', symbol: 'btc-usd' }, state: 'REDUCING' }],
    ['halt constructor', { kind: 'KILL_SWITCH', scope: { kind: 'SYMBOL', symbol: 'constructor' }, state: 'HALTED' }],
    ['pause', { kind: 'KILL_SWITCH', scope: { kind: 'ACCOUNT' }, state: 'PAUSED' }],
    ['resume AAPL --yes', { kind: 'KILL_SWITCH', scope: { kind: 'SYMBOL', symbol: 'AAPL' }, state: 'ACTIVE' }],
  ];
  it.each(cases)('%s', async (words, document) => {
    says(switched);
    const ended = await run(...words.split(' '));
    expect([ended.exitCode, asked.map(({ path, body }) => [path, body])]).toEqual([0, [['/operator', document]]]);
  });

  it('why, journal, steals, redrive with what they are given, and nothing else', async () => {
    says({ kind: 'STEALS', at: AT, steals: [] });
    expect((await run('steals', '--hours', '3')).out).toEqual(['No steal in that time.']);
    says({ kind: 'JOURNAL', at: AT, symbol: null, entries: [] });
    await run('journal', '--most', '5');
    says({ kind: 'REDRIVE', queue: 'actions', moved: 2, left: 1 });
    expect((await run('redrive', 'actions', '--most', '2')).out).toEqual(['actions: 2 put back, 1 left.']);
    expect(asked.map(({ body }) => body)).toEqual([
      { kind: 'STEALS', hours: 3 }, { kind: 'JOURNAL', symbol: null, hours: 1, most: 5 }, { kind: 'REDRIVE', queue: 'actions', most: 2 },
    ]);
  });
});

describe('what is printed', () => {
  const status = {
    kind: 'STATUS', account: 'main', at: AT,
    capacity: { equity: '10000', equityAgeSeconds: 100, isRecent: false, cap: '20000', used: '1000', free: '19000', byClass: [] },
    kill: [{ scope: 'account', state: 'HALTED', until: null, by: 'duty', why: 'kill switch ACTIVE → HALTED', at: AT }],
    counts: { watches: 2, entries: 1, positions: 1, unprotected: 1, foreign: 1 },
    reconcileAgeSeconds: null, actions: [{ id: 'S1:PLACE', symbol: 'AAPL', purpose: 'STOP', work: 'PLACE', state: 'SENT', ageSeconds: 130 }],
    deadLetters: [{ queue: 'actions', waiting: 3 }], venue: { name: 'paper', circuit: 'OPEN', pause: { kind: 'BANNED', seconds: 90 } }, faults: ['one part is missing'],
  };

  it('status, with what is wrong in capitals', async () => {
    says(status);
    expect((await run('status')).out).toEqual([
      'Account main at 2025-06-04 11:00:02 New York (15:00:02 UTC)',
      'Equity: 10000, TOO OLD, read 100 s ago: nothing enters.',
      '  room    cap  used   free',
      '  all   20000  1000  19000',
      'Kill switch:',
      '  account: HALTED since 2025-06-04 11:00:02 New York (15:00:02 UTC) by duty, until a person lifts it (kill switch ACTIVE → HALTED)',
      'Watches: 2. Entries under way: 1. Positions: 1, 1 of them UNPROTECTED, 1 FOREIGN.',
      'Reconcile: has not run yet.',
      'Open actions: 1.',
      '  symbol  work   purpose  state    age  id',
      '  AAPL    PLACE  STOP     SENT   2 min  S1:PLACE',
      'DEAD LETTERS: 3 in actions.',
      'Venue paper: CIRCUIT OPEN: it refuses entries, BANNED for another 90 s.',
      'NOTE: one part is missing.',
    ]);
  });

  it('the answer itself with --json, one line, exactly as it came', async () => {
    says(status);
    expect((await run('status', '--json')).out).toEqual([JSON.stringify(status)]);
  });

  it('why: sentences, the account, the course in New York’s time and UTC, and no escape sequence from a log', async () => {
    const words = (text: string) => ({ about: 'ENTRY', code: 'AWAY', words: text });
    const entry = { at: AT, level: 'WARN', fact: 'FILL', message: 'one\u001b[2J\ntwo', fields: {} };
    says({ kind: 'WHY', at: AT, symbol: 'AAPL', account: words('19000 is free'), slots: [{ slot: 'main', reasons: [words('no entry: no price of it is known')] }], journal: [entry], fault: null });
    expect((await run('why', 'aapl')).out).toEqual([
      'AAPL at 2025-06-04 11:00:02 New York (15:00:02 UTC)',
      '  no entry: no price of it is known',
      'The account: 19000 is free.',
      'How it came to this:',
      '  2025-06-04 11:00:02 New York (15:00:02 UTC)  WARNING FILL: one [2J two',
    ]);
    says({ kind: 'WHY', at: AT, symbol: 'AAPL', account: words('x'), slots: [], journal: null, fault: 'the journal could not be read' });
    expect((await run('why', 'aapl')).out.slice(1)).toEqual(['No plan has ever named it, and nothing of it is held.', 'The account: x.', 'The course is not known: the journal could not be read.']);
  });

  it('nothing of an answer that a terminal would obey, wherever it stands', async () => {
    const by = 'duty\u001b]0;x\u0007\u009b2J\u202e\r\nKill switch: ACTIVE';
    says({ ...status, account: by, faults: [by], kill: [{ scope: 'account', state: 'HALTED', until: null, by, why: by, at: AT }] });
    const lines = (await run('status')).out;
    expect(lines.join('')).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
    says({ error: by }, 422);
    expect((await run('status')).complaints.join('')).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    says(status);
  });

  it('a restored table, taken over or not', async () => {
    says({ kind: 'RESTORE', table: 'claimjump-restored', changed: true, fenceFloor: 1790000000 });
    expect((await run('restored', 'claimjump-restored')).out).toEqual([expect.stringMatching(/^Table claimjump-restored is taken over: fences begin above 1790000000, and the account is HALTED/)]);
    expect(asked.map(({ body }) => body)).toEqual([{ kind: 'RESTORE', table: 'claimjump-restored' }]);
  });

  it('a plan: refused where any watch was', async () => {
    const file = join(folder, 'plan.json');
    writeFileSync(file, '{"strategy":"a","version":1,"watches":[]}');
    const result = (outcome: string, reason: string | null) => ({ results: [{ symbol: 'AAPL', slot: 'main', outcome, reason }], grids: [], withdrawn: [], reductions: [] });
    says(result('ACCEPTED', null));
    expect((await run('plan', file)).exitCode).toBe(0);
    says(result('REFUSED', 'BELOW_MIN_NOTIONAL'));
    const ended = await run('plan', file);
    expect([ended.exitCode, ended.out.at(-1)]).toEqual([1, '  AAPL    main  REFUSED  BELOW_MIN_NOTIONAL']);
    expect(asked.map(({ path }) => path)).toEqual(['/plans', '/plans']);
  });

  it('an adoption that did not happen ends with 1', async () => {
    says({ kind: 'ADOPT', symbol: 'AAPL', adopted: false, reason: 'NOT_FOREIGN' });
    expect(await run('adopt', 'AAPL')).toMatchObject({ exitCode: 1, out: ['The position in AAPL was not adopted: NOT_FOREIGN.'] });
  });
});

describe('how it ends: 1 for what was refused or failed', () => {
  const refusals: readonly (readonly [number, string, string])[] = [
    [422, '{"error":"date: expected a day whose report was written","field":"date"}', 'date: expected a day whose report was written'],
    [403, '{"message":"Forbidden"}', 'not let in: the caller lacks execute-api:Invoke on this route, or the signature is for another region'],
    [404, '{"message":"Not Found"}', 'there is no such route: is this the API of the stack?'],
    [429, '{"message":"Too Many Requests"}', 'too many requests: try again in a moment'],
    [503, '{"error":"not done, send it again"}', 'not done, send it again'],
    [500, '{"message":"Internal Server Error"}', '500: Internal Server Error'],
    [502, '<html>', '502: what came back is no JSON'],
  ];
  it.each(refusals)('%i %s', async (status, body, words) => {
    says(body, status);
    expect(await run('status')).toEqual({ exitCode: 1, out: [], complaints: [words] });
  });

  it('an answer in another form is said to be one', async () => {
    says({ kind: 'STATUS' });
    const ended = await run('status');
    expect([ended.exitCode, ended.complaints[0]]).toEqual([1, expect.stringMatching(/^the pipeline answers in another form/)]);
  });

  it('an answer that breaks off', async () => {
    answer = { status: 200, body: '' };
    const cut = createServer((_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('{"kind"');
      setTimeout(() => response.destroy(), 20);
    });
    await new Promise<void>((resolve) => cut.listen(0, '127.0.0.1', resolve));
    const address = cut.address();
    const operator = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/operator`;
    const ended = await claimjump(['halt'], { operator, plans: operator });
    cut.close();
    expect([ended.exitCode, ended.complaints[0]]).toEqual([1, expect.stringContaining('broke off: it may have been carried out')]);
  });

  it('nobody there', async () => {
    const ended = await claimjump(['status'], { operator: 'http://127.0.0.1:9/operator', plans: 'http://127.0.0.1:9/plans' });
    expect([ended.exitCode, ended.complaints[0]]).toEqual([1, expect.stringMatching(/^127\.0\.0\.1:9 cannot be reached: /)]);
  });
});

describe('how it ends: 2 for what was not understood, and nothing is sent', () => {
  const wrong: readonly (readonly [string, string])[] = [
    ['nonsense', "error: unknown command 'nonsense'"],
    ['why', "error: missing required argument 'symbol'"],
    ['status --all', "error: unknown option '--all'"],
    ['steals --hours 0', '--hours: expected a whole number from 1 to 168'],
    ['why AAPL --most 1e3', '--most: expected a whole number from 1 to 1000'],
    ['redrive actions --most 101', '--most: expected a whole number from 1 to 100'],
    ['resume', '--yes: expected it, because entries of account go out again (see: claimjump status)'],
    ['plan /nowhere.json', '/nowhere.json: expected a plan in JSON'],
    ['status --url ftp://host', '--url: expected an https address, such as the stack’s output ApiUrl'],
    ['status --url http://example.com', '--url: expected https: over plain http anybody on the way could read along'],
    ['status --url http://127.0.0.1.example.com', '--url: expected https: over plain http anybody on the way could read along'],
    ['status --url https://me:word@example.com', '--url: expected an address without credentials, query or fragment'],
    ['status --url https://example.com', '--region: expected the region of the API, which its address does not name'],
  ];
  it.each(wrong)('%s', async (words, complaint) => {
    const ended = await run(...words.split(' '));
    expect([ended.exitCode, ended.complaints.join('\n').split('\n')[0], asked]).toEqual([2, complaint, []]);
  });

  it('says how to get somewhere to ask where there is nothing', async () => {
    const ended = await claimjump(['status'], null);
    expect(ended).toEqual({ exitCode: 2, out: [], complaints: ['--url: expected the address of a stage (or CLAIMJUMP_URL), or a local cloud: npm start -- --venue paper --prices recorded'] });
  });

  it('takes the address from CLAIMJUMP_URL, and the option before it', async () => {
    says({ kind: 'STEALS', at: AT, steals: [] });
    const base = local.operator.replace('/operator', '/');
    expect((await claimjump(['steals'], null, { CLAIMJUMP_URL: base })).exitCode).toBe(0);
    expect((await claimjump(['steals', '--url', base], null, { CLAIMJUMP_URL: 'http://example.com' })).exitCode).toBe(0);
    expect(asked.map(({ path, headers }) => [path, headers.authorization])).toEqual([['/operator', undefined], ['/operator', undefined]]);
  });

  it('helps, and that is no failure', async () => {
    const ended = await run('--help');
    expect([ended.exitCode, ended.out.join('\n')]).toEqual([0, expect.stringContaining('why [options] <symbol>')]);
  });
});
