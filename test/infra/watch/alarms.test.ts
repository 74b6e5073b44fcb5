// Each alarm of the synthesized template fires when what it watches happens, and only then.
import { describe, expect, it } from '@jest/globals';
import { SCHEDULES } from '../../../infra/pipeline-schedules.ts';
import { LONGEST_UNPROTECTED_MS } from '../../../shared/domain/decide-slot.ts';
import { CAUSES, protectedLate, unreadable } from './causes.ts';
import { periodOf, stateOf } from './evaluate-alarm.ts';
import type { TemplateAlarm } from './evaluate-alarm.ts';
import { layOut, runsBetween } from './healthy-days.ts';
import { MetricStore } from './metric-store.ts';
import { Probe } from './probe.ts';
import { alarms } from './watched-stack.ts';

const HOUR = 3_600_000;
const names = [...alarms.keys()];
const alarmNamed = (name: string): TemplateAlarm => {
  const alarm = alarms.get(name);
  if (alarm === undefined) throw new Error(`no alarm ${name} in the template`);
  return alarm;
};

const heartbeats = Object.values(SCHEDULES).flatMap((schedules) => Object.keys(schedules));

/** The end of the period in which something was measured last. */
const afterwards = (alarm: TemplateAlarm, store: MetricStore): number => (Math.floor(store.latest() / periodOf(alarm)) + 1) * periodOf(alarm);

/** A weekend with the night that has an hour more in New York, from Thursday to Tuesday. */
const FROM = Date.UTC(2026, 9, 29);
const WATCHED_FROM = Date.UTC(2026, 9, 30, 12);
const TO = Date.UTC(2026, 10, 3, 12);
const DAYS = await runsBetween(FROM, TO);

describe('an alarm of the template', () => {
  it('has a cause here, and each cause an alarm', () => {
    expect([...CAUSES.keys(), ...heartbeats.map((schedule) => `heartbeat-${schedule}`)].toSorted()).toEqual(names.toSorted());
  });

  it.each([...CAUSES])('%s fires when that happens', async (name, cause) => {
    const probe = new Probe();
    await cause(probe);
    expect(stateOf(alarmNamed(name), probe.store, afterwards(alarmNamed(name), probe.store))).toBe('ALARM');
  });

  it.each(names)('%s tells the topic when it begins and ends, within what CloudWatch takes', (name) => {
    const alarm = alarmNamed(name);
    expect(JSON.stringify([alarm.AlarmActions, Reflect.get(alarm, 'OKActions')])).toMatch(/^\[\[\{"Ref":"notices\w+"\}\],\[\{"Ref":"notices\w+"\}\]\]$/);
    expect(alarm.AlarmDescription.length).toBeLessThanOrEqual(1024);
    expect(alarm.AlarmDescription).toMatch(new RegExp(`\\. What to do: .+ See docs/runbook\\.md#${name}$`));
    const seconds = (periodOf(alarm) / 1000) * alarm.EvaluationPeriods;
    expect(seconds).toBeLessThanOrEqual(periodOf(alarm) >= HOUR ? 7 * 86_400 : 86_400);
    expect(alarm.Metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1).toBeLessThanOrEqual(10);
    expect(JSON.stringify(alarm.Metrics ?? [])).not.toContain('SEARCH');
  });
});

describe('SL-13 unprotected-position', () => {
  it('fires as well for a stop that was confirmed after more than the time that is allowed', async () => {
    const probe = new Probe();
    await protectedLate(probe);
    expect(probe.log.filter(({ fact }) => fact === 'ANOMALY')).toEqual([]);
    const alarm = alarmNamed('unprotected-position');
    expect(stateOf(alarm, probe.store, afterwards(alarm, probe.store))).toBe('ALARM');
  });

  it('allows as long as the domain', () => {
    expect(JSON.stringify(alarmNamed('unprotected-position').Metrics)).toContain(`FILL(seconds, 0) > ${LONGEST_UNPROTECTED_MS / 1000})`);
  });
});

describe('an ordinary stretch of days with a weekend and a night of 25 hours', () => {
  const store = new MetricStore();
  layOut(store, DAYS);

  it.each(names)('leaves %s quiet at every half hour', (name) => {
    const alarm = alarmNamed(name);
    const standing: string[] = [];
    for (let now = WATCHED_FROM; now <= TO; now += HOUR / 2) if (stateOf(alarm, store, now) === 'ALARM') standing.push(new Date(now).toISOString());
    expect(standing).toEqual([]);
  });
});

describe('MH-3 a schedule that does not run', () => {
  it.each(heartbeats)('%s is noticed by its heartbeat within a day and three hours, and no other is', (schedule) => {
    const store = new MetricStore();
    layOut(store, DAYS, (name, at) => name !== schedule || at < WATCHED_FROM);
    const noticedAt = (name: string): number => {
      for (let now = WATCHED_FROM; now <= TO; now += HOUR / 4) if (stateOf(alarmNamed(name), store, now) === 'ALARM') return now;
      return Infinity;
    };
    // It may have run last just before it stopped.
    expect((noticedAt(`heartbeat-${schedule}`) - WATCHED_FROM) / HOUR).toBeLessThanOrEqual(27);
    for (const other of heartbeats.filter((name) => name !== schedule).slice(0, 3)) expect(noticedAt(`heartbeat-${other}`)).toBe(Infinity);
  });

  it('makes reconcile stale as well, where it is reconcile’s', () => {
    const store = new MetricStore();
    layOut(store, DAYS, (_name, at) => at < WATCHED_FROM);
    expect(stateOf(alarmNamed('reconcile-stale'), store, WATCHED_FROM)).toBe('OK');
    expect(stateOf(alarmNamed('reconcile-stale'), store, WATCHED_FROM + 5 * 60_000)).toBe('ALARM');
  });
});

describe('right after the first deploy', () => {
  it('stand the alarms about what is missing, and no others', () => {
    const standing = names.filter((name) => stateOf(alarmNamed(name), new MetricStore(), TO) === 'ALARM');
    expect(standing.toSorted()).toEqual(['reconcile-stale', ...heartbeats.map((schedule) => `heartbeat-${schedule}`)].toSorted());
  });

  it('reconcile-stale is over once the venue can be read again', async () => {
    const probe = new Probe();
    await unreadable(probe);
    const alarm = alarmNamed('reconcile-stale');
    const then = afterwards(alarm, probe.store);
    layOut(probe.store, await runsBetween(then, then + HOUR));
    expect(stateOf(alarm, probe.store, then + 5 * 60_000)).toBe('OK');
  });
});
