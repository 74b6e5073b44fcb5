import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { KINDS } from '../../../console/conformance/kinds.ts';
import { runCases } from '../../../console/conformance/run-cases.ts';

const folder = join(import.meta.dirname, '../../cases');
const textOf = (kind: string) => ({ name: `${kind}.json`, text: readFileSync(join(folder, `${kind}.json`), 'utf8') });

describe('the worked cases', () => {
  // How many the project was given; a file that loses cases must not pass for the lesser reason.
  it.each([
    ['distance', 24], ['capacity', 25], ['protection', 37], ['candidates', 20], ['steal', 59], ['steal-sequence', 14], ['fight', 18],
    ['market-hours', 70], ['tolerance', 30], ['symbols', 13], ['expiry', 21], ['probe', 17], ['order-lifecycle', 20], ['constraints', 21],
    ['trigger', 19], ['stale-entry', 13], ['re-entry', 19], ['stop-price', 19], ['trail', 16], ['auto-exit', 15], ['position-sync', 13],
    ['router', 22], ['grid', 18], ['fill-probability', 26], ['round-trips', 20], ['latency', 12], ['retry', 11],
  ])('of kind %s come out as they should, all %i', (kind, count) => {
    expect(runCases([textOf(kind)])).toEqual({ passed: count, failures: [] });
  });

  it('cover every kind there is', () => {
    expect(KINDS.size).toBe(27);
    for (const kind of KINDS.keys()) expect(textOf(kind).text).toContain('"cases"');
  });
});
