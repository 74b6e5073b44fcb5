// One address that the venue sees, for keys that an exchange ties to addresses.
import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  CfnEIP, CfnSecurityGroup, FlowLogDestination, FlowLogTrafficType, GatewayVpcEndpointAwsService, IpAddresses, NatProvider, SubnetType, Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { PipelineFunction } from './pipeline-function.ts';

export interface FixedEgressProps {
  /** Encrypts the log of what was refused. */
  readonly key: IKey;
  readonly functions: readonly PipelineFunction[];
}

// What Lambda needs to give a function a place in the network. EC2 knows no resources for half of it.
const NETWORK = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

const networkPolicy = (scope: Construct): ManagedPolicy => {
  const policy = new ManagedPolicy(scope, 'network-policy', {
    description: 'Claimjump: a place in the network for functions that ask the venue',
    statements: [
      new PolicyStatement({ actions: NETWORK, resources: ['*'] }),
      // Lambda itself does this with the role before the function runs; the function's own code may not.
      new PolicyStatement({ effect: Effect.DENY, actions: NETWORK, resources: ['*'], conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } } }),
    ],
  });
  acknowledge(policy, 'AwsSolutions-IAM5[Resource::*]', 'EC2 lets an interface be described by no resource, and one that is to be made has no name yet; the function’s own code is denied all of it.');
  return policy;
};

/** A network of functions that leave it by one address and are reached by nobody; the table is asked without it. */
export class FixedEgress extends Construct {
  constructor(scope: Construct, id: string, { key, functions }: FixedEgressProps) {
    super(scope, id);
    const address = new CfnEIP(this, 'address', { domain: 'vpc' });
    const vpc = this.#vpc(address);
    this.#log(vpc, key);
    const group = new CfnSecurityGroup(this, 'group', {
      vpcId: vpc.vpcId,
      groupDescription: 'Calls over HTTPS go out, and nothing comes in',
      securityGroupEgress: [{ ipProtocol: 'tcp', fromPort: 443, toPort: 443, cidrIp: '0.0.0.0/0', description: 'The venue and AWS' }],
    });
    const policy = networkPolicy(this);
    const { subnetIds, internetConnectivityEstablished } = vpc.selectSubnets({ subnetType: SubnetType.PRIVATE_WITH_EGRESS });
    for (const { handler, role } of functions) {
      role.addManagedPolicy(policy);
      const resource = handler.node.defaultChild;
      if (!(resource instanceof CfnFunction)) throw new Error(`${handler.node.path}: expected a function`);
      // Set beneath the construct, which would give the role a policy that AWS manages.
      resource.vpcConfig = { subnetIds, securityGroupIds: [group.attrGroupId] };
      handler.node.addDependency(internetConnectivityEstablished);
    }
    new CfnOutput(Stack.of(this), 'EgressAddress', { value: address.attrPublicIp, description: 'The address that the exchange is asked from' });
  }

  #vpc(address: CfnEIP): Vpc {
    const vpc = new Vpc(this, 'vpc', {
      ipAddresses: IpAddresses.cidr('10.0.0.0/24'),
      maxAzs: 2,
      natGateways: 1,
      natGatewayProvider: NatProvider.gateway({ eipAllocationIds: [address.attrAllocationId] }),
      // Its default group is used by nothing; to empty it would take a function of CDK's own with wide rights.
      restrictDefaultSecurityGroup: false,
      subnetConfiguration: [
        { name: 'way-out', subnetType: SubnetType.PUBLIC, cidrMask: 28, mapPublicIpOnLaunch: false },
        { name: 'functions', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 26 },
      ],
    });
    vpc.addGatewayEndpoint('table', { service: GatewayVpcEndpointAwsService.DYNAMODB });
    return vpc;
  }

  #log(vpc: Vpc, encryptionKey: IKey): void {
    const logGroup = new LogGroup(this, 'refused', { retention: RetentionDays.ONE_MONTH, encryptionKey, removalPolicy: RemovalPolicy.DESTROY });
    vpc.addFlowLog('flow-log', { destination: FlowLogDestination.toCloudWatchLogs(logGroup), trafficType: FlowLogTrafficType.REJECT });
  }
}
