import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type ExitEvent, type ExitPlan, type ExitTime, advanceExit, exitPlanOf, exitTimeAt } from '../../shared/domain/auto-exit-plan.ts';
import { DEFAULT_SETTINGS } from '../../shared/domain/settings.ts';
import { decimal } from '../shared/domain/book.ts';

type StopStatus = Extract<ExitEvent, { type: 'STOP_UPDATED' }>['status'];
type SaleStatus = Extract<ExitEvent, { type: 'SALE_UPDATED' }>['status'];

const tick = (time: ExitTime = 'LEAVE'): ExitEvent => ({ type: 'TICKED', time });
const stop = (status: StopStatus, filled = '0'): ExitEvent => ({ type: 'STOP_UPDATED', status, filledQuantity: decimal(filled) });
const sale = (status: SaleStatus, filled = '0'): ExitEvent => ({ type: 'SALE_UPDATED', status, filledQuantity: decimal(filled) });

/** Plays events on a position and writes what each asked for; `=` ends with what is still held. */
const play = (events: readonly ExitEvent[], held = '5', stopId: string | null = 's', retries: number | null = 3): string[] => {
  let plan: ExitPlan = exitPlanOf(decimal(held), stopId);
  const told = events.map((event) => {
    const step = advanceExit(plan, event, retries);
    plan = step.plan;
    return step.actions
      .map((action) => {
        if (action.type === 'CANCEL_STOP') return `cancel ${action.id}`;
        return action.type === 'CLOSE' ? `${action.side} ${action.quantity.toFixed()}` : `restore ${action.quantity.toFixed()}`;
      })
      .join(', ');
  });
  return [...told, `= ${plan.held.toFixed()}`];
};

describe('SL-6 the time of the auto-exit', () => {
  const closesAt = Date.UTC(2025, 5, 11, 20);
  const before = (minutes: number) => exitTimeAt(closesAt - minutes * 60_000, { closesAt }, DEFAULT_SETTINGS);

  it('comes the set minutes before the close and ends with it', () => {
    expect([45 + 1 / 60_000, 45, 1 / 60_000, 0, -1].map(before)).toEqual(['HOLD', 'LEAVE', 'LEAVE', 'SHUT', 'SHUT']);
  });

  it('never comes where nothing closes', () => {
    expect(exitTimeAt(closesAt, { closesAt: null }, DEFAULT_SETTINGS)).toBe('HOLD');
  });
});

