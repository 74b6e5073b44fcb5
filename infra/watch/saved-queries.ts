// What people ask the log, kept in CloudWatch: the fields are those that every line of a fact carries (SL-14).
import { CfnQueryDefinition } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { Places } from './metric-places.ts';

/** Every query by its name; SYMBOL stands for the symbol that is asked about. */
export const SAVED_QUERIES = {
  races: `fields @timestamp, symbol, expected, found, source, service, stateVersion, requestId, correlationId
| filter fact = "RACE"
| sort @timestamp desc
| limit 200`,
  anomalies: `fields @timestamp, kind, symbol, message, source, service, stateVersion, requestId, correlationId
| filter fact = "ANOMALY"
| sort @timestamp desc
| limit 200`,
  'who-acted': `fields @timestamp, service, source, fact, message, stateVersion, requestId, correlationId
| filter symbol = "SYMBOL" or thief = "SYMBOL" or victim = "SYMBOL"
| sort @timestamp desc
| limit 500`,
  'update-sources': `fields @timestamp, symbol, stateVersion, source, service, fact, message, requestId, correlationId
| filter ispresent(stateVersion)
| sort symbol asc, stateVersion asc, @timestamp asc
| limit 1000`,
  steals: `fields @timestamp, thief, thiefDistance, victim, victimDistance, fight, source, correlationId
| filter fact = "STEAL"
| sort @timestamp desc
| limit 200`,
  failures: `fields @timestamp, level, service, source, fact, message, symbol, requestId, correlationId
| filter level = "ERROR" or level = "WARN" or @message like /Task timed out/
| sort @timestamp desc
| limit 200`,
} as const;

/** The log groups of every function. */
export const logGroupsOf = ({ functions }: Places): readonly string[] =>
  Object.values(functions).map(({ handler }) => handler.logGroup.logGroupName);

/** Keeps the queries in CloudWatch, in a folder of the pipeline's name. */
export const saveQueries = (scope: Construct, places: Places): void => {
  for (const [name, queryString] of Object.entries(SAVED_QUERIES)) {
    new CfnQueryDefinition(scope, `query-${name}`, {
      name: `${places.pipeline}/${name}`,
      queryString,
      logGroupNames: [...logGroupsOf(places)],
    });
  }
};
