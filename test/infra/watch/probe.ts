// What tests cause goes through the real telemetry into the store, as CloudWatch would take it out of the function's log.
import { createLambdaTelemetry } from '../../../shared/adapters/telemetry/lambda-telemetry.ts';
import type { Telemetry, TraceContext } from '../../../shared/ports.ts';
import { CountingTelemetry } from '../../support/world.ts';
import type { World } from '../../support/world.ts';
import { MetricStore } from './metric-store.ts';
import { PIPELINE } from './watched-stack.ts';

const TRACE: TraceContext = { account: 'paper-1', source: 'schedule', requestId: 'r', correlationId: 'c' };

/** Gives what is written to the standard streams meanwhile, line by line. */
const linesOf = (tell: () => void): readonly string[] => {
  const [output, errors] = [process.stdout.write.bind(process.stdout), process.stderr.write.bind(process.stderr)];
  const written: string[] = [];
  const keep = (chunk: string | Uint8Array): boolean => written.push(String(chunk)) > 0;
  process.stdout.write = keep;
  process.stderr.write = keep;
  try {
    tell();
  } finally {
    process.stdout.write = output;
    process.stderr.write = errors;
  }
  return written.join('').split('\n').filter((line) => line.startsWith('{'));
};

/** One test's CloudWatch: its metrics, and its log. */
export class Probe {
  readonly store = new MetricStore();
  readonly log: Record<string, unknown>[] = [];
  readonly #real = createLambdaTelemetry({ serviceName: 'order-action', pipeline: PIPELINE, namespace: 'claimjump' });

  /** The telemetry of a function whose clock is this. */
  telemetry(clock: { readonly now: () => number }, trace: TraceContext = TRACE): Telemetry {
    return {
      record: (note, context = trace) => this.#take(() => this.#real.record(note, context), clock.now()),
      count: (...measured) => this.#take(() => this.#real.count(...measured), clock.now()),
    };
  }

  /** Has everything that a world tells come here as well. */
  watch(world: World): World {
    const told = this.telemetry({ now: () => world.now });
    const counting: CountingTelemetry = world.telemetry;
    world.telemetry.record = (note) => {
      CountingTelemetry.prototype.record.call(counting, note);
      told.record(note, TRACE);
    };
    world.telemetry.count = (metric: string, value: number, labels?: Readonly<Record<string, string>>) => {
      CountingTelemetry.prototype.count.call(counting, metric, value);
      told.count(metric, value, labels);
    };
    return world;
  }

  #take(tell: () => void, at: number): void {
    for (const line of linesOf(tell)) {
      if (line.includes('"CloudWatchMetrics"')) this.store.take(line, at);
      else this.log.push(JSON.parse(line));
    }
  }
}
