// From a plan to fills and back to flat, through the whole core.
import { describe, expect, it } from '@jest/globals';
import { World } from '../../support/world.ts';

describe('EW-1 EW-6 a limit watch from its plan to its profit', () => {
  it('claims, sends once, is acknowledged, fills, takes its profit and enters again', async () => {
    const world = await World.open();
    await world.plan(1, [{ symbol: 'AAPL', limit: '100', quantity: '10', takeProfit: '110' }]);
    await world.tick({ AAPL: '100.5' });
    expect(world.state('AAPL')).toBe('WORKING/FLAT');
    expect(world.free()).toBe('19000');
    await world.tick({ AAPL: '99.9' });
    expect([world.state('AAPL'), world.held('AAPL'), world.free()]).toEqual(['NONE/OPEN', '10', '19000']);
    await world.tick({ AAPL: '110.2' });
    expect([world.state('AAPL'), world.free()]).toEqual(['NONE/FLAT', '20000']);
    await world.tick({ AAPL: '100.1' });
    expect(world.state('AAPL')).toBe('WORKING/FLAT');
    expect(new Set(world.venue.callsOf('place')).size).toBe(3);
  });
});
