import { join } from 'node:path';
import { build } from 'esbuild';

const sdkCall = `
  import { EncryptCommand, KMSClient } from '@aws-sdk/client-kms';
  const client = new KMSClient({});
  export const handler = (event) =>
    client.send(new EncryptCommand({ ...event, Plaintext: Buffer.from(event.Plaintext, 'base64') }));
`;

/** The paths of the bundles with which the benchmark compares functions. */
export interface SdkBaselines {
  readonly empty: string;
  readonly sdk: string;
  readonly sdkModules: string;
}

/** Bundles an empty function, a plain SDK call, and the same call with `mainFields: ['module', 'main']`. */
export async function buildSdkBaselines(folder: string): Promise<SdkBaselines> {
  const bundle = async (file: string, contents: string, mainFields?: string[]) => {
    const outfile = join(folder, file);
    await build({
      stdin: { contents, resolveDir: import.meta.dirname },
      bundle: true,
      minify: true,
      platform: 'node',
      logLevel: 'silent',
      outfile,
      ...(mainFields && { mainFields }),
    });
    return outfile;
  };
  return {
    empty: await bundle('empty.cjs', 'export const handler = async () => ({});'),
    sdk: await bundle('sdk.cjs', sdkCall),
    sdkModules: await bundle('sdk-modules.cjs', sdkCall, ['module', 'main']),
  };
}
