import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { PARTITION_KEY, SORT_KEY, TIME_TO_LIVE } from '../../shared/table-names.ts';

export interface PipelineTableProps {
  /** Whether the table outlives its stack and refuses to be deleted. */
  readonly keepsData: boolean;
}

/** The one table: a partition an account, paid by request, restorable to any second of the last 35 days. */
export const pipelineTable = (scope: Construct, id: string, props: PipelineTableProps): TableV2 =>
  new TableV2(scope, id, {
    partitionKey: { name: PARTITION_KEY, type: AttributeType.STRING },
    sortKey: { name: SORT_KEY, type: AttributeType.STRING },
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveAttribute: TIME_TO_LIVE,
    deletionProtection: props.keepsData,
    removalPolicy: props.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
