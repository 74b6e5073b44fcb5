// What each role of a stack may do, in words that a person can read and a test can compare.
import { z } from 'zod';
import { ofType } from './template-of.ts';
import type { Resource } from './template-of.ts';

const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const anyOrMore = z.unknown().transform((value): unknown[] => [value].flat());
const statement = z.object({
  Sid: z.string().optional(),
  Effect: z.string(),
  Action: oneOrMore,
  Resource: anyOrMore,
  Principal: z.unknown().optional(),
  Condition: z.record(z.string(), z.record(z.string(), anyOrMore)).default({}),
});
const document = z.object({ Statement: z.array(statement) });
export type Statement = z.infer<typeof statement>;

export const statementsOf = (resource: Resource, property = 'PolicyDocument'): readonly Statement[] => document.parse(resource.properties[property]).Statement;

const intrinsic = z.union([
  z.object({ Ref: z.string() }).transform(({ Ref }) => ({ id: Ref })),
  z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.string()]) }).transform((found) => ({ id: found['Fn::GetAtt'][0] })),
]);
const join = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });

/** Puts the place of its construct for a resource, and a word for what AWS fills in. */
export const namer = (resources: readonly Resource[]) => {
  const paths = new Map(resources.map(({ id, path }) => [id, path]));
  const nameOf = (value: unknown): string => {
    if (typeof value === 'string') return value;
    const joined = join.safeParse(value);
    if (joined.success) return joined.data['Fn::Join'][1].map(nameOf).join(joined.data['Fn::Join'][0]);
    const { id } = intrinsic.parse(value);
    return paths.get(id) ?? id.replace('AWS::', '').toUpperCase();
  };
  return nameOf;
};

const conditionText = (condition: Statement['Condition'], nameOf: (value: unknown) => string): string =>
  Object.entries(condition)
    .flatMap(([operator, keys]) => Object.entries(keys).map(([key, values]) => `${operator} ${key} ${values.map(nameOf).sort().join(' | ')}`))
    .sort()
    .join('; ');

/** One action of one role on one resource, under one condition. */
export interface Grant {
  readonly role: string;
  readonly effect: string;
  readonly action: string;
  readonly resource: string;
  readonly condition: string;
}

const roleName = (path: string): string => path.replace(/\/role$/, '');

/** Everything that the roles of a stack may do, each grant by itself: policies of their own, inline ones, and shared ones. */
export const grantsOf = (resources: readonly Resource[]): readonly Grant[] => {
  const nameOf = namer(resources);
  const policies = [...ofType(resources, 'AWS::IAM::Policy'), ...ofType(resources, 'AWS::IAM::ManagedPolicy')];
  const own = policies.flatMap((policy) => {
    const named = z.array(z.unknown()).default([]).parse(policy.properties['Roles']);
    const takers = policy.type === 'AWS::IAM::Policy' ? named.map(nameOf) : [...named.map(nameOf), ...takersOf(resources, policy.id)];
    return takers.flatMap((role) => statementsOf(policy).map((each) => ({ role, each })));
  });
  return own.flatMap(({ role, each }) =>
    each.Action.flatMap((action) =>
      each.Resource.map((resource) => ({
        role: roleName(role),
        effect: each.Effect,
        action,
        resource: nameOf(resource),
        condition: conditionText(each.Condition, nameOf),
      })),
    ),
  );
};

const takersOf = (resources: readonly Resource[], policyId: string): readonly string[] =>
  ofType(resources, 'AWS::IAM::Role')
    .filter(({ properties }) => JSON.stringify(properties['ManagedPolicyArns'] ?? []).includes(`{"Ref":"${policyId}"}`))
    .map(({ path }) => path);

const code = (word: string): string => `\`${word.replaceAll('|', '\\|')}\``;

// What is done alike to many things is said once.
const rowsOf = (grants: readonly Grant[]): readonly string[] => {
  const actionsOn = new Map<string, { readonly resource: string; readonly condition: string; readonly actions: Set<string> }>();
  for (const { effect, action, resource, condition } of grants) {
    const place = JSON.stringify([resource, condition]);
    const known = actionsOn.get(place) ?? { resource, condition, actions: new Set<string>() };
    known.actions.add(effect === 'Allow' ? action : `${effect} ${action}`);
    actionsOn.set(place, known);
  }
  const rows = new Map<string, string[]>();
  for (const { resource, condition, actions } of actionsOn.values()) {
    const alike = JSON.stringify([[...actions].sort(), condition]);
    rows.set(alike, [...(rows.get(alike) ?? []), resource]);
  }
  return [...rows]
    .map(([alike, on]) => {
      const [actions, condition] = z.tuple([z.array(z.string()), z.string()]).parse(JSON.parse(alike));
      return `| ${actions.map(code).join(', ')} | ${on.sort().map(code).join(', ')} | ${condition === '' ? '' : code(condition)} |`;
    })
    .sort();
};

const takenBy = ({ properties }: Resource, nameOf: (value: unknown) => string): string => {
  const trust = z.object({ Statement: z.array(statement.omit({ Resource: true })) }).parse(properties['AssumeRolePolicyDocument']);
  return trust.Statement.map((each) => `${JSON.stringify(each.Principal)} ${conditionText(each.Condition, nameOf)}`.trim()).join(', ');
};

/** Writes the table of every role. */
export const roleTable = (resources: readonly Resource[]): string => {
  const nameOf = namer(resources);
  const grants = grantsOf(resources);
  const sections = [...ofType(resources, 'AWS::IAM::Role')]
    .sort((left, right) => left.path.localeCompare(right.path))
    .map((role) => {
      const own = grants.filter((grant) => grant.role === roleName(role.path));
      return [`## ${roleName(role.path)}`, `Taken by \`${takenBy(role, nameOf)}\`.`, '', '| may | on | only where |', '| --- | --- | --- |', ...rowsOf(own), ''].join('\n');
    });
  return `${HEAD}\n${sections.join('\n')}`;
};

const HEAD = `# Roles

What each role of the stack may do, and nothing besides. This page is written by \`npm run roles\` from the synthesized
template of a live stage at Kraken for the account \`fund\`, whose exchange secret has a key of its own and which asks
from a fixed address; a test compares it with the template, so that no action comes or goes unseen. [security.md](security.md) says why.
`;
