import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Manifest } from '../../infra/packaging/manifest.ts';
import { functionName } from '../../shared/declaration/operation.ts';
import { buildSignedEvent, loadDeployedHandler } from '../support/deployed.ts';
import { everyOperation, everything } from '../support/deployments.ts';
import { useEmulator } from '../support/emulator.ts';
import { createContext, setLocalEnvironment } from '../support/handlers.ts';
import { sampledRows } from '../support/operations.ts';
import { resolveReferences, usePackaged } from '../support/template.ts';

const read = (directory: string) =>
  JSON.parse(readFileSync(join(directory, '.build/manifest.json'), 'utf8')) as Manifest;
const place = { account: '000000000000', region: 'us-east-1' };
const resolve = (arn: string) =>
  resolveReferences({ arn: { 'Fn::Sub': arn } } as unknown as { arn: string }, place).arn;

const used = useEmulator();
beforeAll(() => setLocalEnvironment(used.emulator.endpoint));

/** Excludes operations that need a second Region, which this test's environment does not allow. */
const rows = sampledRows.filter(({ operation }) => operation.group !== 'replicas');

describe('the manifest of a deployment with auth=iam', () => {
  const packaged = usePackaged(everyOperation);

  test('the manifest requires signed requests on every route if auth=iam', () => {
    const { authorization, functions } = read(packaged.directory);
    expect(authorization).toEqual({ type: 'AWS_IAM' });
    expect(functions.flatMap(({ scopes }) => scopes)).toEqual([]);
  });

  test.for(rows)(
    'the manifest contains an integration ARN with which the function responds, unlike without its alias: $name',
    async ({ operation }) => {
      const { functions, alias } = read(packaged.directory);
      const { integrationArn = '' } = functions.find(({ name }) => name === functionName(operation)) ?? {};
      const invokedFunctionArn = resolve(integrationArn);
      expect(invokedFunctionArn).toBe(
        `arn:aws:lambda:us-east-1:000000000000:function:kms-functions-dev-${functionName(operation)}:${alias}`,
      );
      const handler = await loadDeployedHandler(operation, {});
      const event = buildSignedEvent(operation);
      const invoke = async (arn: string) =>
        (await handler(event, { ...createContext(), invokedFunctionArn: arn })) as { statusCode: number };
      expect(await invoke(invokedFunctionArn)).toMatchObject({ statusCode: operation.routes[0].status });
      await expect(invoke(invokedFunctionArn.replace(`:${alias}`, ''))).rejects.toThrow(
        'UntrustedEventError: HTTP events are accepted only from API Gateway.',
      );
    },
  );
});

describe('the manifest of a deployment with auth=jwt and a VPC', () => {
  const packaged = usePackaged(everything);

  test('the manifest contains the issuer, the audience and the scopes of each function if auth=jwt', () => {
    const { authorization, functions } = read(packaged.directory);
    expect(authorization).toEqual({
      type: 'JWT',
      identitySource: '$request.header.Authorization',
      issuer: everything.jwtIssuer,
      audience: [everything.jwtAudience],
    });
    const prefix = everything.scopePrefix;
    expect(functions.find(({ name }) => name === 'encrypt')?.scopes).toEqual([`${prefix}Encrypt`, `${prefix}crypto`]);
    for (const { scopes, name } of functions) expect(scopes, name).toHaveLength(2);
  });

  test('the manifest contains the VPC of each function', () => {
    for (const { vpc } of read(packaged.directory).functions) {
      expect(vpc).toEqual({
        subnetIds: everything.vpcSubnetIds?.split(','),
        securityGroupIds: everything.vpcSecurityGroupIds?.split(','),
      });
    }
  });
});
