import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createLambdaTelemetry } from '../../../shared/adapters/telemetry/lambda-telemetry.ts';
import type { Note } from '../../../shared/domain/decision.ts';
import type { TraceContext } from '../../../shared/ports.ts';

const context: TraceContext = { account: 'paper', source: 'webhook', requestId: 'r-1', correlationId: 'c-1' };
const note = (given: Partial<Note> = {}): Note => ({ name: 'CLAIMED', level: 'INFO', message: 'AAPL: claimed 10', fields: { symbol: 'AAPL', revision: 3 }, ...given });

describe('SL-14 telemetry of a function', () => {
  let written: string[];
  const write = process.stdout.write.bind(process.stdout);
  const writeError = process.stderr.write.bind(process.stderr);
  const keep = (chunk: string | Uint8Array): boolean => {
    written.push(...String(chunk).split('\n').filter((line) => line.startsWith('{')));
    return true;
  };
  beforeEach(() => {
    written = [];
    process.stdout.write = keep;
    process.stderr.write = keep;
  });
  afterEach(() => {
    process.stdout.write = write;
    process.stderr.write = writeError;
  });
  const lines = () => written.map((line) => JSON.parse(line));
  const telemetry = () => createLambdaTelemetry({ serviceName: 'entry-watch', pipeline: 'claimjump-paper', namespace: 'claimjump' });

  it('writes a fact with its fields and where it came from as one JSON line', () => {
    telemetry().record(note(), context);
    expect(lines()).toEqual([
      expect.objectContaining({ level: 'INFO', message: 'AAPL: claimed 10', fact: 'CLAIMED', symbol: 'AAPL', revision: 3, service: 'entry-watch', ...context }),
    ]);
  });

  it('EX-12 counts what it tells, by its reason', () => {
    telemetry().record(note({ name: 'STEAL_REFUSED', fields: { reason: 'FIGHT_LOST' } }), context);
    expect(lines()).toContainEqual(expect.objectContaining({ steal_refused_total: 1, reason: 'FIGHT_LOST', service: 'claimjump-paper' }));
  });

  it('EX-12 writes what a note measures as its value, in its unit', () => {
    telemetry().record(note({ name: 'PROTECTED', fields: { unprotectedSeconds: 1.5 } }), context);
    expect(lines()).toContainEqual(
      expect.objectContaining({
        unprotected_seconds: 1.5,
        _aws: expect.objectContaining({ CloudWatchMetrics: [expect.objectContaining({ Metrics: [{ Name: 'unprotected_seconds', Unit: 'Seconds' }] })] }),
      }),
    );
  });

  it('EX-12 writes each metric with labels of its own', () => {
    const one = telemetry();
    one.count('commit_conflicts_total', 1, { item: 'SLOT' });
    one.count('order_latency_ms', 12.5);
    const [first, second] = lines();
    expect(first).toMatchObject({ commit_conflicts_total: 1, item: 'SLOT' });
    expect(second).toMatchObject({ order_latency_ms: 12.5, _aws: { CloudWatchMetrics: [{ Metrics: [{ Name: 'order_latency_ms', Unit: 'Milliseconds' }] }] } });
    expect(second).not.toHaveProperty('item');
  });

  it('EX-12 measures for the whole pipeline, and by labels beside: an alarm cannot sum over them', () => {
    telemetry().count('venue_waits_total', 2, { venue: 'paper', reason: 'BUDGET' });
    telemetry().count('commit_ms', 3);
    const dimensions = lines().map(({ _aws }) => _aws.CloudWatchMetrics.map(({ Dimensions }: { Dimensions: unknown }) => Dimensions));
    expect(dimensions).toEqual([[[['service', 'venue', 'reason'], ['service']]], [[['service']]]]);
    expect(lines().map(({ service }) => service)).toEqual(['claimjump-paper', 'claimjump-paper']);
  });

  it('keeps secrets out of the log, by name and by look', () => {
    const secret = 'a'.repeat(64);
    const fields = { webhookSecret: secret, signature: secret, apiKey: secret, url: `https://user:${secret}@venue.example/x`, sent: `v1,${secret}`, key: 'AKIAABCDEFGHIJKLMNOP' };
    telemetry().record(note({ message: `refused v1,${secret} v1,${secret}`, fields }), context);
    expect(written.join()).not.toContain(secret);
    expect(written.join()).not.toContain('AKIAABCDEFGHIJKLMNOP');
    expect(lines()[0]).toMatchObject({ url: 'https://[hidden]@venue.example/x' });
  });

  it('never throws, whatever the output does', () => {
    process.stdout.write = () => {
      throw new Error('broken pipe');
    };
    expect(() => {
      telemetry().record(note({ level: 'ERROR' }), context);
      telemetry().count('steals_total', 1);
      telemetry().count('a metric with no number', Number('none'));
    }).not.toThrow();
  });
});
