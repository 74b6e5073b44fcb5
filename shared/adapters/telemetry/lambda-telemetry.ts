// The Telemetry port in a Lambda: one JSON line a fact, and metrics as lines that CloudWatch reads (EMF).
import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Note } from '../../domain/decision.ts';
import type { Telemetry, TraceContext } from '../../ports.ts';
import { redactFields, redactText } from '../../redaction.ts';
import { measuredOf } from './note-metrics.ts';
import { guardOutput } from './output-guard.ts';

const LONGEST_LABEL = 255;
/** A line of 256 KB is cut in two by the log, and is no JSON any more: a page that a venue answers must not make one. */
const LONGEST_TEXT = 8192;

export interface LambdaTelemetryOptions {
  /** The function: every line of its log says so. */
  readonly serviceName: string;
  /** The pipeline: the service of all its metrics, whichever function measured. */
  readonly pipeline: string;
  readonly namespace: string;
}

/** Builds the telemetry of one function. The level of its log is POWERTOOLS_LOG_LEVEL. */
export const createLambdaTelemetry = (options: LambdaTelemetryOptions): Telemetry => {
  guardOutput();
  const logger = new Logger({ serviceName: options.serviceName });
  const metrics = new Metrics({ serviceName: options.pipeline, namespace: options.namespace });
  const count: Telemetry['count'] = (metric, value, labels = {}) => {
    quietly(() => {
      writeMetric(metrics, metric, value, labels);
    });
  };
  return {
    record: (note, context) => {
      quietly(() => {
        writeNote(logger, note, context);
      });
      for (const { metric, value, labels } of measuredOf(note)) count(metric, value, labels);
    },
    count,
  };
};

// A fact that cannot be told must not undo what it tells of.
const quietly = (write: () => void): void => {
  try {
    write();
  } catch {
    return;
  }
};

const writeNote = (logger: Logger, note: Note, context: TraceContext): void => {
  const where = { ...context, correlationId: redactText(context.correlationId) };
  const fields = Object.fromEntries(Object.entries(redactFields(note.fields)).map(([name, value]) => [name, shortened(value)]));
  const line = { ...fields, message: redactText(note.message).slice(0, LONGEST_TEXT), fact: note.name, ...where };
  switch (note.level) {
    case 'DEBUG':
      logger.debug(line);
      return;
    case 'INFO':
      logger.info(line);
      return;
    case 'WARN':
      logger.warn(line);
      return;
    case 'ERROR':
      logger.error(line);
      return;
  }
};

const shortened = (value: Note['fields'][string]): Note['fields'][string] => (typeof value === 'string' ? value.slice(0, LONGEST_TEXT) : value);

// A metric of its own line: its labels are its own, and nothing waits for the end of the invocation.
const writeMetric = (metrics: Metrics, metric: string, value: number, labels: Readonly<Record<string, string>>): void => {
  const single = metrics.singleMetric();
  const dimensions = Object.entries(labels).map(([name, label]) => [name, dimensionOf(label)] as const);
  if (dimensions.length > 0) single.addDimensions(Object.fromEntries(dimensions));
  // An alarm cannot sum over labels, so each measurement counts without them, too.
  single.addDimensions({});
  single.addMetric(metric, unitOf(metric), value);
};

// CloudWatch takes ASCII alone, and no empty value; what a venue calls its refusals is not ours to choose.
const dimensionOf = (label: string): string => {
  const clean = redactText(label).replace(/[^\x20-\x7e]/g, '?').trim().slice(0, LONGEST_LABEL);
  return clean === '' ? 'none' : clean;
};

const unitOf = (metric: string): (typeof MetricUnit)[keyof typeof MetricUnit] => {
  if (metric.endsWith('_ms')) return MetricUnit.Milliseconds;
  if (metric.endsWith('_seconds')) return MetricUnit.Seconds;
  return metric.endsWith('_total') ? MetricUnit.Count : MetricUnit.NoUnit;
};
