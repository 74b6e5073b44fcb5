import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';

/** Lets functions tell X-Ray what they did: the one policy that they share, since its actions know no resources. */
export const tracingPolicy = (scope: Construct, id: string): ManagedPolicy => {
  const policy = new ManagedPolicy(scope, id, {
    description: 'Claimjump: send traces',
    statements: [new PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] })],
  });
  acknowledge(policy, 'AwsSolutions-IAM5[Resource::*]', 'X-Ray knows no resources: what is sent is the caller’s own trace, and nothing can be read by it.');
  return policy;
};
