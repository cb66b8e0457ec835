import { expect, test } from 'vitest';
import type { Template } from '../../infra/packaging/osls.ts';
import { rejectLargeTemplate } from '../../infra/packaging/template-limits.ts';

function buildTemplate(resources: number, outputs: number): Template {
  const count = (length: number, value: object) =>
    Object.fromEntries(Array.from({ length }, (_, id) => [`R${id}`, value]));
  return {
    Resources: count(resources, { Type: 'AWS::SNS::Topic', Properties: {} }) as Template['Resources'],
    Outputs: count(outputs, {}),
  };
}

test('accepts 490 resources and 200 outputs', () => {
  expect(() => rejectLargeTemplate(buildTemplate(490, 200))).not.toThrow();
});

test.for<readonly [number, number, string]>([
  [491, 0, 'contains 491 resources, but may contain at most 490 (CloudFormation accepts 500)'],
  [1, 201, 'contains 201 outputs, but may contain at most 200 (CloudFormation accepts 200)'],
])('rejects %i resources and %i outputs', ([resources, outputs, message]) => {
  expect(() => rejectLargeTemplate(buildTemplate(resources, outputs))).toThrow(message);
});
