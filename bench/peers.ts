import { join } from 'node:path';
import { build } from 'esbuild';

const bareCall = `
  import { EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
  const client = new KMSClient({});
  export const handler = (event) =>
    client.send(new EncryptCommand({ ...event, Plaintext: Buffer.from(event.Plaintext, 'base64') }));
`;

/** What people would deploy instead: a bare call by the SDK, bundled as esbuild does by itself, and an empty function. */
export async function buildPeers(folder: string): Promise<{ empty: string; bare: string; bareModules: string }> {
  const files = { empty: 'empty.cjs', bare: 'bare.cjs', bareModules: 'bare-modules.cjs' };
  const from = (contents: string) => ({ stdin: { contents, resolveDir: import.meta.dirname } });
  const common = { bundle: true, minify: true, platform: 'node', logLevel: 'silent' } as const;
  await build({ ...common, ...from('export const handler = async () => ({});'), outfile: join(folder, files.empty) });
  await build({ ...common, ...from(bareCall), outfile: join(folder, files.bare) });
  await build({
    ...{ ...common, ...from(bareCall), outfile: join(folder, files.bareModules) },
    mainFields: ['module', 'main'],
  });
  return {
    empty: join(folder, files.empty),
    bare: join(folder, files.bare),
    bareModules: join(folder, files.bareModules),
  };
}
