"""Creates every resource of a synthesized template on moto, reads each back, deletes the stack, and looks at what is left.

    python3 emulate.py NAME TEMPLATE KEEPS|DROPS [NAME TEMPLATE KEEPS|DROPS ...]

KEEPS says that the stage's data outlives its stack: what is left then has to be of these kinds, and otherwise nothing may be.
"""
import json
import sys
from collections import Counter

from moto import mock_aws

from intrinsics import TemplateFault, in_order, resolve
from kinds import KINDS
from world import World

ON_PURPOSE = {"AWS::DynamoDB::GlobalTable", "AWS::Logs::LogGroup", "AWS::SecretsManager::Secret", "AWS::KMS::Key"}
RETAINED = {"Retain", "RetainExceptOnCreate"}
# What a bootstrapped account has before the stack comes.
BOOTSTRAP = {"AWS::SSM::Parameter::Value<String>": "30"}


class Stack:
    """A stack on its way up and down."""

    def __init__(self, world, name, template):
        self.world = world
        self.name = name
        self.template = template
        self.resources = template["Resources"]
        self.made = {}

    def look_up(self, name, attribute):
        pseudo = {
            "AWS::AccountId": self.world.account,
            "AWS::Region": self.world.region,
            "AWS::Partition": "aws",
            "AWS::StackName": self.name,
            "AWS::URLSuffix": "amazonaws.com",
            "AWS::StackId": f"arn:aws:cloudformation:{self.world.region}:{self.world.account}:stack/{self.name}/0",
        }
        if name in pseudo:
            return pseudo[name]
        if name in self.made:
            made = self.made[name]
            if attribute is not None and attribute not in made.attributes:
                raise TemplateFault(f"{name}.{attribute}: a {self.resources[name]['Type']} has no such attribute here")
            return made.ref if attribute is None else made.attributes[attribute]
        parameter = self.template.get("Parameters", {}).get(name)
        if parameter is not None:
            return BOOTSTRAP.get(parameter["Type"], parameter.get("Default"))
        raise TemplateFault(f"{name}: there is no such resource")

    def create(self):
        unknown = sorted({each["Type"] for each in self.resources.values()} - set(KINDS))
        if unknown:
            raise TemplateFault(f"the emulator knows no {', '.join(unknown)}")
        for logical_id in in_order(self.resources):
            resource = self.resources[logical_id]
            try:
                properties = resolve(resource.get("Properties", {}), self.look_up)
                self.made[logical_id] = KINDS[resource["Type"]](self.world, f"{self.name}-{logical_id}", properties)
            except Exception as fault:
                raise TemplateFault(f"{logical_id} ({resource['Type']}) was not created: {fault}") from fault

    def absent(self):
        return [logical_id for logical_id in self.made if not self.exists(logical_id)]

    def exists(self, logical_id):
        try:
            return bool(self.made[logical_id].read())
        except TemplateFault:
            raise
        except Exception:
            return False

    def is_retained(self, logical_id):
        return self.resources[logical_id].get("DeletionPolicy") in RETAINED

    def delete(self):
        for logical_id in reversed(in_order(self.resources)):
            if self.is_retained(logical_id):
                continue
            try:
                self.made[logical_id].delete()
            except Exception as fault:
                raise TemplateFault(f"{logical_id} ({self.resources[logical_id]['Type']}) was not deleted: {fault}") from fault

    def retained(self):
        return [logical_id for logical_id in self.made if self.is_retained(logical_id)]


def faults_of_retention(stack, keeps):
    """Names what outlives the stack without a reason, and what ought to and does not."""
    retained = stack.retained()
    wanted = ON_PURPOSE if keeps else set()
    stray = [logical_id for logical_id in retained if stack.resources[logical_id]["Type"] not in wanted]
    faults = [f"{logical_id} ({stack.resources[logical_id]['Type']}) outlives its stack, and nobody said why" for logical_id in stray]
    if keeps:
        table = [logical_id for logical_id in stack.made if stack.resources[logical_id]["Type"] == "AWS::DynamoDB::GlobalTable"]
        faults += [f"{logical_id} would be deleted with its data" for logical_id in table if logical_id not in retained]
        faults += [
            f"{logical_id} would be replaced by an empty one"
            for logical_id in table
            if stack.resources[logical_id].get("UpdateReplacePolicy") not in RETAINED
        ]
    return faults


@mock_aws
def emulate(name, template, keeps):
    """Takes a stack up and down; returns what is to be told, and what is wrong."""
    world = World()
    before = world.inventory()
    stack = Stack(world, name, template)
    stack.create()
    faults = [f"{logical_id} was created and is not there" for logical_id in stack.absent()]
    faults += faults_of_retention(stack, keeps)
    checked = len(world.checked)
    stack.delete()
    retained = stack.retained()
    faults += [f"{logical_id} was deleted and is still there" for logical_id in stack.made if logical_id not in retained and is_left(stack, logical_id)]
    faults += [f"{logical_id} was retained and is gone" for logical_id in retained if not stack.exists(logical_id)]
    left = world.inventory() - before
    kept = {stack.made[logical_id].ref for logical_id in retained}
    faults += [f"a {what} is left over: {found}" for what, found in sorted(left) if found not in kept]
    types = Counter(each["Type"] for each in stack.resources.values())
    only = f", {checked} of them only held against the API’s model, since the emulator has no such call" if checked else ""
    told = [f"{name}: {len(stack.resources)} resources of {len(types)} types were created, read back and deleted{only}"]
    kinds_left = Counter(what for what, _ in left)
    told.append("  left on purpose: " + (", ".join(f"{count} {what}" for what, count in sorted(kinds_left.items())) or "nothing"))
    return told, [f"{name}: {fault}" for fault in faults]


# What has no life of its own goes with what it belongs to: asking for it then says nothing.
DEPENDENT = {"AWS::SNS::TopicPolicy"}


def is_left(stack, logical_id):
    return stack.resources[logical_id]["Type"] not in DEPENDENT and stack.exists(logical_id)


def main(arguments):
    wrong = 0
    for name, path, keeps in zip(arguments[::3], arguments[1::3], arguments[2::3]):
        with open(path, encoding="utf-8") as file:
            template = json.load(file)
        try:
            told, faults = emulate(name, template, keeps == "KEEPS")
        except TemplateFault as fault:
            told, faults = [], [f"{name}: {fault}"]
        print("\n".join(told + faults), flush=True)
        wrong += len(faults)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