describe('SL-6 auto-exit', () => {
  it('takes the stop away, learns how that ended, sells what is held', () => {
    expect(play([tick('HOLD'), tick(), stop('CANCELLED'), sale('OPEN'), sale('FILLED', '5')])).toEqual(['', 'cancel s', 'sell 5', '', '', '= 0']);
  });

  it('buys back a short', () => {
    expect(play([tick(), stop('CANCELLED', '1.5'), sale('FILLED', '3.5')], '-5')).toEqual(['cancel s', 'buy 3.5', '', '= 0']);
  });

  it('sells at once where no stop rests', () => {
    expect(play([tick()], '5', null)).toEqual(['sell 5', '= 5']);
    expect(play([stop('EXPIRED'), tick()])).toEqual(['', 'sell 5', '= 5']);
  });

  it('sells only what a stop that filled meanwhile has left, and nothing where it left nothing', () => {
    expect(play([tick(), stop('CANCELLED', '2'), sale('FILLED', '3')])).toEqual(['cancel s', 'sell 3', '', '= 0']);
    expect(play([tick(), stop('CANCEL_REFUSED'), stop('FILLED', '5'), tick()])).toEqual(['cancel s', '', '', '', '= 0']);
  });

  it('sells nothing while the end of the stop is not known, and asks for its cancel once', () => {
    expect(play([tick(), tick(), stop('CANCEL_PENDING', '1'), tick(), stop('PARTIALLY_FILLED', '2'), tick()])).toEqual(['cancel s', '', '', '', '', '', '= 3']);
  });

  it('asks again when the cancel was refused and the stop lives', () => {
    expect(play([tick(), stop('CANCEL_REFUSED'), tick(), stop('CANCELLED')])).toEqual(['cancel s', '', 'cancel s', 'sell 5', '= 5']);
  });

  it('retries a sale that failed with the next tick, for what is left', () => {
    expect(play([tick(), stop('CANCELLED'), sale('REJECTED'), tick(), sale('CANCELLED', '2'), tick()])).toEqual([
      'cancel s', 'sell 5', '', 'sell 5', '', 'sell 3', '= 3',
    ]);
  });

  it('goes on once it has begun, also where the price that began it has gone', () => {
    expect(play([tick(), stop('CANCELLED'), sale('REJECTED'), tick('HOLD')])).toEqual(['cancel s', 'sell 5', '', 'sell 5', '= 5']);
  });

  it('does not sell twice on an echo, nor on the bare word that a sale filled', () => {
    expect(play([tick(), stop('CANCELLED'), stop('CANCELLED'), tick()])).toEqual(['cancel s', 'sell 5', '', '', '= 5']);
    expect(play([tick(), stop('CANCELLED'), sale('REJECTED'), stop('CANCELLED')])).toEqual(['cancel s', 'sell 5', '', '', '= 5']);
    expect(play([tick(), stop('CANCELLED'), sale('FILLED', '3'), tick(), sale('FILLED', '5'), sale('FILLED', '5')])).toEqual([
      'cancel s', 'sell 5', '', '', '', '', '= 0',
    ]);
  });

  it('counts a fill that came after the sale’s cancel before it sells again', () => {
    expect(play([tick(), stop('CANCELLED'), sale('CANCELLED', '1'), sale('PARTIALLY_FILLED', '2'), tick()])).toEqual(['cancel s', 'sell 5', '', '', 'sell 3', '= 3']);
  });

  it('lets no older report undo a fill or the end of the stop', () => {
    expect(play([tick(), stop('CANCELLED'), sale('OPEN', '3'), sale('OPEN', '1')])).toEqual(['cancel s', 'sell 5', '', '', '= 2']);
    expect(play([tick(), stop('CANCELLED'), stop('OPEN'), sale('REJECTED'), tick()])).toEqual(['cancel s', 'sell 5', '', '', 'sell 5', '= 5']);
  });

  it('puts the stop back after the last retry, and then rests', () => {
    const failing = [tick(), sale('REJECTED'), tick(), sale('REJECTED')];
    expect(play([...failing, tick(), tick('SHUT')], '5', null, 1)).toEqual(['sell 5', '', 'sell 5', 'restore 5', '', '', '= 5']);
    expect(play([tick(), sale('REJECTED')], '5', null, 0)).toEqual(['sell 5', 'restore 5', '= 5']);
    expect(play([...failing, tick()], '5', null, null)).toEqual(['sell 5', '', 'sell 5', '', 'sell 5', '= 5']);
  });

  it('puts the stop back at the close, as soon as nothing else covers the position', () => {
    expect(play([tick(), stop('CANCELLED'), sale('REJECTED'), tick('SHUT'), tick('SHUT')])).toEqual(['cancel s', 'sell 5', '', 'restore 5', '', '= 5']);
    expect(play([tick(), tick('SHUT'), stop('CANCELLED', '1'), tick('SHUT')])).toEqual(['cancel s', '', 'restore 4', '', '= 4']);
    expect(play([tick(), stop('CANCELLED'), tick('SHUT'), sale('EXPIRED', '2')])).toEqual(['cancel s', 'sell 5', '', 'restore 3', '= 3']);
    expect(play([tick(), tick('SHUT'), stop('CANCEL_REFUSED'), tick('SHUT')])).toEqual(['cancel s', '', '', '', '= 5']);
  });

  it('leaves a position alone that is not to be left, is flat or has turned around', () => {
    expect(play([tick('HOLD'), stop('CANCELLED', '1'), tick('SHUT')])).toEqual(['', '', '', '= 4']);
    expect(play([tick(), tick('SHUT')], '0', null)).toEqual(['', '', '= 0']);
    expect(play([tick(), stop('FILLED', '7'), tick()])).toEqual(['cancel s', '', '', '= -2']);
  });

  it('ignores reports of orders it does not have', () => {
    expect(play([stop('FILLED', '5'), sale('FILLED', '5')], '5', null)).toEqual(['', '', '= 5']);
  });
});

