"""CloudFormation's own functions, and the order in which a template's resources need one another."""
import re

VARIABLE = re.compile(r"\$\{(!?)([^}]+)\}")


class TemplateFault(Exception):
    """Says what of a template the emulator cannot make sense of."""


def resolve(value, look_up):
    """Replaces every function call by what it stands for; look_up takes a logical id and an attribute or None."""
    if isinstance(value, list):
        resolved = (resolve(each, look_up) for each in value)
        return [each for each in resolved if each is not NO_VALUE]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        [(name, argument)] = value.items()
        if name == "Ref":
            return NO_VALUE if argument == "AWS::NoValue" else look_up(argument, None)
        if name.startswith("Fn::"):
            return call(name, argument, look_up)
    resolved = {key: resolve(each, look_up) for key, each in value.items()}
    return {key: each for key, each in resolved.items() if each is not NO_VALUE}


NO_VALUE = object()


def call(name, argument, look_up):
    """Carries out one function."""
    if name == "Fn::GetAtt":
        target, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        return look_up(target, attribute)
    if name == "Fn::Sub":
        return substitute(argument, look_up)
    if name == "Fn::GetAZs":
        return ["us-east-1a", "us-east-1b", "us-east-1c"]
    argument = resolve(argument, look_up)
    if name == "Fn::Join":
        return argument[0].join(str(each) for each in argument[1])
    if name == "Fn::Split":
        return argument[1].split(argument[0])
    if name == "Fn::Select":
        return argument[1][int(argument[0])]
    raise TemplateFault(f"{name}: the emulator does not know this function")


def substitute(argument, look_up):
    """Fills the variables of a text."""
    text, given = (argument, {}) if isinstance(argument, str) else argument

    def fill(match):
        literal, name = match.groups()
        if literal:
            return "${" + name + "}"
        if name in given:
            return str(resolve(given[name], look_up))
        target, _, attribute = name.partition(".")
        return str(look_up(target, attribute or None))

    return VARIABLE.sub(fill, text)


def named_in(value):
    """Names everything that a value refers to."""
    if isinstance(value, list):
        return set().union(*(named_in(each) for each in value))
    if not isinstance(value, dict):
        return set()
    names = set().union(*(named_in(each) for each in value.values()))
    if isinstance(value.get("Ref"), str):
        names.add(value["Ref"])
    if "Fn::GetAtt" in value:
        target = value["Fn::GetAtt"]
        names.add(target.split(".")[0] if isinstance(target, str) else target[0])
    if "Fn::Sub" in value:
        text = value["Fn::Sub"] if isinstance(value["Fn::Sub"], str) else value["Fn::Sub"][0]
        names.update(name.split(".")[0] for literal, name in VARIABLE.findall(text) if not literal)
    return names


def in_order(resources):
    """Lists the logical ids so that each comes after what it needs."""
    needs = {}
    for logical_id, resource in resources.items():
        depends = resource.get("DependsOn", [])
        wanted = named_in(resource.get("Properties", {})) | set([depends] if isinstance(depends, str) else depends)
        needs[logical_id] = (wanted & set(resources)) - {logical_id}
    ordered = []
    while needs:
        ready = [logical_id for logical_id, wanted in needs.items() if wanted <= set(ordered)]
        if not ready:
            raise TemplateFault(f"these need one another in a circle: {', '.join(sorted(needs))}")
        for logical_id in ready:
            ordered.append(logical_id)
            del needs[logical_id]
    return ordered
