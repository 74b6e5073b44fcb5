// Table, template and page hold together: none is missing on any side.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { DASHBOARD_QUERIES, MACHINE_GRAPHS, STOP_SUCCESS, TRADING_GRAPHS } from '../../../infra/watch/dashboard-graphs.ts';
import { alarmsOf } from '../../../infra/watch/alarms.ts';
import { PRINTED_BELOW, printRunbook } from '../../../infra/watch/runbook.ts';
import { SAVED_QUERIES } from '../../../infra/watch/saved-queries.ts';
import { QUEUES } from '../../../shared/messages.ts';
import { ACCESS } from '../../../infra/access.ts';
import { PIPELINE, alarms, resourcesOf } from './watched-stack.ts';

const page = readFileSync('docs/runbook.md', 'utf8');
const sections = [...page.matchAll(/^### (.+)$/gm)].map(([, name]) => name ?? '');
const rows = alarmsOf({ monthlySpendLimitUsd: 100, egress: 'ANY' });

describe('docs/runbook.md', () => {
  it('has a section under each alarm’s own name, and no other', () => {
    expect(sections.toSorted()).toEqual([...alarms.keys()].toSorted());
    expect(rows.map(({ id }) => id).toSorted()).toEqual(sections.toSorted());
  });

  it('says below its own words what the rows say; if this fails: npm run runbook', () => {
    expect(page.slice(page.indexOf(PRINTED_BELOW))).toBe(`${PRINTED_BELOW}\n${printRunbook()}`);
  });

  it.each(rows)('$id has whole sentences on what it means, what to look at and what to do', ({ meaning, look, remedy }) => {
    for (const sentence of [meaning, look, remedy]) expect(sentence).toMatch(/^[A-Za-z`][^]{20,}\.$/);
  });

  it('speaks of no query, alarm or column that there is not', () => {
    const queries = [...page.matchAll(/[Qq]uer(?:y|ies) `([a-z-]+)`/g)].map(([, name]) => name);
    expect(queries.filter((name) => !Object.hasOwn(SAVED_QUERIES, name ?? ''))).toEqual([]);
    const named = [...page.matchAll(/`((?:errors|throttles|timeouts|heartbeat|dead-letters|waiting)-[a-z-]+)`/g)].map(([, name]) => name ?? '');
    expect(named.filter((name) => !alarms.has(name))).toEqual([]);
    expect([...page.matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, name]) => name).toSorted()).toEqual(Object.keys(SAVED_QUERIES).toSorted());
  });
});

describe('the alarms', () => {
  it('are about every queue, its dead letters included, and every function', () => {
    const wanted = [
      ...Object.values(QUEUES).flatMap(({ name }) => [`dead-letters-${name}`, `waiting-${name}`]),
      ...Object.keys(ACCESS).flatMap((name) => [`errors-${name}`, `throttles-${name}`, `timeouts-${name}`]),
      'dead-letters-undelivered',
    ];
    expect(wanted.filter((name) => !alarms.has(name))).toEqual([]);
  });

  it('are about the time limit that each function has', () => {
    const limits = Object.fromEntries(resourcesOf('AWS::Lambda::Function').map(([id, { Timeout }]) => [id, Timeout]));
    for (const name of Object.keys(ACCESS)) {
      const alarm = alarms.get(`timeouts-${name}`);
      const [id = ''] = Object.keys(limits).filter((each) => each.startsWith(`${name.replaceAll('-', '')}function`));
      expect([name, alarm?.Threshold]).toEqual([name, Number(limits[id]) * 1000]);
    }
  });

  it('let a stage spend its own limit, and more for a fixed address', () => {
    const spend = (monthlySpendLimitUsd: number, egress: 'ANY' | 'FIXED') =>
      alarmsOf({ monthlySpendLimitUsd, egress }).find(({ id }) => id === 'spend');
    expect(spend(600, 'ANY')?.threshold).toBe(20);
    const fixed = (egress: 'ANY' | 'FIXED'): number => {
      const watched = spend(600, egress)?.watched;
      return watched?.kind === 'MATH' ? Number(/[\d.]+$/.exec(watched.expression)?.[0]) : Number.NaN;
    };
    expect(fixed('FIXED') - fixed('ANY')).toBeCloseTo(37 / 30, 6);
  });
});

describe('the dashboard', () => {
  const [[, dashboard] = ['', {}]] = resourcesOf('AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(dashboard['DashboardBody']);

  it('has the pipeline’s name, every graph, every question and every alarm', () => {
    expect(dashboard['DashboardName']).toBe(PIPELINE);
    const titles = [...[...TRADING_GRAPHS, ...MACHINE_GRAPHS, STOP_SUCCESS].map(({ title }) => title), ...Object.keys(DASHBOARD_QUERIES), 'Cost of a day, US dollars'];
    expect(titles.filter((title) => !body.includes(title))).toEqual([]);
    expect(resourcesOf('AWS::CloudWatch::Alarm').map(([id]) => id).filter((id) => !body.includes(`"Fn::GetAtt":["${id}","Arn"]`))).toEqual([]);
  });

  it('draws no metric that the pipeline does not document', () => {
    const documented = new Set([...readFileSync('docs/metrics.md', 'utf8').matchAll(/`(\w+)`/g)].map(([, name]) => name));
    const drawn = [...TRADING_GRAPHS, ...MACHINE_GRAPHS].flatMap(({ metrics }) => metrics).filter(({ source }) => source.kind === 'OWN');
    expect(drawn.map(({ metric }) => metric).filter((metric) => !documented.has(metric))).toEqual([]);
  });
});
