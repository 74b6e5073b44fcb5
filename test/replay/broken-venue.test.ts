// WS-8 in whole replays of a busy day: however the venue misbehaves, every steal ends and all room is accounted for.
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Decimal } from '../../shared/domain/decimal.ts';
import type { CallFault, FaultPlan, WebhookFault } from '../../shared/adapters/paper/venue-faults.ts';
import { alarmsOf, differencesOf } from './outcome.ts';
import type { StressEnd } from './stress.ts';
import { stress } from './stress.ts';

const LONG = 300_000;
const FELT_AT_LEAST = 3;
const call = (operations: CallFault['operations'], ratio: number, effect: CallFault['effect']): CallFault => ({
  operations,
  only: null,
  timing: { kind: 'CHANCE', ratio },
  effect,
});
const webhook = (types: WebhookFault['types'], ratio: number, effect: WebhookFault['effect']): WebhookFault => ({
  types,
  only: null,
  timing: { kind: 'CHANCE', ratio },
  effect,
});

interface Misfortune {
  readonly name: string;
  readonly faults: Omit<FaultPlan, 'seed'>;
  readonly fillableShare: string | null;
  /** Tells how often it was felt. */
  readonly felt: (end: StressEnd) => number;
}

const outcomesOf = ({ outcomes }: StressEnd, name: string): number => outcomes[name] ?? 0;
const filledInPart = ({ facts }: StressEnd): number =>
  facts.orders.filter(({ status, filledQuantity }) => status === 'CANCELLED' && filledQuantity.greaterThan(0)).length;

const MISFORTUNES: readonly Misfortune[] = [
  {
    name: 'loses cancels before they take effect, and hangs up before and after they do',
    faults: {
      calls: [
        call(['CANCEL'], 0.3, { kind: 'LOST' }),
        call(['CANCEL'], 0.4, { kind: 'RESET', when: 'AFTER' }),
        call(['CANCEL'], 0.3, { kind: 'RESET', when: 'BEFORE' }),
      ],
      webhooks: [],
    },
    fillableShare: null,
    felt: (end) => Math.min(outcomesOf(end, 'UNKNOWN'), end.notes['CANCEL_AGAIN'] ?? 0),
  },
  {
    name: 'fills in parts, lets the cancel overtake the fill and drops every third report',
    faults: {
      calls: [call(['CANCEL'], 0.3, { kind: 'OMIT_FILLED' })],
      webhooks: [
        webhook(['FILLED'], 0.4, { kind: 'OVERTAKEN' }),
        webhook([], 0.33, { kind: 'DROP' }),
        webhook(['CANCELLED', 'FILLED'], 0.3, { kind: 'OMIT_FILLED' }),
      ],
    },
    fillableShare: '0.3',
    felt: filledInPart,
  },
  {
    name: 'answers late, not at all, unreadably or with 500 and 429, and tells everything twice and in any order',
    faults: {
      calls: [
        { operations: ['CANCEL'], only: null, timing: { kind: 'LISTED', numbers: [3] }, effect: { kind: 'TIMEOUT', when: 'AFTER' } },
        { operations: ['PLACE'], only: null, timing: { kind: 'LISTED', numbers: [9] }, effect: { kind: 'LATE', milliseconds: 10_500 } },
        call(['CANCEL', 'PLACE', 'AMEND'], 0.15, { kind: 'LATE', milliseconds: 40 }),
        call(['PLACE', 'CANCEL', 'AMEND'], 0.15, { kind: 'UNREADABLE' }),
        call(['PLACE', 'CANCEL', 'AMEND'], 0.15, { kind: 'ERROR', when: 'AFTER', status: 500, retryAfterSeconds: null }),
        call(['PLACE', 'CANCEL', 'AMEND'], 0.15, { kind: 'ERROR', when: 'BEFORE', status: 429, retryAfterSeconds: 1 }),
      ],
      webhooks: [webhook([], 0.3, { kind: 'DUPLICATE' }), webhook([], 0.3, { kind: 'LAST' }), webhook([], 0.3, { kind: 'DELAY', flushes: 2 })],
    },
    fillableShare: '0.6',
    felt: (end) => outcomesOf(end, 'UNKNOWN'),
  },
];

const midway = ({ slots }: StressEnd): readonly string[] =>
  slots.flatMap(({ symbol, entry }) => (['PLACING', 'WAITING', 'YIELDING', 'CANCELLING'].includes(entry.status) ? [`${symbol} ${entry.status}`] : []));

describe.each(MISFORTUNES)('WS-8 EX-9 SL-10 a busy day at a venue that $name', ({ faults, fillableShare, felt }) => {
  let end: StressEnd;
  beforeAll(async () => {
    end = await stress({
      faults: { seed: 7, ...faults },
      fillableShare: fillableShare === null ? null : new Decimal(fillableShare),
    });
  }, LONG);

  it('was one on which orders stole from each other, and the venue was felt', () => {
    expect(end.facts.steals.length).toBeGreaterThanOrEqual(10);
    expect(felt(end)).toBeGreaterThanOrEqual(FELT_AT_LEAST);
  });

  it('leaves no difference behind: WS-2, EW-7, and store and venue order by order', () => {
    expect(end.facts.checks).toHaveLength(11);
    expect(differencesOf(end.facts.checks)).toEqual([]);
  });

  it('leaves nothing half done: no open action, nobody waiting or yielding', () => {
    expect(end.openActions.map(({ id, state }) => `${id} ${state}`)).toEqual([]);
    expect(midway(end)).toEqual([]);
  });

  it('raises no alarm (SL-12, SL-13): whatever the venue does wrong is no race and no anomaly of ours', () => {
    expect(alarmsOf(end)).toEqual([]);
  });

  it('leaves nothing that a queue gave up on', () => {
    expect(end.deadLetters).toEqual([]);
  });
});
