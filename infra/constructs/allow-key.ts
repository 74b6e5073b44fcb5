import { Aws } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IRole } from 'aws-cdk-lib/aws-iam';

/** What is done to what lies encrypted: who writes makes a data key and has it checked, who reads has one opened. */
export type KeyUse = 'READS' | 'WRITES';

const ACTIONS: Readonly<Record<KeyUse, readonly string[]>> = {
  READS: ['kms:Decrypt'],
  WRITES: ['kms:Decrypt', 'kms:GenerateDataKey'],
};

/** A service of AWS that uses a key for whoever calls it. */
export type KeyedService = 'dynamodb' | 'secretsmanager' | 'sns' | 'sqs';

/** Lets a role use a key through one service, and never by itself. */
export const allowKey = (role: IRole, keyArn: string, use: KeyUse, service: KeyedService): void => {
  role.addToPrincipalPolicy(
    new PolicyStatement({
      actions: [...ACTIONS[use]],
      resources: [keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${Aws.REGION}.amazonaws.com` } },
    }),
  );
};
