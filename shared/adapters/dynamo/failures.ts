// What a failed call means: whose fault it is, and whether asking again can help.
import { ConditionalCheckFailedException, DynamoDBServiceException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import type { Attributes } from './attributes.ts';

/**
 * CONDITION: something moved; the old items by their place in the transaction, null where there is none.
 * BUSY: nothing was written, ask again; billed where it got as far as another transaction. LOST: no answer, it may have been written. FATAL: asking again is no use.
 */
export type Failure =
  | { readonly kind: 'CONDITION'; readonly failed: ReadonlyMap<number, Attributes | null> }
  | { readonly kind: 'BUSY'; readonly billed: boolean }
  | { readonly kind: 'LOST' }
  | { readonly kind: 'FATAL' };

const BUSY_NAMES: readonly string[] = [
  'ProvisionedThroughputExceededException',
  'ReplicatedWriteConflictException',
  'RequestLimitExceeded',
  'ThrottlingException',
  'TransactionConflictException',
  'TransactionInProgressException',
];
const THROTTLED_REASONS: readonly string[] = ['ProvisionedThroughputExceeded', 'ThrottlingError'];
const TRANSACTION_CONFLICT = 'TransactionConflict';
const CONDITION_FAILED = 'ConditionalCheckFailed';
const SERVER_FAULT = 500;

/** Classifies what a call threw. */
export const classify = (error: unknown): Failure => {
  if (error instanceof TransactionCanceledException) return classifyCancelled(error);
  if (error instanceof ConditionalCheckFailedException) return { kind: 'CONDITION', failed: new Map([[0, error.Item ?? null]]) };
  if (error instanceof DynamoDBServiceException) return classifyAnswered(error);
  return error instanceof Error && !isOurs(error) ? { kind: 'LOST' } : { kind: 'FATAL' };
};

const classifyCancelled = (error: TransactionCanceledException): Failure => {
  const reasons = error.CancellationReasons ?? [];
  const failed = new Map<number, Attributes | null>();
  reasons.forEach((reason, place) => {
    if (reason.Code === CONDITION_FAILED) failed.set(place, reason.Item ?? null);
  });
  if (failed.size > 0) return { kind: 'CONDITION', failed };
  if (reasons.some((reason) => reason.Code === TRANSACTION_CONFLICT)) return { kind: 'BUSY', billed: true };
  return reasons.some((reason) => THROTTLED_REASONS.includes(reason.Code ?? '')) ? { kind: 'BUSY', billed: false } : { kind: 'FATAL' };
};

const classifyAnswered = (error: DynamoDBServiceException): Failure => {
  if (BUSY_NAMES.includes(error.name)) return { kind: 'BUSY', billed: false };
  const status = error.$metadata.httpStatusCode;
  return status === undefined || status >= SERVER_FAULT ? { kind: 'LOST' } : { kind: 'FATAL' };
};

// No call was made at all where these are thrown.
const isOurs = (error: Error): boolean =>
  error instanceof TypeError || error instanceof RangeError || error.name === 'CredentialsProviderError';
