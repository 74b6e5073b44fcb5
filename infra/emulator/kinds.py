"""How each type of resource is created, read back and deleted through its service's own API.

A kind takes the properties of the template and hands them over as they are wherever the API names them alike: what the API
does not know, botocore refuses by name.
"""
import io
import json
import zipfile

from intrinsics import TemplateFault


class Made:
    """A resource that exists: what it is called, its attributes, and how to read and delete it."""

    def __init__(self, ref, read, delete, **attributes):
        self.ref = ref
        self.read = read
        self.delete = delete
        self.attributes = attributes


KINDS = {}


def kind(name):
    """Registers how a type is made."""

    def register(make):
        KINDS[name] = make
        return make

    return register


def stub_code():
    """A function's code, which is not run here."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("index.mjs", "export const handler = () => undefined;")
    return buffer.getvalue()


def take(props, *names):
    """Takes properties out, so that what is left goes to the API as it is."""
    return [props.pop(name, None) for name in names]


def text(value):
    return value if isinstance(value, str) else json.dumps(value)


# The emulator takes any attribute of these; the services do not.
QUEUE_ATTRIBUTES = {
    "ContentBasedDeduplication", "DeduplicationScope", "DelaySeconds", "FifoQueue", "FifoThroughputLimit", "KmsDataKeyReusePeriodSeconds",
    "KmsMasterKeyId", "MaximumMessageSize", "MessageRetentionPeriod", "ReceiveMessageWaitTimeSeconds", "RedriveAllowPolicy", "RedrivePolicy",
    "SqsManagedSseEnabled", "VisibilityTimeout",
}
TOPIC_ATTRIBUTES = {"DisplayName", "KmsMasterKeyId", "SignatureVersion", "TracingConfig"}
SUBSCRIPTION_ATTRIBUTES = {"DeliveryPolicy", "FilterPolicy", "FilterPolicyScope", "RawMessageDelivery", "RedrivePolicy"}


def attributes_of(props, known):
    """Writes properties as the text that attributes are."""
    if set(props) - known:
        raise TemplateFault(f"{', '.join(sorted(set(props) - known))} is not known")
    return {key: str(value).lower() if isinstance(value, bool) else text(value) for key, value in props.items()}


def tags_of(props, key="Key", value="Value"):
    tags = props.pop("Tags", None) or []
    if isinstance(tags, dict):
        return tags
    return {tag[key]: tag[value] for tag in tags}


def lower_first(name):
    return name[0].lower() + name[1:]


def lowered(props):
    return {lower_first(name): value for name, value in props.items()}


@kind("AWS::KMS::Key")
def kms_key(world, _name, props):
    kms = world.client("kms")
    policy, rotation, _window = take(props, "KeyPolicy", "EnableKeyRotation", "PendingWindowInDays")
    tags_of(props)
    found = kms.create_key(Policy=text(policy), **props)["KeyMetadata"]
    if rotation:
        kms.enable_key_rotation(KeyId=found["KeyId"])

    def read():
        if rotation and not kms.get_key_rotation_status(KeyId=found["KeyId"])["KeyRotationEnabled"]:
            raise TemplateFault("the key does not rotate")
        return kms.describe_key(KeyId=found["KeyId"])["KeyMetadata"]["KeyState"] == "Enabled"

    return Made(found["KeyId"], read, lambda: kms.schedule_key_deletion(KeyId=found["KeyId"]), Arn=found["Arn"], KeyId=found["KeyId"])


@kind("AWS::KMS::Alias")
def kms_alias(world, _name, props):
    kms = world.client("kms")
    kms.create_alias(**props)
    name = props["AliasName"]
    return Made(
        name,
        lambda: any(alias["AliasName"] == name for alias in kms.list_aliases()["Aliases"]),
        lambda: kms.delete_alias(AliasName=name),
    )


@kind("AWS::DynamoDB::GlobalTable")
def table(world, name, props):
    dynamodb = world.client("dynamodb")
    replicas, sse, life, name_given = take(props, "Replicas", "SSESpecification", "TimeToLiveSpecification", "TableName")
    [replica] = replicas
    known = {"Region", "PointInTimeRecoverySpecification", "DeletionProtectionEnabled", "SSESpecification", "Tags"}
    if set(replica) - known:
        raise TemplateFault(f"Replicas: {', '.join(sorted(set(replica) - known))} is not known")
    name = name_given or name
    if sse:
        key = replica.get("SSESpecification", {})
        props["SSESpecification"] = {"Enabled": sse["SSEEnabled"], "SSEType": sse["SSEType"], **key}
    arn = dynamodb.create_table(
        TableName=name, DeletionProtectionEnabled=replica.get("DeletionProtectionEnabled", False), **props
    )["TableDescription"]["TableArn"]
    dynamodb.update_continuous_backups(TableName=name, PointInTimeRecoverySpecification=replica["PointInTimeRecoverySpecification"])
    dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=life)

    def read():
        found = dynamodb.describe_table(TableName=name)["Table"]
        backups = dynamodb.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
        recovery = backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"]
        return found["TableStatus"] == "ACTIVE" and recovery == "ENABLED"

    return Made(name, read, lambda: dynamodb.delete_table(TableName=name), Arn=arn, TableId=name)


@kind("AWS::SQS::Queue")
def queue(world, name, props):
    sqs = world.client("sqs")
    tags_of(props)
    name = props.pop("QueueName", None) or name[:70] + (".fifo" if props.get("FifoQueue") else "")
    attributes = attributes_of(props, QUEUE_ATTRIBUTES)
    url = sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]

    def read():
        return sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]["QueueArn"] == arn

    return Made(url, read, lambda: sqs.delete_queue(QueueUrl=url), Arn=arn, QueueName=name, QueueUrl=url)


@kind("AWS::SQS::QueuePolicy")
def queue_policy(world, name, props):
    sqs = world.client("sqs")
    for url in props["Queues"]:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": text(props["PolicyDocument"])})

    def policies():
        return [sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"]).get("Attributes", {}) for url in props["Queues"]]

    def delete():
        for url in props["Queues"]:
            sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})

    return Made(name, lambda: all(found.get("Policy") for found in policies()), delete)


@kind("AWS::SNS::Topic")
def topic(world, name, props):
    sns = world.client("sns")
    [given, subscriptions] = take(props, "TopicName", "Subscription")
    tags_of(props)
    attributes = attributes_of(props, TOPIC_ATTRIBUTES)
    arn = sns.create_topic(Name=given or name, Attributes=attributes)["TopicArn"]
    for each in subscriptions or []:
        sns.subscribe(TopicArn=arn, **each)
    return Made(
        arn, lambda: sns.get_topic_attributes(TopicArn=arn)["Attributes"]["TopicArn"] == arn, lambda: sns.delete_topic(TopicArn=arn),
        TopicArn=arn, TopicName=given or name,
    )


@kind("AWS::SNS::TopicPolicy")
def topic_policy(world, name, props):
    sns = world.client("sns")
    for arn in props["Topics"]:
        sns.set_topic_attributes(TopicArn=arn, AttributeName="Policy", AttributeValue=text(props["PolicyDocument"]))
    return Made(name, lambda: all(sns.get_topic_attributes(TopicArn=arn)["Attributes"]["Policy"] for arn in props["Topics"]), lambda: None)


@kind("AWS::SNS::Subscription")
def subscription(world, _name, props):
    sns = world.client("sns")
    plain = {"TopicArn", "Protocol", "Endpoint"}
    attributes = attributes_of({key: value for key, value in props.items() if key not in plain}, SUBSCRIPTION_ATTRIBUTES)
    named = {key: value for key, value in props.items() if key in plain}
    arn = sns.subscribe(ReturnSubscriptionArn=True, Attributes=attributes, **named)["SubscriptionArn"]
    return Made(arn, lambda: bool(sns.get_subscription_attributes(SubscriptionArn=arn)), lambda: sns.unsubscribe(SubscriptionArn=arn))


@kind("AWS::IAM::Role")
def role(world, name, props):
    iam = world.client("iam")
    assumed, managed, inline, given = take(props, "AssumeRolePolicyDocument", "ManagedPolicyArns", "Policies", "RoleName")
    tags_of(props)
    name = given or name[:64]
    found = iam.create_role(RoleName=name, AssumeRolePolicyDocument=text(assumed), **props)["Role"]
    for arn in managed or []:
        iam.attach_role_policy(RoleName=name, PolicyArn=arn)
    for policy in inline or []:
        iam.put_role_policy(RoleName=name, PolicyName=policy["PolicyName"], PolicyDocument=text(policy["PolicyDocument"]))

    def delete():
        for arn in managed or []:
            iam.detach_role_policy(RoleName=name, PolicyArn=arn)
        for policy in inline or []:
            iam.delete_role_policy(RoleName=name, PolicyName=policy["PolicyName"])
        iam.delete_role(RoleName=name)

    return Made(name, lambda: iam.get_role(RoleName=name)["Role"]["Arn"] == found["Arn"], delete, Arn=found["Arn"], RoleId=found["RoleId"])


@kind("AWS::IAM::Policy")
def role_policy(world, _name, props):
    iam = world.client("iam")
    name = props["PolicyName"]
    for each in props["Roles"]:
        iam.put_role_policy(RoleName=each, PolicyName=name, PolicyDocument=text(props["PolicyDocument"]))

    def delete():
        for each in props["Roles"]:
            iam.delete_role_policy(RoleName=each, PolicyName=name)

    return Made(name, lambda: all(iam.get_role_policy(RoleName=each, PolicyName=name) for each in props["Roles"]), delete)


@kind("AWS::IAM::ManagedPolicy")
def managed_policy(world, name, props):
    iam = world.client("iam")
    document, given, roles = take(props, "PolicyDocument", "ManagedPolicyName", "Roles")
    arn = iam.create_policy(PolicyName=given or name, PolicyDocument=text(document), **props)["Policy"]["Arn"]
    for each in roles or []:
        iam.attach_role_policy(RoleName=each, PolicyArn=arn)

    def delete():
        for each in roles or []:
            iam.detach_role_policy(RoleName=each, PolicyArn=arn)
        iam.delete_policy(PolicyArn=arn)

    return Made(arn, lambda: iam.get_policy(PolicyArn=arn)["Policy"]["Arn"] == arn, delete, PolicyArn=arn)


@kind("AWS::Logs::LogGroup")
def log_group(world, name, props):
    logs = world.client("logs")
    given, days = take(props, "LogGroupName", "RetentionInDays")
    tags_of(props)
    name = given or name
    logs.create_log_group(logGroupName=name, **lowered(props))
    if days:
        logs.put_retention_policy(logGroupName=name, retentionInDays=days)

    def read():
        found = [group for group in logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"] if group["logGroupName"] == name]
        return len(found) == 1 and found[0].get("retentionInDays") == days

    arn = f"arn:aws:logs:{world.region}:{world.account}:log-group:{name}:*"
    return Made(name, read, lambda: logs.delete_log_group(logGroupName=name), Arn=arn)


@kind("AWS::Logs::MetricFilter")
def metric_filter(world, name, props):
    logs = world.client("logs")
    given, group, transformations = take(props, "FilterName", "LogGroupName", "MetricTransformations")
    name = given or name
    logs.put_metric_filter(
        filterName=name, logGroupName=group, metricTransformations=[lowered(each) for each in transformations], **lowered(props)
    )
    return Made(
        name,
        lambda: bool(logs.describe_metric_filters(logGroupName=group, filterNamePrefix=name)["metricFilters"]),
        lambda: logs.delete_metric_filter(logGroupName=group, filterName=name),
    )


@kind("AWS::Logs::QueryDefinition")
def query_definition(world, name, props):
    return world.only_checked("logs", "PutQueryDefinition", name, lowered(props))


@kind("AWS::Lambda::Function")
def function(world, name, props):
    functions = world.client("lambda")
    given, reserved, _code, _logging_tags = take(props, "FunctionName", "ReservedConcurrentExecutions", "Code", "Tags")
    name = given or name[:64]
    arn = functions.create_function(FunctionName=name, Code={"ZipFile": stub_code()}, **props)["FunctionArn"]
    if reserved is not None:
        functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=reserved)

    def read():
        functions.get_function_configuration(FunctionName=name)
        kept = functions.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions")
        return kept == reserved

    return Made(name, read, lambda: functions.delete_function(FunctionName=name), Arn=arn)


@kind("AWS::Lambda::EventSourceMapping")
def event_source_mapping(world, _name, props):
    functions = world.client("lambda")
    tags_of(props)
    uuid = functions.create_event_source_mapping(**props)["UUID"]
    return Made(
        uuid,
        lambda: functions.get_event_source_mapping(UUID=uuid)["BatchSize"] == props["BatchSize"],
        lambda: functions.delete_event_source_mapping(UUID=uuid),
    )


@kind("AWS::Lambda::Permission")
def permission(world, name, props):
    functions = world.client("lambda")
    statement = name[-100:]
    functions.add_permission(StatementId=statement, **props)
    target = props["FunctionName"]
    return Made(
        statement,
        lambda: statement in functions.get_policy(FunctionName=target)["Policy"],
        lambda: functions.remove_permission(FunctionName=target, StatementId=statement),
    )


@kind("AWS::Lambda::EventInvokeConfig")
def event_invoke_config(world, name, props):
    functions = world.client("lambda")
    qualifier = props.pop("Qualifier")
    if qualifier != "$LATEST":
        raise TemplateFault(f"Qualifier: {qualifier} is not known")
    target = props["FunctionName"]
    functions.put_function_event_invoke_config(**props)
    return Made(
        name,
        lambda: bool(functions.get_function_event_invoke_config(FunctionName=target)),
        lambda: functions.delete_function_event_invoke_config(FunctionName=target),
    )


@kind("AWS::Scheduler::ScheduleGroup")
def schedule_group(world, name, props):
    scheduler = world.client("scheduler")
    tags_of(props)
    name = props.pop("Name", None) or name[:64]
    scheduler.create_schedule_group(Name=name, **props)
    return Made(name, lambda: bool(scheduler.get_schedule_group(Name=name)), lambda: scheduler.delete_schedule_group(Name=name))


@kind("AWS::Scheduler::Schedule")
def schedule(world, name, props):
    scheduler = world.client("scheduler")
    name = props.pop("Name", None) or name[-64:]
    scheduler.create_schedule(Name=name, **props)
    group = {"GroupName": props["GroupName"]} if "GroupName" in props else {}
    return Made(
        name,
        lambda: scheduler.get_schedule(Name=name, **group)["ScheduleExpression"] == props["ScheduleExpression"],
        lambda: scheduler.delete_schedule(Name=name, **group),
    )


@kind("AWS::Events::Rule")
def rule(world, name, props):
    events = world.client("events")
    pattern, targets, given = take(props, "EventPattern", "Targets", "Name")
    name = given or name[:64]
    arn = events.put_rule(Name=name, **({"EventPattern": text(pattern)} if pattern else {}), **props)["RuleArn"]
    failed = events.put_targets(Rule=name, Targets=targets)["FailedEntryCount"] if targets else 0
    if failed:
        raise TemplateFault(f"{failed} targets of the rule were refused")

    def delete():
        events.remove_targets(Rule=name, Ids=[target["Id"] for target in targets or []])
        events.delete_rule(Name=name)

    return Made(name, lambda: len(events.list_targets_by_rule(Rule=name)["Targets"]) == len(targets or []), delete, Arn=arn)


@kind("AWS::SecretsManager::Secret")
def secret(world, name, props):
    secrets = world.client("secretsmanager")
    generated, given = take(props, "GenerateSecretString", "Name")
    tags_of(props)
    template, key = take(generated or {}, "SecretStringTemplate", "GenerateStringKey")
    if generated is not None:
        password = secrets.get_random_password(**generated)["RandomPassword"]
        props["SecretString"] = json.dumps({**json.loads(template), key: password}) if template else password
    arn = secrets.create_secret(Name=given or name, **props)["ARN"]
    return Made(
        arn,
        lambda: "DeletedDate" not in secrets.describe_secret(SecretId=arn),
        lambda: secrets.delete_secret(SecretId=arn, ForceDeleteWithoutRecovery=True),
        Id=arn,
    )


@kind("AWS::SecretsManager::ResourcePolicy")
def secret_policy(world, name, props):
    secrets = world.client("secretsmanager")
    target = props["SecretId"]
    secrets.put_resource_policy(SecretId=target, ResourcePolicy=text(props["ResourcePolicy"]))
    return Made(name, lambda: bool(secrets.get_resource_policy(SecretId=target).get("ResourcePolicy")), lambda: secrets.delete_resource_policy(SecretId=target))


@kind("AWS::ApiGatewayV2::Api")
def api(world, _name, props):
    gateway = world.client("apigatewayv2")
    tags_of(props)
    found = gateway.create_api(**props)
    name = found["ApiId"]
    return Made(
        name, lambda: gateway.get_api(ApiId=name)["ProtocolType"] == props["ProtocolType"], lambda: gateway.delete_api(ApiId=name),
        ApiEndpoint=found["ApiEndpoint"], ApiId=name,
    )


@kind("AWS::ApiGatewayV2::Integration")
def integration(world, _name, props):
    gateway = world.client("apigatewayv2")
    within = {"ApiId": props["ApiId"]}
    within["IntegrationId"] = gateway.create_integration(**props)["IntegrationId"]
    return Made(within["IntegrationId"], lambda: bool(gateway.get_integration(**within)), lambda: gateway.delete_integration(**within))


@kind("AWS::ApiGatewayV2::Route")
def route(world, _name, props):
    gateway = world.client("apigatewayv2")
    within = {"ApiId": props["ApiId"]}
    within["RouteId"] = gateway.create_route(**props)["RouteId"]
    wanted = props.get("AuthorizationType", "NONE")
    return Made(within["RouteId"], lambda: gateway.get_route(**within)["AuthorizationType"] == wanted, lambda: gateway.delete_route(**within))


@kind("AWS::ApiGatewayV2::Stage")
def gateway_stage(world, _name, props):
    gateway = world.client("apigatewayv2")
    tags_of(props)
    within = {"ApiId": props["ApiId"], "StageName": props["StageName"]}
    gateway.create_stage(**props)
    return Made(props["StageName"], lambda: bool(gateway.get_stage(**within)), lambda: gateway.delete_stage(**within))


@kind("AWS::CloudWatch::Alarm")
def alarm(world, name, props):
    cloudwatch = world.client("cloudwatch")
    tags_of(props)
    name = props.pop("AlarmName", None) or name
    cloudwatch.put_metric_alarm(AlarmName=name, **props)
    arn = f"arn:aws:cloudwatch:{world.region}:{world.account}:alarm:{name}"
    return Made(
        name, lambda: len(cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"]) == 1,
        lambda: cloudwatch.delete_alarms(AlarmNames=[name]), Arn=arn,
    )


@kind("AWS::CloudWatch::CompositeAlarm")
def composite_alarm(world, name, props):
    props.setdefault("AlarmName", name)
    made = world.only_checked("cloudwatch", "PutCompositeAlarm", props["AlarmName"], props)
    made.attributes["Arn"] = f"arn:aws:cloudwatch:{world.region}:{world.account}:alarm:{props['AlarmName']}"
    return made


@kind("AWS::CloudWatch::Dashboard")
def dashboard(world, name, props):
    cloudwatch = world.client("cloudwatch")
    name = props.get("DashboardName") or name
    body = json.loads(props["DashboardBody"])
    if not body["widgets"]:
        raise TemplateFault("the dashboard shows nothing")
    cloudwatch.put_dashboard(DashboardName=name, DashboardBody=json.dumps(body))
    return Made(
        name, lambda: bool(cloudwatch.get_dashboard(DashboardName=name)["DashboardBody"]), lambda: cloudwatch.delete_dashboards(DashboardNames=[name]),
    )


@kind("AWS::Budgets::Budget")
def budget(world, name, props):
    budgets = world.client("budgets")
    subject = props["Budget"]
    subject.setdefault("BudgetName", name)
    told = props.get("NotificationsWithSubscribers", [])
    if isinstance(subject.get("BudgetLimit", {}).get("Amount"), (int, float)):
        subject["BudgetLimit"]["Amount"] = str(subject["BudgetLimit"]["Amount"])
    budgets.create_budget(AccountId=world.account, Budget=subject, NotificationsWithSubscribers=told)
    within = {"AccountId": world.account, "BudgetName": subject["BudgetName"]}
    return Made(subject["BudgetName"], lambda: bool(budgets.describe_budget(**within)["Budget"]), lambda: budgets.delete_budget(**within))


def ec2_kind(name, create, answer, key, describe, delete, **attributes):
    """Registers what EC2 makes and deletes by an id of its own."""

    @kind(name)
    def make(world, _name, props):
        ec2 = world.client("ec2")
        tags_of(props)
        found = getattr(ec2, create)(**props)
        found = found[answer] if answer else found
        made = found[key]
        known = {attribute: found.get(path) for attribute, path in attributes.items()}
        return Made(made, lambda: bool(getattr(ec2, describe[0])(**{describe[1]: [made]})), lambda: getattr(ec2, delete)(**{key: made}), **known)

    return make


ec2_kind("AWS::EC2::InternetGateway", "create_internet_gateway", "InternetGateway", "InternetGatewayId", ("describe_internet_gateways", "InternetGatewayIds"), "delete_internet_gateway")
ec2_kind("AWS::EC2::RouteTable", "create_route_table", "RouteTable", "RouteTableId", ("describe_route_tables", "RouteTableIds"), "delete_route_table", RouteTableId="RouteTableId")
ec2_kind("AWS::EC2::EIP", "allocate_address", None, "AllocationId", ("describe_addresses", "AllocationIds"), "release_address", AllocationId="AllocationId", PublicIp="PublicIp")


@kind("AWS::EC2::NatGateway")
def nat_gateway(world, _name, props):
    ec2 = world.client("ec2")
    tags_of(props)
    made = ec2.create_nat_gateway(**props)["NatGateway"]["NatGatewayId"]

    def read():
        states = [each["State"] for each in ec2.describe_nat_gateways(NatGatewayIds=[made])["NatGateways"]]
        return states == ["available"]

    return Made(made, read, lambda: ec2.delete_nat_gateway(NatGatewayId=made), NatGatewayId=made)


@kind("AWS::EC2::VPC")
def vpc(world, _name, props):
    ec2 = world.client("ec2")
    names, support = take(props, "EnableDnsHostnames", "EnableDnsSupport")
    tags_of(props)
    found = ec2.create_vpc(**props)["Vpc"]
    made = found["VpcId"]
    ec2.modify_vpc_attribute(VpcId=made, EnableDnsSupport={"Value": bool(support)})
    ec2.modify_vpc_attribute(VpcId=made, EnableDnsHostnames={"Value": bool(names)})
    groups = ec2.describe_security_groups(Filters=[{"Name": "vpc-id", "Values": [made]}, {"Name": "group-name", "Values": ["default"]}])["SecurityGroups"]
    return Made(
        made, lambda: bool(ec2.describe_vpcs(VpcIds=[made])["Vpcs"]), lambda: ec2.delete_vpc(VpcId=made),
        VpcId=made, CidrBlock=found["CidrBlock"], DefaultSecurityGroup=groups[0]["GroupId"],
    )


@kind("AWS::EC2::Subnet")
def subnet(world, _name, props):
    ec2 = world.client("ec2")
    [public] = take(props, "MapPublicIpOnLaunch")
    tags_of(props)
    made = ec2.create_subnet(**props)["Subnet"]["SubnetId"]
    ec2.modify_subnet_attribute(SubnetId=made, MapPublicIpOnLaunch={"Value": bool(public)})
    return Made(made, lambda: bool(ec2.describe_subnets(SubnetIds=[made])["Subnets"]), lambda: ec2.delete_subnet(SubnetId=made), SubnetId=made)


@kind("AWS::EC2::SubnetRouteTableAssociation")
def route_table_association(world, _name, props):
    ec2 = world.client("ec2")
    made = ec2.associate_route_table(**props)["AssociationId"]

    def read():
        [found] = ec2.describe_route_tables(RouteTableIds=[props["RouteTableId"]])["RouteTables"]
        return any(each["RouteTableAssociationId"] == made for each in found["Associations"])

    return Made(made, read, lambda: ec2.disassociate_route_table(AssociationId=made))


@kind("AWS::EC2::Route")
def vpc_route(world, name, props):
    ec2 = world.client("ec2")
    ec2.create_route(**props)
    within = {"RouteTableId": props["RouteTableId"], "DestinationCidrBlock": props["DestinationCidrBlock"]}

    def read():
        [found] = ec2.describe_route_tables(RouteTableIds=[props["RouteTableId"]])["RouteTables"]
        return any(each.get("DestinationCidrBlock") == props["DestinationCidrBlock"] for each in found["Routes"])

    return Made(name, read, lambda: ec2.delete_route(**within))


@kind("AWS::EC2::VPCGatewayAttachment")
def gateway_attachment(world, name, props):
    ec2 = world.client("ec2")
    ec2.attach_internet_gateway(**props)

    def read():
        [found] = ec2.describe_internet_gateways(InternetGatewayIds=[props["InternetGatewayId"]])["InternetGateways"]
        return [each["VpcId"] for each in found["Attachments"]] == [props["VpcId"]]

    return Made(name, read, lambda: ec2.detach_internet_gateway(**props))


@kind("AWS::EC2::SecurityGroup")
def security_group(world, name, props):
    ec2 = world.client("ec2")
    description, egress, ingress, given = take(props, "GroupDescription", "SecurityGroupEgress", "SecurityGroupIngress", "GroupName")
    tags_of(props)
    made = ec2.create_security_group(GroupName=given or name, Description=description, **props)["GroupId"]

    def rule_of(each):
        ranges = {"IpRanges": [{"CidrIp": each["CidrIp"], "Description": each.get("Description", "")}]} if "CidrIp" in each else {}
        known = {"CidrIp", "Description", "IpProtocol", "FromPort", "ToPort"}
        if set(each) - known:
            raise TemplateFault(f"a rule of the group: {', '.join(sorted(set(each) - known))} is not known")
        ports = {key: each[key] for key in ("FromPort", "ToPort") if key in each}
        return {"IpProtocol": each["IpProtocol"], **ports, **ranges}

    if egress:
        ec2.revoke_security_group_egress(GroupId=made, IpPermissions=[{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}])
        ec2.authorize_security_group_egress(GroupId=made, IpPermissions=[rule_of(each) for each in egress])
    if ingress:
        ec2.authorize_security_group_ingress(GroupId=made, IpPermissions=[rule_of(each) for each in ingress])
    return Made(made, lambda: bool(ec2.describe_security_groups(GroupIds=[made])["SecurityGroups"]), lambda: ec2.delete_security_group(GroupId=made), GroupId=made)


@kind("AWS::EC2::VPCEndpoint")
def vpc_endpoint(world, _name, props):
    ec2 = world.client("ec2")
    [policy] = take(props, "PolicyDocument")
    tags_of(props)
    document = {"PolicyDocument": text(policy)} if policy else {}
    made = ec2.create_vpc_endpoint(**document, **props)["VpcEndpoint"]["VpcEndpointId"]

    def read():
        states = [each["State"] for each in ec2.describe_vpc_endpoints(VpcEndpointIds=[made])["VpcEndpoints"]]
        return states == ["available"]

    return Made(made, read, lambda: ec2.delete_vpc_endpoints(VpcEndpointIds=[made]))


@kind("AWS::EC2::FlowLog")
def flow_log(world, _name, props):
    ec2 = world.client("ec2")
    [resource] = take(props, "ResourceId")
    tags_of(props)
    answer = ec2.create_flow_logs(ResourceIds=[resource], **props)
    if answer.get("Unsuccessful"):
        raise TemplateFault(f"the flow log was refused: {answer['Unsuccessful']}")
    [made] = answer["FlowLogIds"]
    return Made(made, lambda: bool(ec2.describe_flow_logs(FlowLogIds=[made])["FlowLogs"]), lambda: ec2.delete_flow_logs(FlowLogIds=[made]))


