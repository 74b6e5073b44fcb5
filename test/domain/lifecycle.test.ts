import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { lifecyclePage } from '../../console/lifecycle/page.ts';
import { decide } from '../../shared/domain/decide.ts';
import type { Decision } from '../../shared/domain/decision.ts';
import { slotKey } from '../../shared/domain/decision.ts';
import type { EventType } from '../../shared/domain/event.ts';
import { LIFECYCLE, lawful, lawfulBy, stepKey, stepsOf } from '../../shared/domain/lifecycle.ts';
import { ENTRY_PHASES, POSITION_PHASES, entryPhaseOf, positionPhaseOf } from '../../shared/domain/lifecycle-phase.ts';
import { rowEventOf } from '../../shared/domain/lifecycle-row.ts';
import type { Slot } from '../../shared/domain/slot.ts';
import { d, watchingSlot } from '../support/builders.ts';
import type { Next } from '../support/next-events.ts';
import { nextOf, standOf } from '../support/next-events.ts';
import { RandomMachine } from '../support/random-machine.ts';
import type { World } from '../support/world.ts';

const DAYS = 100;
const STEPS = 160;
/** Slots looked at of one kind on one day, and in all: days repeat themselves. */
const MOST_OF_A_DAY = 2;
const MOST = 8;

interface Taken {
  readonly decision: Decision;
  readonly type: EventType;
}

/** A decision for every row that was taken, and all those that were refused. */
const taken = new Map<string, Taken>();
const refusals: string[] = [];

const tryNext = ({ snapshot, event, context }: Next): void => {
  const decision = decide(snapshot, event, context);
  const { type } = event;
  if (decision.kind === 'IGNORE' && decision.reason === 'ILLEGAL_TRANSITION') refusals.push(JSON.stringify(decision.notes[0]?.fields));
  for (const step of stepsOf(decision, type)) if (!taken.has(stepKey(step))) taken.set(stepKey(step), { decision, type });
};

const kindOf = (slot: Slot, world: World): string => {
  const hasRivals = [...world.account.slots.values()].some((other) => slotKey(other) !== slotKey(slot) && other.entry.status === 'WORKING');
  return [entryPhaseOf(slot), positionPhaseOf(slot), slot.watch?.kind, slot.pending?.kind, hasRivals].join(' ');
};

/** Days of the random machine; of the slots that come about, everything is tried that could happen next. */
const liveThrough = async (): Promise<void> => {
  const seen = new Map<string, number>();
  for (let seed = 1; seed <= DAYS; seed += 1) {
    const today = new Map<string, number>();
    const lookAt = (slot: Slot, world: World): void => {
      const kind = kindOf(slot, world);
      const [ofDay, ofAll] = [today.get(kind) ?? 0, seen.get(kind) ?? 0];
      if (ofDay >= MOST_OF_A_DAY || ofAll >= MOST) return;
      today.set(kind, ofDay + 1);
      seen.set(kind, ofAll + 1);
      nextOf(standOf(world, slot)).forEach(tryNext);
    };
    const machine: RandomMachine = new RandomMachine(seed, {
      onTry: (changes, _owner, lost) => {
        if (lost !== null) return;
        for (const change of changes) {
          const slot = change.kind === 'SLOT' ? machine.world.account.slots.get(slotKey(change.after)) : undefined;
          if (slot !== undefined) lookAt(slot, machine.world);
        }
      },
    });
    await machine.run(STEPS);
  }
};

describe('SL-1 SL-3 SL-4 SL-5 SL-6 SL-7 SL-8 SL-11 WS-8 EW-7 the lifecycle is the table and nothing else', () => {
  beforeAll(liveThrough, 120_000);

  it('whatever could happen next, wherever a slot stands, is a row', () => {
    expect([...new Set(refusals)]).toEqual([]);
  });

  it('every row is taken by something that happens', () => {
    expect(LIFECYCLE.map(stepKey).filter((key) => !taken.has(key))).toEqual([]);
  });

  it('without any one of its rows, a decision that takes it is refused whole', () => {
    for (const row of LIFECYCLE) {
      const step = taken.get(stepKey(row));
      if (step === undefined) throw new Error(`nothing takes ${stepKey(row)}`);
      const without = lawfulBy(LIFECYCLE.filter((other) => other !== row));
      expect(lawful(step.decision, step)).toBe(step.decision);
      expect(without(step.decision, step)).toMatchObject({ kind: 'IGNORE', reason: 'ILLEGAL_TRANSITION' });
    }
  });
});

