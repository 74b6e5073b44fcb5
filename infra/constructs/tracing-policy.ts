import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** Lets functions tell X-Ray what they did: the one policy that they share, since its actions know no resources. */
export const tracingPolicy = (scope: Construct, id: string): ManagedPolicy =>
  new ManagedPolicy(scope, id, {
    description: 'Claimjump: send traces',
    statements: [new PolicyStatement({ actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'], resources: ['*'] })],
  });
