import { type Check, CheckFailure, expectRefusal, expectThat } from '../check.ts';
import { buildDocumentationKey } from '../created-resources.ts';
import { getKey, type Run } from '../run.ts';
import { toLambdaName } from '../stage.ts';

export const refusalChecks: readonly Check[] = [
  {
    name: 'unsigned',
    title: 'Refusals: API Gateway rejects a request without a signature or token',
    skip: findOpenReason,
    run: async (run) => expectGatewayStatus(await request(run, '/health'), [401, 403]),
  },
  {
    name: 'unknown route',
    title: 'Refusals: an unknown route returns 404',
    run: async (run) => expectGatewayStatus(await request(run, '/kms-functions-verify'), [404]),
  },
  {
    name: 'foreign key',
    title: 'Refusals: the ARN of a key in another account is rejected',
    functions: ['describeKey'],
    run: ({ http, stage }) =>
      expectRefusal(http.describeKey({ KeyId: buildDocumentationKey(stage.partition, stage.region) }), [
        'ValidationException',
      ]),
  },
  {
    name: 'forged event',
    title: 'Refusals: a direct invocation cannot impersonate API Gateway',
    functions: ['describeKey'],
    after: ['usable'],
    skip: findOpenReason,
    run: checkForgedEvent,
  },
];

/** Returns the reason why every caller is accepted, or `undefined` if callers are authenticated. */
function findOpenReason({ stage }: Run): string | undefined {
  return stage.config.auth === 'open' ? 'stage local has no parameter auth, so it accepts every caller' : undefined;
}

/** Sends a GET request without authorization. */
async function request({ stage, counts }: Run, path: string): Promise<Response> {
  counts.http += 1;
  return fetch(`${stage.apiUrl}${path}`, { redirect: 'manual', signal: AbortSignal.timeout(30_000) });
}

function expectGatewayStatus({ status }: Response, expected: readonly number[]): string {
  expectThat(expected.includes(status), `The status is ${status}, not ${expected.join(' or ')}.`);
  return `status ${status}`;
}

/** Invokes a function with an event that claims to come from API Gateway, on the route `GET /keys/{KeyId}`, which changes nothing. */
async function checkForgedEvent(run: Run): Promise<string> {
  const { stage, counts } = run;
  const { id } = getKey(run, 'create');
  const authorizer =
    stage.config.auth === 'jwt'
      ? { jwt: { claims: { sub: 'forged' } } }
      : { iam: { userArn: `arn:${stage.partition}:iam::${stage.accountId}:user/forged`, accountId: stage.accountId } };
  const event = {
    version: '2.0',
    routeKey: 'GET /keys/{KeyId}',
    rawPath: `/keys/${id}`,
    rawQueryString: '',
    headers: {},
    pathParameters: { KeyId: id },
    requestContext: { authorizer, http: { method: 'GET', path: `/keys/${id}` }, routeKey: 'GET /keys/{KeyId}' },
    isBase64Encoded: false,
  };
  counts.lambda += 1;
  const FunctionName = toLambdaName(stage, 'describeKey');
  const { Payload } = await stage.lambda.invoke({ FunctionName, Payload: JSON.stringify(event) });
  const text = Buffer.from(Payload ?? []).toString('utf8');
  if (!text.includes('UntrustedEventError')) {
    throw new CheckFailure(`The function accepted a forged event: ${text.slice(0, 200)}`);
  }
  return 'UntrustedEventError';
}
