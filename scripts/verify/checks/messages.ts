import { randomBytes } from 'node:crypto';
import { createSigner } from '../../../client/http/create-signer.ts';
import { seal } from '../../../functions/operations.ts';
import { type Check, expectRefusal, expectThat } from '../check.ts';
import { getKey, type Run } from '../run.ts';
import { findDirectReason } from './crypto.ts';

const EncryptionContext = { purpose: 'verification' };
const functions = ['seal', 'open'];
const bytesType = 'application/octet-stream';

/** A plaintext whose request exceeds the 6 MB of a Lambda event, and one that exceeds the 10 MB of an HTTP API. */
const aboveLambda = 5_000_000;
const aboveGateway = 8_000_000;

export const messageChecks: readonly Check[] = [
  {
    name: 'seal',
    title: 'Messages: Seal and Open over HTTP return the same bytes, even the largest plaintext',
    functions,
    after: ['usable'],
    run: async (run) => {
      const KeyId = getKey(run, 'create').id;
      const Plaintext = randomBytes(seal.octetStream?.maxBytes ?? 0);
      const { Message } = await run.http.seal({ KeyId, Plaintext, EncryptionContext });
      const opened = await run.http.open({ KeyId, Message, EncryptionContext });
      expectThat(Buffer.from(opened.Plaintext).equals(Plaintext), 'Open returned other bytes.');
      return `${Plaintext.length} bytes, ${Message.length} bytes sealed`;
    },
  },
  {
    name: 'bytes',
    title: 'Messages: API Gateway passes bodies of bytes unchanged, in requests and in responses',
    functions,
    after: ['usable'],
    run: async (run) => {
      const key = getKey(run, 'create').id;
      // Contains every byte value, so that text in any encoding would change.
      const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
      const message = await sendBytes(run, `/keys/${key}/seal`, bytes);
      const opened = await sendBytes(run, `/keys/${key}/open`, message);
      expectThat(opened.equals(bytes), 'Open returned other bytes.');
      return `${bytes.length} bytes`;
    },
  },
  {
    name: 'message limits',
    title: 'Messages: the service, Lambda and API Gateway reject requests above their limits',
    functions,
    after: ['usable'],
    run: async (run) => {
      const KeyId = getKey(run, 'create').id;
      const call = (bytes: number) => run.http.seal({ KeyId, Plaintext: new Uint8Array(bytes) });
      const service = await expectRefusal(call((seal.octetStream?.maxBytes ?? 0) + 1), ['PayloadTooLargeError']);
      const lambda = await expectRefusal(call(aboveLambda), gatewayErrors);
      const gateway = await expectRefusal(call(aboveGateway), gatewayErrors);
      return `${service}; above 6 MB: ${lambda}; above 10 MB: ${gateway}`;
    },
  },
  {
    name: 'direct message',
    title: 'Messages: direct invocation seals and opens, and Lambda rejects an event above 6 MB',
    functions,
    after: ['usable'],
    skip: findDirectReason,
    run: async ({ direct, ...run }) => {
      const KeyId = getKey({ direct, ...run }, 'create').id;
      const Plaintext = randomBytes(100);
      const { Message } = await direct.seal({ KeyId, Plaintext });
      const opened = await direct.open({ Message });
      expectThat(Buffer.from(opened.Plaintext).equals(Plaintext), 'Open returned other bytes.');
      return expectRefusal(direct.seal({ KeyId, Plaintext: new Uint8Array(aboveLambda) }), gatewayErrors);
    },
  },
];

/** The errors of API Gateway and Lambda themselves. If they end the connection, the client reports a NetworkError. */
const gatewayErrors = ['GatewayError', 'NetworkError'];

/** Sends bytes as another client would, because the client of this project sends JSON. */
async function sendBytes({ stage, counts }: Run, path: string, bytes: Buffer): Promise<Buffer> {
  counts.http += 1;
  const { protocol, hostname, host, port, pathname, origin } = new URL(`${stage.apiUrl}${path}`);
  const parameters = Buffer.from(JSON.stringify({ EncryptionContext })).toString('base64url');
  const unsigned = { 'content-type': bytesType, 'kms-parameters': parameters };
  const request = { method: 'POST', protocol, hostname, path: pathname, query: {}, body: bytes as never };
  const signer = await createSigner(stage.region, stage.credentials);
  const signed = await signer.sign({
    ...request,
    ...(port === '' ? {} : { port: Number(port) }),
    headers: { ...unsigned, host },
  });
  const { host: _, ...signature } = signed.headers;
  const headers = stage.token === undefined ? signature : { ...unsigned, authorization: `Bearer ${stage.token}` };
  const response = await fetch(`${origin}${pathname}`, {
    method: 'POST',
    headers,
    body: new Uint8Array(bytes),
    redirect: 'manual',
    signal: AbortSignal.timeout(30_000),
  });
  const body = Buffer.from(await response.arrayBuffer());
  const type = response.headers.get('content-type');
  expectThat(response.status === 200, `The status is ${response.status}: ${response.ok ? '' : body.toString()}`);
  expectThat(type === bytesType, `The content type of the response is ${type}, not ${bytesType}.`);
  return body;
}
