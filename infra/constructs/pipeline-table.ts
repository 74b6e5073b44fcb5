import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, CfnGlobalTable, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { ITableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { PARTITION_KEY, SORT_KEY, TIME_TO_LIVE } from '../../shared/table-names.ts';

export interface PipelineTableProps {
  /** Whether the table outlives its stack and refuses to be deleted. */
  readonly keepsData: boolean;
  readonly key: IKey;
}

/** What functions and alarms ask of a table: the stack's own, or one that a backup was restored into. */
export type UsedTable = Pick<ITableV2, 'tableName' | 'tableArn'>;

/** The table that is traded on: the stack's own, which stays, unless the stage names one that a backup was restored into. */
export const usedTable = (scope: Construct, own: TableV2, restored: string | null): UsedTable =>
  restored === null ? own : TableV2.fromTableName(scope, 'restored-table', restored);

/** The one table: a partition an account, paid by request, restorable to any second of the last 35 days. */
export const pipelineTable = (scope: Construct, id: string, props: PipelineTableProps): TableV2 => {
  const table = new TableV2(scope, id, {
    partitionKey: { name: PARTITION_KEY, type: AttributeType.STRING },
    sortKey: { name: SORT_KEY, type: AttributeType.STRING },
    billing: Billing.onDemand(),
    pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
    timeToLiveAttribute: TIME_TO_LIVE,
    deletionProtection: props.keepsData,
    removalPolicy: props.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  encrypt(table, props.key);
  return table;
};

// The construct's own way wants to know the region at synthesis; this stack goes to whichever it is deployed to.
const encrypt = (table: TableV2, key: IKey): void => {
  const resource = table.node.defaultChild;
  if (!(resource instanceof CfnGlobalTable)) throw new Error(`${table.node.path}: expected a table`);
  resource.sseSpecification = { sseEnabled: true, sseType: 'KMS' };
  resource.addPropertyOverride('Replicas.0.SSESpecification', { KMSMasterKeyId: key.keyArn });
};
