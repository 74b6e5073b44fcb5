// The runbook's sections, printed from the alarms: what each means, when it fires, what to look at and what to do.
import type { AlarmSpec, MetricSpec, Source, Watched } from './alarm-spec.ts';
import { alarmsOf } from './alarms.ts';
import { isOfQueue } from './metric-places.ts';
import type { QueueSource } from './metric-places.ts';

/** What is printed begins behind this line of the page. */
export const PRINTED_BELOW = '<!-- Printed below by `npm run runbook`; a test compares. -->';

const minutesOf = (seconds: number): string => {
  if (seconds % 3600 === 0) return seconds === 3600 ? 'an hour' : `${seconds / 3600} hours`;
  return seconds === 60 ? 'a minute' : `${seconds / 60} minutes`;
};

const queueWords = (source: QueueSource): string => {
  if (source.kind === 'UNDELIVERED') return ' of the queue UNDELIVERED';
  return source.kind === 'QUEUE' ? ` of the queue ${source.queue}` : ` of the dead letters of ${source.queue}`;
};

const placeOf = (source: Source): string => {
  if (isOfQueue(source)) return queueWords(source);
  switch (source.kind) {
    case 'OWN':
      return Object.entries(source.labels).map(([name, label]) => ` with ${name} ${label}`).join('');
    case 'FUNCTION':
      return ` of ${source.name}`;
    case 'TABLE':
    case 'API':
    case 'REGION':
      return '';
  }
};

const metricWords = ({ source, metric, statistic }: MetricSpec): string => `${statistic} of \`${metric}\`${placeOf(source)}`;

const watchedWords = (watched: Watched): string => (watched.kind === 'METRIC' ? metricWords(watched.of) : watched.words);

const RELATIONS: Readonly<Record<AlarmSpec['fires'], string>> = { ABOVE: 'above', AT_LEAST: 'at least', BELOW: 'below' };

const thresholdWords = ({ id, fires, threshold, watched }: AlarmSpec): string => {
  // The stage says how much, and an expression that is 1 or 0 says it in its words.
  if (id === 'spend' || (watched.kind === 'MATH' && threshold === 0)) return '';
  return ` ${RELATIONS[fires]} ${threshold}`;
};

const spanWords = ({ periodSeconds, breaches, ofPeriods }: AlarmSpec): string => {
  if (ofPeriods === 1) return `in ${minutesOf(periodSeconds)}`;
  if (breaches === ofPeriods) return `in each of ${ofPeriods} periods of ${minutesOf(periodSeconds)} in a row`;
  return `in ${breaches} of ${ofPeriods} periods of ${minutesOf(periodSeconds)}`;
};

const firesWords = (alarm: AlarmSpec): string => {
  const missing = alarm.missing === 'BREACH' ? '; a period without a measurement counts' : '';
  return `${watchedWords(alarm.watched)}${thresholdWords(alarm)}, ${spanWords(alarm)}${missing}.`;
};

const section = (alarm: AlarmSpec): string => `### ${alarm.id}
**Means:** ${alarm.meaning}
**Fires:** ${firesWords(alarm)}
**Look at:** ${alarm.look}
**Do:** ${alarm.remedy}
`.replaceAll('\n**', '\n\n**');

const standing = (alarms: readonly AlarmSpec[]): string =>
  alarms.flatMap(({ id, standsUntil }) => (standsUntil === null ? [] : [`- [\`${id}\`](#${id}) until ${standsUntil}`])).join('\n');

/** Prints what follows the page's own words. */
export const printRunbook = (): string => {
  // How much is spent is the stage's to say and is not printed.
  const alarms = alarmsOf({ monthlySpendLimitUsd: 1, egress: 'ANY' });
  return `
## Right after the first deploy
A stack begins without measurements. What is missing counts as a breach for these alarms, so they stand until then:

${standing(alarms)}

All others begin as OK.

## Alarms
${alarms.map(section).join('\n')}`;
};
