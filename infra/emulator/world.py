"""The emulated account: its services, and an inventory of all that is in it."""
import boto3
from botocore.validate import ParamValidator

from intrinsics import TemplateFault
from kinds import Made

INVENTORY = {
    "table": ("dynamodb", "list_tables", {}, lambda found: found["TableNames"]),
    "queue": ("sqs", "list_queues", {}, lambda found: found.get("QueueUrls", [])),
    "topic": ("sns", "list_topics", {}, lambda found: [each["TopicArn"] for each in found["Topics"]]),
    "subscription": ("sns", "list_subscriptions", {}, lambda found: [each["SubscriptionArn"] for each in found["Subscriptions"]]),
    "function": ("lambda", "list_functions", {}, lambda found: [each["FunctionName"] for each in found["Functions"]]),
    "mapping": ("lambda", "list_event_source_mappings", {}, lambda found: [each["UUID"] for each in found["EventSourceMappings"]]),
    "role": ("iam", "list_roles", {}, lambda found: [each["RoleName"] for each in found["Roles"]]),
    "policy": ("iam", "list_policies", {"Scope": "Local"}, lambda found: [each["Arn"] for each in found["Policies"]]),
    "log group": ("logs", "describe_log_groups", {}, lambda found: [each["logGroupName"] for each in found["logGroups"]]),
    "schedule": ("scheduler", "list_schedules", {}, lambda found: [each["Name"] for each in found["Schedules"]]),
    "rule": ("events", "list_rules", {}, lambda found: [each["Name"] for each in found["Rules"]]),
    "secret": ("secretsmanager", "list_secrets", {}, lambda found: [each["ARN"] for each in found["SecretList"]]),
    "API": ("apigatewayv2", "get_apis", {}, lambda found: [each["ApiId"] for each in found["Items"]]),
    "alarm": ("cloudwatch", "describe_alarms", {}, lambda found: [each["AlarmName"] for each in found["MetricAlarms"]]),
    "dashboard": ("cloudwatch", "list_dashboards", {}, lambda found: [each["DashboardName"] for each in found["DashboardEntries"]]),
    "VPC": ("ec2", "describe_vpcs", {}, lambda found: [each["VpcId"] for each in found["Vpcs"]]),
    "subnet": ("ec2", "describe_subnets", {}, lambda found: [each["SubnetId"] for each in found["Subnets"]]),
    "address": ("ec2", "describe_addresses", {}, lambda found: [each["AllocationId"] for each in found["Addresses"]]),
    "internet gateway": ("ec2", "describe_internet_gateways", {}, lambda found: [each["InternetGatewayId"] for each in found["InternetGateways"]]),
    "security group": ("ec2", "describe_security_groups", {}, lambda found: [each["GroupId"] for each in found["SecurityGroups"]]),
    "flow log": ("ec2", "describe_flow_logs", {}, lambda found: [each["FlowLogId"] for each in found["FlowLogs"]]),
}


class World:
    """One account in one region; nothing of it leaves the process."""

    account = "123456789012"
    region = "us-east-1"
    session = boto3.Session(aws_access_key_id="none", aws_secret_access_key="none", region_name=region)
    # A client is slow to make and keeps nothing: one world after the other uses the same.
    clients = {}

    def __init__(self):
        self.checked = []

    def client(self, service):
        if service not in self.clients:
            self.clients[service] = self.session.client(service)
        return self.clients[service]

    def only_checked(self, service, operation, name, parameters):
        """Stands in for what the emulator has no call for: its parameters are held against the API's own model."""
        shape = self.client(service).meta.service_model.operation_model(operation).input_shape
        faults = ParamValidator().validate(parameters, shape)
        if faults.has_errors():
            raise TemplateFault(faults.generate_report())
        self.checked.append(name)
        return Made(name, lambda: name in self.checked, lambda: self.checked.remove(name))

    def inventory(self):
        """Lists everything that exists, with the service's own lists; a key that is to be deleted is as good as gone."""
        kms = self.client("kms")
        keys = [each["KeyId"] for each in kms.list_keys()["Keys"]]
        found = {("key", key) for key in keys if kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled"}
        for what, (service, call, parameters, names) in INVENTORY.items():
            client = self.client(service)
            pages = client.get_paginator(call).paginate(**parameters) if client.can_paginate(call) else [getattr(client, call)(**parameters)]
            found.update((what, name) for page in pages for name in names(page))
        return found
