// A reader of the table for audits: the store's own code, with rights of its own.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createShellDeps } from '../../../functions/support/deps.ts';
import type { Store } from '../../../shared/ports.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../local-names.ts';
import type { SteppedCloud } from '../stepped-cloud.ts';

export interface AuditReader {
  readonly store: Store;
  close(): void;
}

/** Opens a store on the table of a local cloud. */
export function openAuditReader({ account, tableName, endpoints, clock }: SteppedCloud): AuditReader {
  const dynamoClient = new DynamoDBClient({ endpoint: endpoints.dynamodb, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS });
  const { store } = createShellDeps(
    { ACCOUNT: account, TABLE_NAME: tableName, VENUE: 'paper' },
    {
      dynamoClient,
      clock,
      queues: { send: () => Promise.reject(new Error('an audit sends nothing')) },
      telemetry: { record: () => undefined, count: () => undefined },
    },
  );
  return {
    store,
    close: () => {
      dynamoClient.destroy();
    },
  };
}
