import { describe, expect, test } from 'vitest';
import { callerPolicy, type PolicyOptions, PolicyRequestError } from '../../scripts/policy/caller-policy.ts';
import { functionName, keyMembers } from '../../shared/declaration/operation.ts';
import { operationRows } from '../support/operations.ts';
import { run } from '../support/process.ts';

const deployed = { stage: 'dev', region: 'us-east-1', account: '000000000000', api: 'abc', partition: 'aws' };

function policyFor(operations: string[], more: Partial<PolicyOptions> = {}) {
  return callerPolicy({ ...deployed, operations, ...more });
}

/** Returns whether a policy resource matches an ARN. In IAM, `*` matches any text. */
function covers(resources: readonly string[], arn: string): boolean {
  return resources.some((resource) => {
    const literal = resource.split('*').map((part) => part.replaceAll(/[^\w/:-]/g, '\\$&'));
    return new RegExp(`^${literal.join('.*')}$`).test(arn);
  });
}

function buildArn(method: string, path: string, key: string): string {
  const filled = path.replaceAll(/\{\w+\}/g, key);
  return `arn:aws:execute-api:us-east-1:000000000000:abc/$default/${method}${filled}`;
}

const paths = operationRows.flatMap(({ operation }) =>
  operation.routes.map(({ method, path }) => ({ method, path, operation })),
);

describe('a policy for HTTP', () => {
  test.for(operationRows)('allows only its operation: $name', ({ operation }) => {
    const { Resource } = policyFor([operation.name]).policy.Statement[0];
    const covered = paths.filter(({ method, path }) => covers(Resource, buildArn(method, path, 'alias.app')));
    expect(new Set(covered.map((route) => route.operation.name))).toEqual(new Set([operation.name]));
  });

  const withKeys = operationRows.filter(({ operation }) =>
    keyMembers(operation).some((member) => operation.routes.some(({ path }) => path.includes(`{${member}}`))),
  );
  test.for(withKeys)('allows only its key: $name', ({ operation }) => {
    const { policy } = policyFor([operation.name], { key: 'alias.app' });
    const { Resource } = policy.Statement[0];
    const bound = operation.routes.filter(({ path }) =>
      keyMembers(operation).some((name) => path.includes(`{${name}}`)),
    );
    for (const { method, path } of bound) {
      expect(covers(Resource, buildArn(method, path, 'alias.app'))).toBe(true);
      for (const key of ['alias.other', 'alias.app2', 'xalias.app']) {
        expect(covers(Resource, buildArn(method, path, key)), key).toBe(false);
      }
    }
    for (const route of operation.routes) {
      if (!bound.includes(route)) expect(covers(Resource, buildArn(route.method, route.path, 'alias.app'))).toBe(false);
    }
  });

  test('comes with notes about the permissions that it cannot restrict to the key', () => {
    expect(policyFor(['ReEncrypt', 'GenerateRandom'], { key: 'alias.app' }).notes).toEqual([
      'GenerateRandom does not use a key, so the policy allows it without restrictions',
      'ReEncrypt has DestinationKeyId in the request body, so the policy cannot restrict that key',
    ]);
  });

  test.each([
    [['nothing'], {}, 'nothing is neither a group nor an operation'],
    [['encrypt'], { key: 'alias/app' }, 'write each slash as a dot, as in alias.payments'],
    [
      ['listAliases'],
      { key: 'alias.app' },
      'a policy cannot restrict ListAliases to a key, because its routes do not contain the key',
    ],
    [['encrypt'], { key: 'alias.app', direct: true as const }, 'a policy cannot restrict direct invocations to a key'],
  ])('cannot be created for the operations %j with the options %j', (operations, more, message) => {
    expect(() => policyFor(operations, more)).toThrow(PolicyRequestError);
    expect(() => policyFor(operations, more)).toThrow(message);
  });
});

test.for(operationRows)(
  'a policy for direct invocation contains the function without an alias: $name',
  ({ operation }) => {
    expect(policyFor([operation.name], { direct: true }).policy.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'lambda:InvokeFunction',
        Resource: [`arn:aws:lambda:us-east-1:000000000000:function:kms-functions-dev-${functionName(operation)}`],
      },
    ]);
  },
);

test('npm run policy prints the policy', async () => {
  const command = ['npm', 'run', '--silent', 'policy', '--', '--operations', 'encrypt,decrypt', '--key'] as const;
  const { code, stdout, stderr } = await run([...command, 'alias.payments']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: 'execute-api:Invoke',
        Resource: [
          'arn:aws:execute-api:*:*:*/$default/POST/keys/alias.payments/decrypt',
          'arn:aws:execute-api:*:*:*/$default/POST/keys/alias.payments/encrypt',
        ],
      },
    ],
  });
  expect(await run([...command, 'alias/payments'])).toMatchObject({ code: 1, stdout: '' });
});
