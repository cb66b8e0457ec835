import { expect, test } from 'vitest';
import { rawCall } from '../../support/call.ts';
import { catchError, requireOwnEmulator, useEmulator } from '../../support/emulator.ts';
import { keyCalls, keyOfKind, requestOn, send } from '../../support/key-calls.ts';

const used = useEmulator({});

const operations = Object.keys(keyCalls) as (keyof typeof keyCalls)[];
const named = operations.filter((operation) => keyCalls[operation].member !== 'none');

// Extrapolated: AWS does not find the key, but the code and message are not recorded.
test.for(named.flatMap((operation) => ['aws-cn', 'aws-us-gov'].map((partition) => [operation, partition] as const)))(
  '%s does not find a key by an ARN in partition %s',
  async ([operation, partition]) => {
    const { kind, member = 'KeyId' } = keyCalls[operation];
    const key = await keyOfKind(used.client, kind);
    const request = await requestOn(operation, key);
    const foreign = { ...request, [member]: key.Arn.replace('arn:aws:', `arn:${partition}:`) };
    expect(await catchError(send(used.client, operation, foreign))).toEqual({
      name: 'NotFoundException',
      message: `Invalid arn ${partition}`,
    });
  },
);

// Other services in AWS's framework name nested members with a dot.
test.for([
  ['GenerateRandom', { Recipient: { KeyEncryptionAlgorithm: 'x' } }, 'recipient.keyEncryptionAlgorithm'],
  ['Decrypt', { Recipient: { KeyEncryptionAlgorithm: 'x' } }, 'recipient.keyEncryptionAlgorithm'],
  ['GenerateDataKey', { KeyId: 'k', Recipient: { AttestationDocument: '' } }, 'recipient.attestationDocument'],
  [
    'CreateGrant',
    { KeyId: 'k', Operations: ['Encrypt'], Constraints: { SourceArn: 'x'.repeat(5000) } },
    'constraints.sourceArn',
  ],
  [
    'CreateCustomKeyStore',
    { CustomKeyStoreName: 'a', XksProxyAuthenticationCredential: { AccessKeyId: 'x' } },
    'xksProxyAuthenticationCredential.accessKeyId',
  ],
  ['TagResource', { KeyId: 'k', Tags: [{ TagKey: '', TagValue: '' }] }, 'tags.1.member.tagKey'],
] as const)('%s names a nested member with a dot (%o)', async ([operation, input, path]) => {
  requireOwnEmulator('the request is not signed');
  const { json } = await rawCall(used.emulator.endpoint, operation, input);
  expect(json.__type).toBe('ValidationException');
  expect(json.message).toContain(`at '${path}' failed to satisfy constraint`);
});

// The message is the same as in other services that use JSON 1.1.
test.for(['s3', 'dynamodb'])('rejects credentials for the service %s', async (service) => {
  requireOwnEmulator('the request is not signed');
  const authorization = `AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/${service}/aws4_request, SignedHeaders=host, Signature=00`;
  const { status, json } = await rawCall(used.emulator.endpoint, 'ListKeys', {}, { headers: { authorization } });
  expect([status, json]).toEqual([
    400,
    { __type: 'InvalidSignatureException', message: "Credential should be scoped to correct service: 'kms'. " },
  ]);
});

test('rejects an Authorization header with two credentials', async () => {
  requireOwnEmulator('the request is not signed');
  const credential = (id: string) => `Credential=${id}/20260101/us-east-1/kms/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 ${credential('a')}, ${credential('b')}, SignedHeaders=host, Signature=00`;
  const { json } = await rawCall(used.emulator.endpoint, 'ListKeys', {}, { headers: { authorization } });
  expect(json.__type).toBe('IncompleteSignatureException');
});
