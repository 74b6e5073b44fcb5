import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readAssembly, TemplateError } from '../../../infra/local/assembly.ts';
import { readParts } from '../../../infra/local/cloud-parts.ts';
import { resolve } from '../../../infra/local/intrinsics.ts';
import { makeDirectory, writeAssembly } from './assembly-fixture.ts';

const lookUp = (logicalId: string, attribute: string | null): string => `<${logicalId}${attribute === null ? '' : `.${attribute}`}>`;

describe('the functions of a template', () => {
  it.each([
    ['Ref', { Ref: 'queue' }, '<queue>'],
    ['GetAtt', { 'Fn::GetAtt': ['queue', 'Arn'] }, '<queue.Arn>'],
    ['GetAtt as text', { 'Fn::GetAtt': 'queue.Arn' }, '<queue.Arn>'],
    ['Join', { 'Fn::Join': ['-', ['a', { Ref: 'b' }, 1]] }, 'a-<b>-1'],
    ['Split and Select', { 'Fn::Select': ['1', { 'Fn::Split': [':', { 'Fn::Join': [':', ['x', 'y']] }] }] }, 'y'],
    ['Sub', { 'Fn::Sub': 'a ${b} ${c.Arn} ${!d}' }, 'a <b> <c.Arn> ${d}'],
    ['Sub with values', { 'Fn::Sub': ['${a}/${b}', { a: { Ref: 'x' } }] }, '<x>/<b>'],
    ['a list', [{ Ref: 'a' }, 'b', 3, true, null], ['<a>', 'b', 3, true, null]],
    ['an object of one key', { Value: { Ref: 'a' } }, { Value: '<a>' }],
  ])('resolves %s', (_name, value, expected) => {
    expect(resolve(value, lookUp)).toEqual(expected);
  });

  it('refuses a function that it does not know, by name', () => {
    expect(() => resolve({ a: { 'Fn::ImportValue': 'x' } }, lookUp)).toThrow(/Fn::ImportValue/);
  });
});

describe('the parts of a template', () => {
  const assembly = writeAssembly();
  afterAll(() => {
    assembly.remove();
  });
  const parts = readParts(readAssembly(assembly.path), 'http://127.0.0.1:1');

  it('names queues after their constructs, at the engine’s address', () => {
    expect(parts.queues.map(({ name, url }) => [name, url])).toEqual([
      ['plain-dead-letters', 'http://127.0.0.1:1/000000000000/plain-dead-letters'],
      ['plain', 'http://127.0.0.1:1/000000000000/plain'],
      ['ordered-dead-letters.fifo', 'http://127.0.0.1:1/000000000000/ordered-dead-letters.fifo'],
      ['ordered.fifo', 'http://127.0.0.1:1/000000000000/ordered.fifo'],
    ]);
  });

  it('keeps a queue’s redrive and visibility', () => {
    const plain = parts.queues.find(({ name }) => name === 'plain');
    const dead = parts.queues.find(({ name }) => name === 'plain-dead-letters');
    expect(plain).toMatchObject({ VisibilityTimeout: 180, RedrivePolicy: { deadLetterTargetArn: dead?.arn, maxReceiveCount: 3 } });
  });

  it('gives a function its bundle and its environment', () => {
    const worker = parts.functions.find(({ name }) => name === 'worker');
    expect(worker?.file.endsWith(join('asset.one', 'index.mjs'))).toBe(true);
    expect(worker?.Environment.Variables).toMatchObject({
      TABLE_NAME: 'small-table',
      PLAIN_QUEUE_URL: 'http://127.0.0.1:1/000000000000/plain',
    });
  });

  it('connects mappings, schedules and addresses to their functions', () => {
    const arnOf = (name: string) => parts.functions.find((part) => part.name === name)?.arn;
    expect(parts.mappings.map(({ FunctionName }) => FunctionName)).toEqual([arnOf('sorter'), arnOf('worker')]);
    expect(parts.schedules.map(({ name, Target }) => [name, Target.Arn])).toEqual([
      ['minute', arnOf('worker')],
      ['noon', arnOf('worker')],
    ]);
    expect(parts.routes).toEqual([
      { routeKey: 'POST /work', method: 'POST', path: '/work', authorization: 'NONE', functionArn: arnOf('worker'), throttle: { perSecond: 20, burst: 5 } },
      { routeKey: 'POST /signed', method: 'POST', path: '/signed', authorization: 'AWS_IAM', functionArn: arnOf('reconcile'), throttle: null },
    ]);
  });

  it('refuses a directory that cdk synth did not write', () => {
    const directory = makeDirectory();
    expect(() => readAssembly(directory.path)).toThrow(TemplateError);
    writeFileSync(join(directory.path, 'manifest.json'), '{"artifacts":{}}');
    expect(() => readAssembly(directory.path)).toThrow(/expected one stack/);
    directory.remove();
  });
});
