// The topic that tells people: alarms and the daily report.
import { Aws, Lazy } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { allowKey } from './constructs/allow-key.ts';
import type { GuardedQueue } from './constructs/guarded-queue.ts';
import { alarmsArn } from './pipeline-keys.ts';

export interface PipelineTopicProps {
  readonly key: IKey;
  /** Who is mailed; null for nobody yet. */
  readonly email: string | null;
  /** Takes what could not be delivered. */
  readonly undelivered: GuardedQueue;
}

/** The topic `notices`: encrypted, and only alarms of this account and the roles admitted may publish to it. */
export class PipelineTopic extends Topic {
  readonly #keyArn: string;
  readonly #roles = new Set<string>();

  constructor(scope: Construct, id: string, { key, email, undelivered }: PipelineTopicProps) {
    super(scope, id, { masterKey: key, enforceSSL: true });
    this.#keyArn = key.keyArn;
    this.#letAlarms(scope);
    this.#keepOut();
    if (email !== null) this.addSubscription(new EmailSubscription(email, { deadLetterQueue: undelivered }));
  }

  /** Lets a role publish, and nothing besides. */
  admit(role: IRole): void {
    this.#roles.add(role.roleArn);
    role.addToPrincipalPolicy(new PolicyStatement({ actions: ['sns:Publish'], resources: [this.topicArn] }));
    allowKey(role, this.#keyArn, 'WRITES', 'sns');
  }

  #letAlarms(scope: Construct): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID }, ArnLike: { 'aws:SourceArn': alarmsArn(scope) } },
      }),
    );
  }

  #keepOut(): void {
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: 'OnlyItsPublishersPublish',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: ['sns:Publish'],
        resources: [this.topicArn],
        conditions: {
          ArnNotEquals: { 'aws:PrincipalArn': Lazy.list({ produce: () => [...this.#roles] }) },
          BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' },
        },
      }),
    );
  }
}
