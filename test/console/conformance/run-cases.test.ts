import { describe, expect, it } from '@jest/globals';
import { Decimal } from '../../../shared/domain/decimal.ts';
import { Approximate, type Found, Instant, matches, toJson } from '../../../console/conformance/found.ts';
import { findJsonFault } from '../../../console/conformance/json-fault.ts';
import { MalformedFileError } from '../../../console/conformance/malformed.ts';
import { runCases, verdictLines } from '../../../console/conformance/run-cases.ts';

const input = { settings: { QUOTE_MAX_AGE_SECONDS: 120 }, limit: '100', price: '100.3', quoteAgeSeconds: 1, bound: '0.003' };
const expected = { distance: '0.0030', reason: null, within: true };
const aCase = (changes: object = {}): object => ({ id: 'd-1', name: 'a case', input, expected, ...changes });
const fileOf = (...cases: unknown[]): string => JSON.stringify({ kind: 'distance', cases });
const run = (text: string) => runCases([{ name: 'cases.json', text }]);
const refusal = (text: string): { message: string; place: string } => {
  try {
    run(text);
  } catch (error) {
    if (error instanceof MalformedFileError) return { message: error.message, place: error.place };
    throw error;
  }
  return { message: 'accepted', place: '' };
};

describe('a run of cases', () => {
  it('passes what the rules say and counts it', () => {
    expect(verdictLines(run(fileOf(aCase(), aCase({ id: 'd-2' }))))).toEqual(['2 passed, 0 failed']);
  });

  it('reports a case that comes out otherwise, with both sides', () => {
    const verdict = run(fileOf(aCase(), aCase({ id: 'd-2', name: 'wrong', expected: { within: false } })));
    expect(verdictLines(verdict)).toEqual([
      'FAILED d-2: wrong (cases.json)',
      '  expected {"within":false}',
      '  found    {"distance":"0.003","reason":null,"within":true}',
      '1 passed, 1 failed',
    ]);
  });

  it.each([
    ['a distance a digit off', { distance: '0.003000000000000001' }],
    ['another reason', { reason: 'NO_QUOTE' }],
    ['a field that no answer has', { extra: true }],
    ['a text where a flag is due', { within: 'true' }],
    ['a decimal that is none', { distance: 'abc' }],
  ])('fails %s', (_name, wrong) => {
    expect(run(fileOf(aCase({ expected: wrong }))).failures).toHaveLength(1);
  });

  it('reads a byte-order mark as nothing', () => {
    expect(run(`\uFEFF${fileOf(aCase())}`).passed).toBe(1);
  });

  it('fails, and does not break, when the rules refuse the input itself', () => {
    const symbols = { kind: 'symbols', cases: [{ id: 's', name: 'n', input: { symbols: ['A B'] }, expected: { groups: [[0]] } }] };
    expect(run(JSON.stringify(symbols)).failures).toMatchObject([{ id: 's', found: { refused: expect.stringContaining('symbol') } }]);
  });
});

describe('comparing', () => {
  it.each<[string, unknown, Found, boolean]>([
    ['decimals by value', '99.50', new Decimal('99.5'), true],
    ['decimals to the last digit', '99.50', new Decimal('99.500000000000000001'), false],
    ['decimals with a number', 99.5, new Decimal('99.5'), false],
    ['times as instants', '2025-01-15T10:00:00-05:00', new Instant(Date.UTC(2025, 0, 15, 15)), true],
    ['times a millisecond apart', '2025-01-15T15:00:00.001Z', new Instant(Date.UTC(2025, 0, 15, 15)), false],
    ['FP-1 floats to nine places', '0.910000001', new Approximate(0.91), true],
    ['FP-1 floats beyond nine places', '0.9100000011', new Approximate(0.91), false],
    ['FP-1 floats with a number', 0.91, new Approximate(0.91), false],
    ['FP-1 what is no number', '0.91', new Approximate(Number.NaN), false],
    ['texts as they stand, also where they look like numbers', '1.0', '1', false],
    ['null with null', null, null, true],
    ['null with an absent field', null, undefined, true],
    ['null with zero', null, 0, false],
    ['null with a text', null, '', false],
    ['a value with null', 'x', null, false],
    ['a value with nothing', 'x', undefined, false],
    ['only fields that are expected', { a: 1 }, { a: 1, b: 2 }, true],
    ['fields at every depth', { a: { b: '1.0' } }, { a: { b: new Decimal(1), c: 2 } }, true],
    ['fields at every depth, wrong', { a: { b: '1.1' } }, { a: { b: new Decimal(1), c: 2 } }, false],
    ['lists in order', [1, 2], [2, 1], false],
    ['lists in full', [1], [1, 2], false],
    ['longer lists', [1, 2], [1], false],
    ['lists with lists', [[0, 2], [1]], [[0, 2], [1]], true],
    ['a list with an object', { 0: 'a' }, ['a'], false],
    ['an object with a list', [], { a: 1 }, false],
    ['names of the prototype', { constructor: null, toString: null }, {}, true],
    ['names of the prototype, expected', { toString: 'x' }, {}, false],
  ])('compares %s', (_name, wanted, found, same) => {
    expect(matches(wanted, found)).toBe(same);
  });

  it('prints what was found the way cases are written', () => {
    expect(toJson({ a: [new Decimal('1e-7'), new Approximate(0.7)], at: new Instant(0), n: null })).toEqual({ a: ['0.0000001', '0.7'], at: '1970-01-01T00:00:00.000Z', n: null });
  });
});

