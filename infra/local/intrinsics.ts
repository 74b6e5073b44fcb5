// CloudFormation's own functions, as far as the stack uses them.
import { z } from 'zod';
import { TemplateError } from './assembly.ts';

/** Gives what a resource's name or one of its attributes stands for; a null attribute asks for the name. */
export type LookUp = (logicalId: string, attribute: string | null) => string;

const texts = z.array(z.unknown());
const attributePath = z.tuple([z.string(), z.string()]);
const joined = z.tuple([z.string(), texts]);
const selected = z.tuple([z.coerce.number().int(), z.unknown()]);
const split = z.tuple([z.string(), z.unknown()]);
const values = z.record(z.string(), z.unknown());
const substituted = z.union([z.string(), z.tuple([z.string(), values])]);

type Read = (argument: unknown, lookUp: LookUp) => unknown;

const textOf = (value: unknown, lookUp: LookUp): string => {
  const resolved = resolve(value, lookUp);
  if (typeof resolved === 'string' || typeof resolved === 'number') return String(resolved);
  throw new TemplateError(JSON.stringify(value), 'something that resolves to text');
};

const reference = (name: string, lookUp: LookUp): string => {
  const dot = name.indexOf('.');
  return dot < 0 ? lookUp(name, null) : lookUp(name.slice(0, dot), name.slice(dot + 1));
};

const listOf = (value: unknown, lookUp: LookUp): readonly unknown[] => {
  const resolved = resolve(value, lookUp);
  return texts.parse(resolved);
};

const FUNCTIONS: Readonly<Record<string, Read>> = {
  Ref: (argument, lookUp) => lookUp(z.string().parse(argument), null),
  'Fn::GetAtt': (argument, lookUp) => {
    if (typeof argument === 'string') return reference(argument, lookUp);
    return lookUp(...attributePath.parse(argument));
  },
  'Fn::Join': (argument, lookUp) => {
    const [separator, parts] = joined.parse(argument);
    return parts.map((part) => textOf(part, lookUp)).join(separator);
  },
  'Fn::Split': (argument, lookUp) => {
    const [separator, text] = split.parse(argument);
    return textOf(text, lookUp).split(separator);
  },
  'Fn::Select': (argument, lookUp) => {
    const [index, list] = selected.parse(argument);
    return listOf(list, lookUp)[index];
  },
  'Fn::Sub': (argument, lookUp) => {
    const parsed = substituted.parse(argument);
    const [text, given] = typeof parsed === 'string' ? [parsed, {}] : parsed;
    return text.replaceAll(/\$\{(!?)([^}]+)\}/g, (_whole, literal: string, name: string) => {
      if (literal !== '') return `\${${name}}`;
      return Object.hasOwn(given, name) ? textOf(values.parse(given)[name], lookUp) : reference(name, lookUp);
    });
  },
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Replaces every function call in a template's value by what it stands for.
 * @throws TemplateError naming a function that the local cloud does not know
 */
export const resolve = (value: unknown, lookUp: LookUp): unknown => {
  if (Array.isArray(value)) return value.map((each: unknown) => resolve(each, lookUp));
  if (!isObject(value)) return value;
  const [[name, argument] = ['', undefined], ...others] = Object.entries(value);
  if (others.length === 0 && (name === 'Ref' || name.startsWith('Fn::'))) {
    const read = FUNCTIONS[name];
    if (read === undefined) throw new TemplateError(name, `one of ${Object.keys(FUNCTIONS).join(', ')}`);
    return read(argument, lookUp);
  }
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, resolve(each, lookUp)]));
};
