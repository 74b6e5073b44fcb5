// What may not change of a table that has data: CloudFormation would make another, empty one in its place.
import { describe, expect, it } from '@jest/globals';
import { ofType, resourcesOf } from './template-of.ts';
import { krakenStage, stageWith } from './stage-builder.ts';

const stages = [
  ['paper', stageWith('paper'), 'Delete'],
  ['sandbox', stageWith('sandbox'), 'Delete'],
  ['live', krakenStage(), 'Retain'],
] as const;

describe.each(stages)('the table of the stage %s', (_name, stage, policy) => {
  const [table, ...others] = ofType(resourcesOf(stage), 'AWS::DynamoDB::GlobalTable');

  it('is one, and has the id, the keys and the name it has had: any of them changed would be a new table', () => {
    expect(others).toEqual([]);
    expect(table?.id).toBe('table8235A42E');
    expect(table?.properties['KeySchema']).toEqual([{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }]);
    expect(table?.properties['AttributeDefinitions']).toEqual([{ AttributeName: 'pk', AttributeType: 'S' }, { AttributeName: 'sk', AttributeType: 'S' }]);
    for (const name of ['TableName', 'LocalSecondaryIndexes']) expect(table?.properties).not.toHaveProperty(name);
  });

  it('goes with its stack, or does not, as its file says', () => {
    expect(table?.deletionPolicy).toBe(policy);
  });
});
