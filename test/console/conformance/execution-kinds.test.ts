import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { MalformedFileError } from '../../../console/conformance/malformed.ts';
import { runCases } from '../../../console/conformance/run-cases.ts';

type Json = Record<string, unknown>;

const folder = join(import.meta.dirname, '../../cases');
const inputOf = (kind: string, id: string): Json =>
  JSON.parse(readFileSync(join(folder, `${kind}.json`), 'utf8')).cases.find((one: { id: string }) => one.id === id).input;
const run = (kind: string, input: unknown) =>
  runCases([{ name: 'f.json', text: JSON.stringify({ kind, cases: [{ id: 'x', name: 'n', input, expected: { any: 1 } }] }) }]);
const placeOf = (kind: string, input: unknown): string => {
  try {
    run(kind, input);
  } catch (error) {
    if (error instanceof MalformedFileError) return error.place.replace('top.cases[0] (x).input', 'input');
    throw error;
  }
  return 'none';
};
const router = inputOf('router', 'router-006');
const grid = inputOf('grid', 'grid-025');
const fill = inputOf('fill-probability', 'fill-probability-001');
const [firstFill] = inputOf('round-trips', 'round-trips-009')['fills'] as Json[];
const retry = inputOf('retry', 'retry-007');

describe('a malformed case of execution is refused with its place', () => {
  it.each<[string, string, unknown, string]>([
    ['EX-3 no venue', 'router', { ...router, venue: undefined }, 'input.venue'],
    ['EX-3 a side that is none', 'router', { ...router, wanted: [{ ...(router['wanted'] as Json[])[0], side: 'long' }] }, 'input.wanted[0].side'],
    ['EX-3 a price as a number', 'router', { ...router, live: [{ ...(router['live'] as Json[])[0], price: 99 }] }, 'input.live[0].price'],
    ['EX-3 no word on post-only', 'router', { ...router, wanted: [{ ...(router['wanted'] as Json[])[0], postOnly: null }] }, 'input.wanted[0].postOnly'],
    ['EX-5 a mode that is none', 'grid', { ...grid, mode: 'stop' }, 'input.mode'],
    ['EX-5 a count as a text', 'grid', { ...grid, levelsUp: '3' }, 'input.levelsUp'],
    ['EX-5 a size without end', 'grid', { ...grid, sizes: ['0.1', '9'.repeat(39)] }, 'input.sizes[1]'],
    ['EX-5 a fill model without minimum', 'grid', { ...grid, fillModel: { ...(grid['fillModel'] as Json), minimum: null } }, 'input.fillModel.minimum'],
    ['FP-1 a mid that is no number', 'fill-probability', { ...fill, mid: 'NaN' }, 'input.mid'],
    ['FP-1 a horizon as a text', 'fill-probability', { ...fill, horizonSeconds: '60' }, 'input.horizonSeconds'],
    ['EX-6 fills that are no list', 'round-trips', { fills: {} }, 'input.fills'],
    ['EX-6 a time without zone', 'round-trips', { fills: [{ ...firstFill, at: '2025-06-11T14:00:00' }] }, 'input.fills[0].at'],
    ['EX-6 a fee without rate', 'round-trips', { fills: [{ ...firstFill, fee: { amount: '1', asset: 'USD' } }] }, 'input.fills[0].fee.rateToQuote'],
    ['EX-6 no fee', 'round-trips', { fills: [{ ...firstFill, fee: null }] }, 'input.fills[0].fee'],
    ['EX-8 another kind of request', 'latency', { samples: [{ venue: 'a', kind: 'read', ms: 1 }] }, 'input.samples[0].kind'],
    ['EX-8 milliseconds as a text', 'latency', { samples: [{ venue: 'a', kind: 'place', ms: '1' }] }, 'input.samples[0].ms'],
    ['EX-9 an answer that is none', 'retry', { ...retry, outcomes: [{ type: 'LATE', retryAfterSeconds: null }] }, 'input.outcomes[0].type'],
    ['EX-9 no attempt at all', 'retry', { ...retry, maxAttempts: 0 }, 'input.maxAttempts'],
    ['EX-9 fewer answers than attempts', 'retry', { ...retry, outcomes: [{ type: 'TIMEOUT', retryAfterSeconds: null }] }, 'input.outcomes'],
  ])('%s', (_name, kind, input, place) => {
    expect(placeOf(kind, input)).toBe(place);
  });

  it.each<[string, string, unknown, string]>([
    ['EX-3 a level wanted twice', 'router', { ...router, wanted: [...(router['wanted'] as Json[]), ...(router['wanted'] as Json[])] }, 'wanted'],
    ['EX-5 no size', 'grid', { ...grid, sizes: [] }, 'sizes'],
    ['FP-1 a mid of zero', 'fill-probability', { ...fill, mid: '0' }, 'mid'],
    ['EX-6 a quantity of zero', 'round-trips', { fills: [{ ...firstFill, quantity: '0' }] }, 'quantity'],
  ])('%s is what the rules refuse: a failure, not a broken run', (_name, kind, input, field) => {
    expect(run(kind, input).failures).toMatchObject([{ found: { refused: expect.stringContaining(field) } }]);
  });
});
