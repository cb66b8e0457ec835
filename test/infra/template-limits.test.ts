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

test('a template with 490 resources and 200 outputs is accepted', () => {
  expect(() => rejectLargeTemplate(buildTemplate(490, 200))).not.toThrow();
});

test.for<readonly [number, number, string]>([
  [491, 0, 'contains 491 resources, but may contain at most 490 (CloudFormation accepts 500)'],
  [1, 201, 'contains 201 outputs, but may contain at most 200 (CloudFormation accepts 200)'],
])('a template with %i resources and %i outputs is rejected', ([resources, outputs, message]) => {
  expect(() => rejectLargeTemplate(buildTemplate(resources, outputs))).toThrow(message);
});

test.for<readonly [string, object, string]>([
  [
    'environment above 4 KB, which Lambda rejects',
    { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: { LIST: 'x'.repeat(4_090) } } } },
    'The environment of R has about 4101 characters, but may have at most 4096. Shorten the lists in the parameters',
  ],
  [
    'inline policy above 10,240 characters, which IAM rejects',
    {
      Type: 'AWS::IAM::Role',
      Properties: {
        Policies: [{ PolicyDocument: { Statement: [{ Resource: { 'Fn::Sub': 'x'.repeat(10_240) } }] } }],
      },
    },
    'The policy of R has about 10271 characters, but may have at most 10240.',
  ],
])('a template is rejected if it contains an %s', ([, resource, message]) => {
  expect(() => rejectLargeTemplate({ Resources: { R: resource } as Template['Resources'] })).toThrow(message);
});

test('references in an environment count with the length of their values', () => {
  const fill = (length: number) => ({
    Type: 'AWS::Lambda::Function',
    Properties: { Environment: { Variables: { ACCOUNT: { Ref: 'AWS::AccountId' }, LIST: 'x'.repeat(length) } } },
  });
  const check = (length: number) => rejectLargeTemplate({ Resources: { R: fill(length) } as Template['Resources'] });
  expect(() => check(4_050)).not.toThrow();
  expect(() => check(4_060)).toThrow('The environment of R');
});
