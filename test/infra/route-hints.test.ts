import { describe, expect, test } from 'vitest';
import { explainUnknownRoute } from '../../infra/local/route-hints.ts';
import { functionName } from '../../shared/declaration/operation.ts';
import { allOperations } from '../support/operations.ts';

const urls = { api: 'http://localhost:3000', lambda: 'http://localhost:3002', emulator: 'http://127.0.0.1:4599' };
const routes = allOperations.flatMap((operation) =>
  operation.routes.map(({ method, path }) => ({
    method,
    path,
    functionName: `kms-functions-local-${functionName(operation)}`,
  })),
);

function explain(request: string, isKmsProtocol = false) {
  const [method = '', path = ''] = request.split(' ');
  return explainUnknownRoute(routes, { method, path, isKmsProtocol }, urls)?.sentence;
}

describe('the hint for an unknown route', () => {
  test.for([
    ['GET /keys/alias.example/encrypt', "This path requires POST. curl sends POST if you add -d '{…}'."],
    ['GET /decrypt', "This path requires POST. curl sends POST if you add -d '{…}'."],
    ['DELETE /keys', 'This path requires POST or GET.'],
    ['POST /keys/alias.example', 'This path requires GET.'],
    ['GET /keys/', 'Did you mean GET /keys?'],
    ['GET //keys', 'Did you mean GET /keys?'],
    ['GET /KEYS', 'Did you mean GET /keys?'],
    ['GET /Keys/Alias.Example', 'Did you mean GET /keys/Alias.Example?'],
    [
      'POST /keys/alias/example/encrypt',
      'In a path, write each / of a key identifier as a dot: POST /keys/alias.example/encrypt.',
    ],
    [
      'GET /keys/alias/example/encrypt',
      'In a path, write each / of a key identifier as a dot: POST /keys/alias.example/encrypt.',
    ],
    ['GET /keys/alias%2Fexample', 'In a path, write each / of a key identifier as a dot: GET /keys/alias.example.'],
    ['DELETE /aliases/alias/a/b', 'In a path, write each / of a key identifier as a dot: DELETE /aliases/alias.a.b.'],
    ['POST /encrypt', 'Did you mean POST /keys/{KeyId}/encrypt?'],
    ['POST /Encrypt', 'Did you mean POST /keys/{KeyId}/encrypt?'],
    ['POST /generateDataKey', 'Did you mean POST /keys/{KeyId}/data-key?'],
    ['POST /GenerateDataKey', 'Did you mean POST /keys/{KeyId}/data-key?'],
    ['GET /kesy', 'Did you mean GET /keys?'],
    ['POST /keys/alias.example/encript', 'Did you mean POST /keys/{KeyId}/encrypt?'],
    ['POST /2015-03-31/functions/encrypt/invocations', 'Direct invocation is at http://localhost:3002.'],
    ['GET /something-else-entirely', undefined],
    ['GET /', undefined],
    ['GET /%zz', undefined],
  ] as const)('%s: %s', ([request, sentence]) => {
    expect(explain(request)).toBe(sentence);
  });

  test('POST / with the header X-Amz-Target: names the URL of the KMS emulator', () => {
    expect(explain('POST /', true)).toBe(
      'For AWS SDKs and the AWS CLI, use the KMS emulator at http://127.0.0.1:4599.',
    );
  });

  test.for(allOperations)('names a route of the operation if the path is its name: $name', (operation) => {
    const request = { method: 'POST', path: `/${operation.name}`, isKmsProtocol: false };
    const proposed = explainUnknownRoute(routes, request, urls)?.routes ?? [];
    expect(proposed.length).toBeGreaterThan(0);
    for (const { path } of proposed) expect(operation.routes.map((route) => route.path)).toContain(path);
  });
});