describe('SL-12 SL-13 a step that is no row', () => {
  const before = watchingSlot({ symbol: 'AAPL' });
  const after: Slot = { ...before, position: { status: 'FOREIGN', side: 'buy', quantity: d(5), averagePrice: d(100), seenAt: 1 } };
  const told = { kind: 'COMMIT', changes: [{ kind: 'SLOT', before, after, guard: 'STATE' }], notes: [] } as const;

  it('is refused and never thrown, and its names are told', () => {
    expect(lawful(told, { type: 'SLOT_CHECKED' })).toEqual({
      kind: 'IGNORE',
      reason: 'ILLEGAL_TRANSITION',
      notes: [
        {
          name: 'ANOMALY',
          level: 'ERROR',
          message: 'ANOMALY DETECTED: AAPL: position FLAT → FOREIGN by SLOT_CHECKED is no step of the lifecycle',
          fields: { kind: 'ILLEGAL_TRANSITION', symbol: 'AAPL', machine: 'POSITION', from: 'FLAT', event: 'SLOT_CHECKED', to: 'FOREIGN' },
        },
      ],
    });
  });

  it('is legal by another event that has it as a row', () => {
    expect(lawful(told, { type: 'POSITION_SEEN' })).toBe(told);
  });

  it('is refused wherever in the decision it stands, a slot moved by another’s event among them', () => {
    const fine = { kind: 'SLOT', before: null, after: before, guard: 'STATE' } as const;
    const both = { ...told, changes: [fine, ...told.changes] };
    expect(lawful(both, { type: 'WATCH_PLANNED' })).toMatchObject({ reason: 'ILLEGAL_TRANSITION' });
  });

  it('what is ignored and what moves no slot passes', () => {
    const ignored = { kind: 'IGNORE', reason: 'NOTHING_DUE', notes: [] } as const;
    expect(lawful(ignored, { type: 'SLOT_CHECKED' })).toBe(ignored);
    const still = { ...told, changes: [{ kind: 'SLOT', before, after: before, guard: 'STATE' }] } as const;
    expect(lawful(still, { type: 'SLOT_CHECKED' })).toBe(still);
  });
});

describe('the table itself', () => {
  it('has every phase as a beginning and as an end, no row twice and none that leads nowhere', () => {
    const keys = LIFECYCLE.map(stepKey);
    expect(new Set(keys).size).toBe(keys.length);
    expect(LIFECYCLE.filter((row) => row.from === row.to)).toEqual([]);
    for (const [machine, phases] of [['ENTRY', ENTRY_PHASES], ['POSITION', POSITION_PHASES]] as const) {
      const rows = LIFECYCLE.filter((row) => row.machine === machine);
      expect(new Set(rows.map((row) => row.from))).toEqual(new Set<string>(phases));
      expect(new Set(rows.map((row) => row.to))).toEqual(new Set<string>(phases));
    }
  });

  it('knows what the venue says by one name, whoever brings it (SL-11)', () => {
    expect(['ORDER_REPORTED', 'ACTION_ANSWERED', 'ACTION_SEEN_LIVE'].map((type) => rowEventOf(type as EventType))).toEqual(Array(3).fill('ORDER_REPORTED'));
    expect(LIFECYCLE.filter((row) => rowEventOf(row.event) !== row.event)).toEqual([]);
  });

  it('is what docs/lifecycle.md prints: `npm run lifecycle` writes it anew', () => {
    expect(readFileSync(join(import.meta.dirname, '../../docs/lifecycle.md'), 'utf8')).toBe(lifecyclePage());
  });
});
