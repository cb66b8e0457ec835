import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { parseKey } from '../../../emulator/crypto/formats/parsed-key.ts';
import { getMaterial } from './test-materials.ts';

describe('parseKey', () => {
  test('parseKey parses identical key material only once', async () => {
    const material = await getMaterial('ECC_NIST_P256');
    expect(parseKey(Buffer.from(material))).toBe(parseKey(material));
    expect(parseKey(await getMaterial('ECC_NIST_P384'))).not.toBe(parseKey(material));
  });

  test('parseKey loads a package only when a primitive requires the package', () => {
    const script = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
      for (const name of ['primitives/signing', 'primitives/asymmetric-encryption', 'primitives/mac', 'primitives/kem', 'primitives/key-agreement', 'key-wrapping', 'data-key-pair-generation', 'key-material-validation', 'ciphertext-for-recipient'])
        await import(new URL(name + '.ts', process.argv[1]).href);
      console.log(JSON.stringify(loaded));`;
    const folder = new URL('../../../emulator/crypto/', import.meta.url).href;
    const loaded: string[] = JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '-e', script, folder], { encoding: 'utf8' }),
    );
    expect(loaded.some((url) => url.endsWith('/sm2.ts'))).toBe(true);
    expect(loaded.filter((url) => url.includes('node_modules'))).toEqual([]);
  });
});
