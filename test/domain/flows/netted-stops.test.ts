// Where nothing marks an exit as one that only reduces, two stops of one position must never stand beside each other.
import { describe, expect, it } from '@jest/globals';
import { d } from '../../support/builders.ts';
import { planGrids } from '../../support/plan-grids.ts';
import type { GridInput } from '../../support/plan-grids.ts';
import { World } from '../../support/world.ts';

const BTC = 'BTC/USD';

/** What the stop of a level's position called for when its entry filled in two parts, at a venue that lets stops overlap. */
const callsOfGrowth = async (grid: GridInput): Promise<readonly string[]> => {
  const world = await World.open({ equity: '100000', traits: { stopMoves: 'PLACE_FIRST' } });
  world.venue.setPrice(BTC, d(1000));
  await planGrids(world, 1, [grid]);
  await world.tick({ [BTC]: '1000' });
  world.venue.fillShare = d('0.4');
  await world.tick({ [BTC]: '989' });
  world.venue.fillShare = d(1);
  const from = world.venue.calls.length;
  await world.tick({ [BTC]: '988' });
  const made = world.venue.calls.slice(from).map(({ kind, clientOrderId }) => `${kind} ${world.account.orders.get(clientOrderId)?.order.purpose ?? '?'}`);
  return made.filter((call) => call.endsWith(' STOP'));
};

describe('EX-5 SL-5 SL-6 the stop of a grid level grows', () => {
  it('beside the first where the venue sees to it that both only reduce', async () => {
    expect(await callsOfGrowth({ up: 0, down: 1 })).toEqual(['place STOP', 'cancel STOP']);
  });

  it('after the first has ended where the grid has two sides, for both could fill and leave a short', async () => {
    expect(await callsOfGrowth({ up: 1, down: 1 })).toEqual(['cancel STOP', 'place STOP']);
  });
});
