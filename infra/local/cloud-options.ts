import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Millis } from '../../shared/domain/instant.ts';
import type { OtherRelease, WrapStore } from './function-host.ts';
import type { LocalJournal } from './journal.ts';
import type { DeliveryFailure } from './mapping-poller.ts';

/** The outside world's side of a stepped run: webhooks that it has not yet delivered. */
export interface SteppedVenue {
  pendingWebhooks(): number;
  flushWebhooks(): Promise<void>;
}

export interface CloudOptions {
  /** What `cdk synth` wrote. */
  readonly assemblyDirectory: string;
  /** Where the engines keep their data; null for memory alone. */
  readonly dataDirectory: string | null;
  /** Port of the HTTP API; any free one unless given. */
  readonly httpPort?: number;
  /** Where the venue listens, for the functions that ask it. */
  readonly venueUrl?: string;
  /** Settings by their environment names, for every function. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What replaces adapters of the functions: ids, telemetry, secrets. The clock is the cloud's own. */
  readonly overrides?: object;
  /** Hears what the functions tell, for the operator to read; without one a stepped cloud keeps none of it. */
  readonly journal?: LocalJournal;
  /** Puts something between every function and its store. */
  readonly wrapStore?: WrapStore;
  /** Another release of the functions that takes some of the calls, on the same table and queues. */
  readonly otherRelease?: OtherRelease;
  /** Called with every SDK client of every function as it is built, so that a test can make calls fail. */
  readonly configureClient?: (client: DynamoDBClient | SQSClient) => void;
  /** Whether every queue message is delivered twice. */
  readonly duplicateDeliveries?: boolean;
  /** Told of every batch whose function failed as a whole. */
  readonly onFailure?: (failure: DeliveryFailure) => void;
}

export interface SteppedOptions extends CloudOptions {
  readonly clock: 'stepped';
  readonly startAt: Millis;
  /** Until when schedules ran in a former run on the same data; `startAt` unless given. */
  readonly schedulesRanAt?: Millis;
  readonly venue?: SteppedVenue;
}

export interface RunningOptions extends CloudOptions {
  readonly clock: 'running';
}
