// SL-14: what is told while a position lives can be traced to the symbol and to the state of its slot that it belongs to.
import { describe, expect, it } from '@jest/globals';
import { openLife } from '../support/lifecycle-world.ts';
import type { Life } from '../support/lifecycle-world.ts';

/** Told of a call that reads no state: its action names the order, and with it the fence. */
const CALLS: ReadonlySet<string> = new Set(['VENUE_CALL']);

const notesOf = ({ world }: Life) => world.telemetry.notes;

describe('SL-14 every record of a position\'s life', () => {
  it('names its symbol and, from entry to exit, a state version that never goes back', async () => {
    const life = await openLife('buy');
    await life.tick('99.8');
    expect([life.state, life.closings]).toEqual(['NONE/FLAT', ['STOP_FILLED']]);
    const told = notesOf(life).filter(({ name }) => !CALLS.has(name));
    for (const name of ['TRIGGERED', 'CLAIMED', 'FILL', 'STOP_PLANNED', 'PROTECTED', 'POSITION_CLOSED']) expect(told.map((note) => note.name)).toContain(name);
    expect(told.filter(({ fields }) => fields['symbol'] !== 'AAPL')).toEqual([]);
    const versions = told.map(({ fields }) => Number(fields['stateVersion']));
    expect(versions.filter((version) => !Number.isSafeInteger(version) || version < 1)).toEqual([]);
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(versions.at(-1)).toBe(life.slot.revision);
  });

  it('names for a call to the venue the action, whose id holds the order and its fence', async () => {
    const life = await openLife('buy');
    const calls = notesOf(life).filter(({ name }) => CALLS.has(name));
    expect(calls.length).toBeGreaterThan(1);
    for (const { fields } of calls) expect([fields['symbol'], typeof fields['outcome'], fields['actionId']]).toEqual(['AAPL', 'string', expect.stringMatching(/:(PLACE|CANCEL:\d+|AMEND:\d+)$/)]);
  });
});
