import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule } from 'aws-cdk-lib/aws-scheduler';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Aws } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { GuardedQueue } from './guarded-queue.ts';

export const NEW_YORK = 'America/New_York';

/** When a schedule calls, in New York time unless it names another zone, and what its function is given. */
export interface ScheduledCall {
  readonly expression: string;
  readonly zone?: 'Asia/Kolkata' | 'UTC';
  readonly input: object;
}

export interface PipelineScheduleProps {
  readonly target: IFunction;
  readonly deadLetters: GuardedQueue;
  /** By the schedule's name. */
  readonly schedules: Readonly<Record<string, ScheduledCall>>;
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
    props.deadLetters.admit(role, 'SENDS');
    for (const [name, schedule] of Object.entries(props.schedules)) {
      new CfnSchedule(this, name, {
        scheduleExpression: schedule.expression,
        scheduleExpressionTimezone: schedule.zone ?? NEW_YORK,
        flexibleTimeWindow: { mode: 'OFF' },
        target: {
          arn: props.target.functionArn,
          roleArn: role.roleArn,
          // By its name each run that was carried out is counted, and one that is missing noticed.
          input: JSON.stringify({ ...schedule.input, schedule: name }),
          // The next minute brings the next call: an old one has nothing to add.
          retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 300 },
          deadLetterConfig: { arn: props.deadLetters.queueArn },
        },
      });
    }
  }
}
