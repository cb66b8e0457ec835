import { AssumeRoleCommand } from '@aws-sdk/client-sts';
import { createSigner } from '../../../client/http/create-signer.ts';
import { httpApi } from '../../../infra/deployment/logical-ids.ts';
import { type Check, expectThat } from '../check.ts';
import { getKey, type Run } from '../run.ts';
import { findResource, requireAws } from '../stage.ts';

type Effect = 'Allow' | 'Deny';

export const callerChecks: readonly Check[] = [
  {
    name: 'one key',
    title: "Callers: a policy for one key's path allows only that key",
    functions: ['describeKey'],
    after: ['usable'],
    skip: findReason,
    run: async (run) => {
      const { id } = getKey(run, 'create');
      const get = await assumeCaller(run, [['Allow', `GET/keys/${id}`]]);
      await expectStatus(get, `/keys/${id}`, [200]);
      // No key has this id. The gateway must reject the request before a function can return 404.
      await expectStatus(get, `/keys/${run.created.runId}`, [403]);
      return 'other keys: 403';
    },
  },
  {
    name: 'encoded path',
    title: 'Callers: IAM matches the decoded path, so %6E does not evade a Deny statement',
    functions: ['describeKey', 'getKeyRotationStatus'],
    after: ['usable'],
    skip: findReason,
    run: async (run) => {
      const { id } = getKey(run, 'create');
      const get = await assumeCaller(run, [
        ['Allow', 'GET/keys/*'],
        ['Deny', 'GET/keys/*/rotation'],
      ]);
      await expectStatus(get, `/keys/${id}`, [200]);
      await expectStatus(get, `/keys/${id}/rotation`, [403]);
      // 404 is safe too: the gateway then finds no route for the encoded path.
      return `rotatio%6E: status ${await expectStatus(get, `/keys/${id}/rotatio%6E`, [403, 404])}`;
    },
  },
];

function findReason({ stage, callerRoleArn }: Run): string | undefined {
  if (stage.isLocal) return 'only on AWS: stage local has no roles to assume';
  if (stage.config.auth !== 'iam') return 'only with auth=iam';
  return callerRoleArn === undefined ? 'no --role' : undefined;
}

/** Sends a GET request as the restricted caller, and returns the status. */
type Get = (path: string) => Promise<number>;

/** Assumes the caller role with a session policy, which restricts the role to some of the stage's routes. */
async function assumeCaller(run: Run, rules: readonly (readonly [Effect, string])[]): Promise<Get> {
  const { stage, callerRoleArn, created } = run;
  const { partition, region, accountId } = stage;
  const api = `arn:${partition}:execute-api:${region}:${accountId}:${findResource(stage, httpApi)}/$default`;
  const Statement = rules.map(([effect, route]) => {
    return { Effect: effect, Action: 'execute-api:Invoke', Resource: `${api}/${route}` };
  });
  const { Credentials } = await requireAws(stage).sts.send(
    new AssumeRoleCommand({
      RoleArn: callerRoleArn,
      RoleSessionName: `verify-${created.runId}`,
      DurationSeconds: 900,
      Policy: JSON.stringify({ Version: '2012-10-17', Statement }),
    }),
  );
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = Credentials ?? {};
  const signer = await createSigner(region, {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  });
  const { protocol, hostname, host, port } = new URL(stage.apiUrl);
  return async (path) => {
    run.counts.http += 1;
    const { headers } = await signer.sign({
      method: 'GET',
      protocol,
      hostname,
      ...(port === '' ? {} : { port: Number(port) }),
      path,
      query: {},
      headers: { host },
    });
    const { host: _, ...sent } = headers;
    return (await fetch(`${stage.apiUrl}${path}`, { headers: sent, redirect: 'manual' })).status;
  };
}

async function expectStatus(get: Get, path: string, expected: readonly number[]): Promise<number> {
  const status = await get(path);
  expectThat(expected.includes(status), `GET ${path} returned ${status}, not ${expected.join(' or ')}.`);
  return status;
}
