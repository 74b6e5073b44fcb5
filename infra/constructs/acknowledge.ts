import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** The rules of cdk-nag that something here breaks on purpose; a test holds that each finding is there and named where it arises. */
export type AcknowledgedRule =
  | 'AwsSolutions-APIG4'
  | 'AwsSolutions-IAM5[Resource::*]'
  | 'AwsSolutions-SMG4'
  | 'Serverless-LambdaDLQ'
  | 'Serverless-LambdaEventSourceMappingDestination'
  | 'Serverless-SQSRedrivePolicy';

/** Says why one resource breaks a rule: the resource alone, not what stands beneath or beside it. */
export const acknowledge = (construct: IConstruct, id: AcknowledgedRule, reason: string): void => {
  const resource = construct.node.defaultChild;
  if (resource === undefined) throw new Error(`${construct.node.path}: expected a resource of its own`);
  Validations.of(resource).acknowledge({ id, reason });
};