/** A venue that tells the truth, late and repeatedly: one stop of 5, sales as they come. */
class HonestVenue {
  held = 5;
  stop = { live: true, filled: 0 };
  sale: { live: boolean; quantity: number; filled: number } | null = null;
  reports: ExitEvent[] = [];

  #sell(order: { filled: number }, quantity: number): void {
    order.filled += quantity;
    this.held -= quantity;
  }

  fillStop(): void {
    if (!this.stop.live) return;
    this.#sell(this.stop, 1);
    this.stop.live = this.stop.filled < 5;
    this.reports.push(stop(this.stop.live ? 'PARTIALLY_FILLED' : 'FILLED', String(this.stop.filled)));
  }

  cancelStop(refused: boolean): void {
    if (refused || !this.stop.live) this.reports.push(stop('CANCEL_REFUSED', String(this.stop.filled)));
    else {
      this.stop.live = false;
      this.reports.push(stop('CANCELLED', String(this.stop.filled)));
    }
  }

  take(quantity: number): void {
    expect([this.stop.live, this.sale?.live ?? false]).toEqual([false, false]);
    this.sale = { live: true, quantity, filled: 0 };
    this.reports = this.reports.filter((report) => report.type !== 'SALE_UPDATED');
  }

  fillSale(): void {
    if (this.sale?.live !== true) return;
    this.#sell(this.sale, 1);
    this.sale.live = this.sale.filled < this.sale.quantity;
    this.reports.push(sale(this.sale.live ? 'PARTIALLY_FILLED' : 'FILLED', String(this.sale.filled)));
  }

  endSale(): void {
    if (this.sale?.live !== true) return;
    this.sale.live = false;
    this.reports.push(sale('CANCELLED', String(this.sale.filled)));
  }
}

describe('SL-6 whatever comes in whatever order', () => {
  it('never sells beyond what is held, never sells beside a live stop or sale, and never leaves a short', () => {
    const step = fc.record({ what: fc.constantFrom('tick', 'deliver', 'deliver', 'fillStop', 'fillSale', 'endSale', 'shut'), pick: fc.nat(50) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const venue = new HonestVenue();
        let plan = exitPlanOf(decimal('5'), 's');
        const happen = (event: ExitEvent, pick: number): void => {
          const next = advanceExit(plan, event, 3);
          plan = next.plan;
          for (const action of next.actions) {
            if (action.type === 'CANCEL_STOP') venue.cancelStop(pick % 3 === 0);
            else expect(action.quantity.toNumber()).toBe(venue.held);
            if (action.type === 'CLOSE') venue.take(action.quantity.toNumber());
            if (action.type === 'RESTORE_STOP') expect([venue.stop.live, venue.sale?.live ?? false]).toEqual([false, false]);
          }
        };
        for (const { what, pick } of steps) {
          if (what === 'tick') happen(tick(), pick);
          else if (what === 'shut') happen(tick(pick % 5 === 0 ? 'SHUT' : 'HOLD'), pick);
          else if (what === 'deliver') {
            const report = venue.reports[pick % Math.max(1, venue.reports.length)];
            if (report !== undefined) happen(report, pick);
          } else venue[what]();
          expect(venue.held).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 500 },
    );
  });
});
