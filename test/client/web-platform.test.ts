import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as client from '../../client/index.ts';
import { http as createNodeTransport } from '../../client/index.ts';
import { sealer as createNodeSealer } from '../../client/sealer/index.ts';
import type * as sealing from '../../client/sealer/web.ts';
import { type ApiGateway, startApiGateway } from '../support/api-gateway.ts';
import { useEmulator } from '../support/emulator.ts';
import { loadHandler, setLocalEnvironment } from '../support/handlers.ts';
import { operations } from '../support/operations.ts';
import { verifySignature } from '../support/signature.ts';

const used = useEmulator();
let gateway: ApiGateway;

beforeAll(async () => {
  setLocalEnvironment(used.emulator.endpoint);
  gateway = await startApiGateway({ operations, loadHandler });
});
afterAll(() => gateway.close());

/** The globals that web pages share with Node.js, without `process`, `Buffer` and `require`. */
const { fetch, URL, Headers, AbortController, AbortSignal, crypto, Blob } = globalThis;
const { TextEncoder, TextDecoder, atob, btoa, setTimeout, clearTimeout } = globalThis;
const { performance, DOMException } = globalThis;
const web = { performance, DOMException, fetch, URL, Headers, AbortController, AbortSignal, crypto, Blob };
const more = { TextEncoder, TextDecoder, atob, btoa, setTimeout, clearTimeout };

/** Loads modules without Node.js globals. */
async function loadInPage<Exports>(contents: string): Promise<Exports> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: 'client', loader: 'ts' },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'loaded',
    write: false,
    logLevel: 'silent',
  });
  const page = createContext({ ...web, ...more });
  runInContext(outputFiles[0]!.text, page);
  return (page as { loaded: Exports }).loaded;
}

test('the client sends signed requests without Node.js globals', async () => {
  const { createClient, http } = await loadInPage<typeof client>("export * from './index.ts';");
  gateway.reject = (request) => (verifySignature(request, 'secret') === undefined ? 403 : undefined);
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
  const transport = http({ endpoint: gateway.endpoint, region: 'us-east-1', credentials });
  const kms = createClient({ transport });

  const { KeyMetadata } = await kms.createKey({ Description: 'from a page' });
  const KeyId = KeyMetadata.KeyId;
  const bytes = crypto.getRandomValues(new Uint8Array(4096));
  const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: bytes });
  const { Plaintext } = await kms.decrypt({ CiphertextBlob });
  expect([...Plaintext!]).toEqual([...bytes]);
  const { DeletionDate } = await kms.scheduleKeyDeletion({ KeyId });
  expect(DeletionDate?.getTime()).toBeGreaterThan(Date.now());
});

test('the sealer seals and opens messages without Node.js globals, as in Node.js', async () => {
  const { http, sealer } = await loadInPage<typeof client & typeof sealing>(
    "export * from './index.ts'; export * from './sealer/web.ts';",
  );
  gateway.reject = () => undefined;
  const options = { keyId: 'alias/example', encryptionContext: { document: '42' }, suite: 0x0578 };
  const page = sealer({ transport: http({ endpoint: gateway.endpoint }), ...options });
  const node = createNodeSealer({ transport: createNodeTransport({ endpoint: gateway.endpoint }), ...options });
  const bytes = crypto.getRandomValues(new Uint8Array(10_000));
  const { message, ...sealed } = await page.seal(bytes);
  const inNode = await node.seal(bytes);
  expect(sealed).toEqual({ ...inNode, message: undefined });
  for (const each of [message, inNode.message])
    for (const opener of [page, node])
      expect(Buffer.from((await opener.open(each)).plaintext)).toEqual(Buffer.from(bytes));
  message[message.length - 200] = (message.at(-200) as number) ^ 1;
  await expect(page.open(message)).rejects.toMatchObject({ code: 'FrameAuthenticationFailed' });
});
