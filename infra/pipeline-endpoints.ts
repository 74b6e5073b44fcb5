// Where the pipeline is called from outside.
import { CfnOutput } from 'aws-cdk-lib';
import { FunctionUrlAuthType } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { PipelineFunctions } from './pipeline-functions.ts';

/** Makes the endpoints. The venue cannot sign for AWS: its webhooks are checked by order-webhook itself. */
export const pipelineEndpoints = (scope: Construct, functions: PipelineFunctions): void => {
  const webhook = functions['order-webhook'].handler.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
  const plans = functions['plan-intake'].handler.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
  const operator = functions.operator.handler.addFunctionUrl({ authType: FunctionUrlAuthType.AWS_IAM });
  new CfnOutput(scope, 'OrderWebhookUrl', { value: webhook.url });
  new CfnOutput(scope, 'PlanIntakeUrl', { value: plans.url });
  new CfnOutput(scope, 'OperatorUrl', { value: operator.url });
};