describe('a malformed file', () => {
  it.each<[string, string, string | RegExp]>([
    ['no JSON', 'nonsense', 'line 1, column 1'],
    ['nothing', '', 'line 1, column 1'],
    ['half a file', fileOf(aCase()).slice(0, -3), /line 1, column \d+/],
    ['a comma too many', '{\n "kind": "distance",\n "cases": [],\n}', 'line 4, column 1'],
    ['no object', '[]', 'top'],
    ['null', 'null', 'top'],
    ['no kind', JSON.stringify({ cases: [] }), 'top.kind'],
    ['a kind that is none', JSON.stringify({ kind: 'toString', cases: [] }), 'top.kind'],
    ['a kind in other letters', JSON.stringify({ kind: 'Latency', cases: [] }), 'top.kind'],
    ['no cases', JSON.stringify({ kind: 'distance' }), 'top.cases'],
    ['cases that are no list', JSON.stringify({ kind: 'distance', cases: { 0: aCase() } }), 'top.cases'],
    ['an empty list', fileOf(), 'top.cases'],
    ['a case that is none', fileOf(aCase(), 7), 'top.cases[1]'],
    ['a case without an id', fileOf(aCase({ id: undefined })), 'top.cases[0].id'],
    ['an id that is no text', fileOf(aCase({ id: 7 })), 'top.cases[0].id'],
    ['an empty id', fileOf(aCase({ id: '' })), 'top.cases[0].id'],
    ['an id used twice', fileOf(aCase(), aCase()), 'top.cases[1].id'],
    ['a case without a name', fileOf(aCase({ name: undefined })), 'top.cases[0].name'],
    ['a case without input', fileOf(aCase({ input: undefined })), 'top.cases[0].input'],
    ['a case that expects nothing', fileOf(aCase({ expected: {} })), 'top.cases[0].expected'],
    ['a case without expectation', fileOf(aCase({ expected: null })), 'top.cases[0].expected'],
    ['a float', fileOf(aCase({ input: { ...input, bound: 0.003 } })), 'top.cases[0].input.bound'],
    ['a float that is expected', fileOf(aCase({ expected: { distance: 0.003 } })), 'top.cases[0].expected.distance'],
    ['a number for a decimal', fileOf(aCase({ input: { ...input, limit: 100 } })), 'top.cases[0] (d-1).input.limit'],
    ['a decimal that is none', fileOf(aCase({ input: { ...input, bound: 'NaN' } })), 'top.cases[0] (d-1).input.bound'],
    ['a decimal without end', fileOf(aCase({ input: { ...input, limit: '9'.repeat(39) } })), 'top.cases[0] (d-1).input.limit'],
    ['a text for a count', fileOf(aCase({ input: { ...input, quoteAgeSeconds: '1' } })), 'top.cases[0] (d-1).input.quoteAgeSeconds'],
    ['a setting that is none', fileOf(aCase({ input: { ...input, settings: 5 } })), 'top.cases[0] (d-1).input.settings'],
    ['an endless nesting', `${'['.repeat(5000)}${']'.repeat(5000)}`, /./],
    ['a deep nesting in a case', fileOf(aCase({ input: JSON.parse(`${'[{"a":'.repeat(60)}1${'}]'.repeat(60)}`) })), /top\.cases\[0\]\.input/],
  ])('with %s is refused with its place', (_name, text, place) => {
    const refused = refusal(text);
    expect(refused.message).toMatch(/^cases\.json: /);
    if (typeof place === 'string') expect(refused.place).toBe(place);
    else expect(refused.place).toMatch(place);
  });

  it('stops the run before any verdict, however good the other files are', () => {
    const texts = [{ name: 'good.json', text: fileOf(aCase()) }, { name: 'bad.json', text: '{}' }];
    expect(() => runCases(texts)).toThrow(/^bad\.json: top\.kind: /);
  });

  it('is placed by line and column', () => {
    expect(findJsonFault('{"a": 1,\n  "b": x}')).toEqual({ line: 2, column: 8 });
    expect(findJsonFault('{"a": "tab\there"}')).toEqual({ line: 1, column: 7 });
    expect(findJsonFault('[1, 2,, 3]')).toEqual({ line: 1, column: 7 });
    expect(findJsonFault('{"a" 1}')).toEqual({ line: 1, column: 6 });
    expect(findJsonFault('{"a": 1} x')).toEqual({ line: 1, column: 10 });
    expect(findJsonFault('{a: 1}')).toEqual({ line: 1, column: 2 });
    expect(findJsonFault('01')).toEqual({ line: 1, column: 2 });
  });
});
