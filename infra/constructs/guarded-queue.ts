import { Duration, Lazy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { QueueProps } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { allowKey } from './allow-key.ts';

/** How long SQS uses one data key: an hour instead of five minutes makes a twelfth of the requests that KMS bills. */
const DATA_KEY_REUSE = Duration.hours(1);

export interface GuardedQueueProps extends Pick<QueueProps, 'visibilityTimeout' | 'retentionPeriod' | 'deadLetterQueue'> {
  readonly fifo: boolean;
  readonly key: IKey;
  /** Whether roles of the stack read it, and they alone, or people do, by the rights that they have in the account. */
  readonly readBy: 'ROLES' | 'PEOPLE';
}

/** What a role does with messages. */
export type QueueUse = 'SENDS' | 'READS';

/** What a role that is admitted may do. */
const ALLOWED: Readonly<Record<QueueUse, readonly string[]>> = {
  SENDS: ['sqs:SendMessage'],
  READS: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
};
/** What every other principal is refused. */
const REFUSED: Readonly<Record<QueueUse, readonly string[]>> = {
  SENDS: ['sqs:SendMessage'],
  READS: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
};
/** What would empty a queue at one stroke. */
const NOBODY = ['sqs:PurgeQueue', 'sqs:StartMessageMoveTask'];

// A standard queue must not carry the attribute at all.
const order = (fifo: boolean): Pick<QueueProps, 'fifo'> => (fifo ? { fifo: true } : {});

/** A queue that refuses plain HTTP, and every principal but the roles admitted, whatever their own policies allow. */
export class GuardedQueue extends Queue {
  readonly #keyArn: string;
  readonly #roles: Readonly<Record<QueueUse, Set<string>>> = { SENDS: new Set(), READS: new Set() };

  constructor(scope: Construct, id: string, { fifo, key, readBy, ...props }: GuardedQueueProps) {
    super(scope, id, {
      ...props,
      ...order(fifo),
      encryption: QueueEncryption.KMS,
      encryptionMasterKey: key,
      dataKeyReuse: DATA_KEY_REUSE,
      enforceSSL: true,
    });
    this.#keyArn = key.keyArn;
    this.#keepOut('SENDS');
    if (readBy === 'ROLES') this.#keepOut('READS');
    this.addToResourcePolicy(this.#deny('NobodyAtOneStroke', NOBODY, {}));
  }

  /** Lets a role send or read, and nothing besides. */
  admit(role: IRole, use: QueueUse): void {
    this.#roles[use].add(role.roleArn);
    role.addToPrincipalPolicy(new PolicyStatement({ actions: [...ALLOWED[use]], resources: [this.queueArn] }));
    allowKey(role, this.#keyArn, use === 'SENDS' ? 'WRITES' : 'READS', 'sqs');
  }

  #keepOut(use: QueueUse): void {
    const admitted = this.#roles[use];
    // With nobody admitted the condition goes, and everybody is refused.
    const others = Lazy.any({ produce: () => (admitted.size === 0 ? undefined : { 'aws:PrincipalArn': [...admitted] }) });
    this.addToResourcePolicy(this.#deny(use === 'SENDS' ? 'OnlyItsSendersSend' : 'OnlyItsReadersRead', REFUSED[use], { ArnNotEquals: others }));
  }

  // AWS's own services have no role here: without an Allow of their own they are refused all the same.
  #deny(sid: string, actions: readonly string[], conditions: Record<string, unknown>): PolicyStatement {
    return new PolicyStatement({
      sid,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: [...actions],
      resources: [this.queueArn],
      conditions: { ...conditions, BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } },
    });
  }
}
