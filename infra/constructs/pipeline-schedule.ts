import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Aws } from 'aws-cdk-lib';
import { Construct } from 'constructs';

const TIME_ZONE = 'America/New_York';

export interface PipelineScheduleProps {
  readonly target: IFunction;
  readonly deadLetters: IQueue;
  /** By schedule name: when, in New York time, and what the function is given. */
  readonly schedules: Readonly<Record<string, { readonly expression: string; readonly input: object }>>;
}

/** The schedules of one function, with one role that may only call it and put aside what could not be delivered. */
export class PipelineSchedule extends Construct {
  constructor(scope: Construct, id: string, props: PipelineScheduleProps) {
    super(scope, id);
    const role = new Role(this, 'role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [props.target.functionArn] }),
    );
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [props.deadLetters.queueArn] }));
    for (const [name, schedule] of Object.entries(props.schedules)) {
      new CfnSchedule(this, name, {
        scheduleExpression: schedule.expression,
        scheduleExpressionTimezone: TIME_ZONE,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: props.target.functionArn,
          roleArn: role.roleArn,
          input: JSON.stringify(schedule.input),
          // The next minute brings the next call: an old one has nothing to add.
          retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 300 },
          deadLetterConfig: { arn: props.deadLetters.queueArn },
        },
      });
    }
  }
}
