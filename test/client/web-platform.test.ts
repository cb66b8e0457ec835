import { createContext, runInContext } from 'node:vm';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as client from '../../client/index.ts';
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
const { performance } = globalThis;
const web = { performance, fetch, URL, Headers, AbortController, AbortSignal, crypto, Blob };
const more = { TextEncoder, TextDecoder, atob, btoa, setTimeout, clearTimeout };

test('the client sends signed requests without Node.js globals', async () => {
  const { outputFiles } = await build({
    entryPoints: ['client/index.ts'],
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'client',
    write: false,
    logLevel: 'silent',
  });
  const page = createContext({ ...web, ...more });
  runInContext(outputFiles[0]!.text, page);
  const { createClient, http } = (page as { client: typeof client }).client;
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
