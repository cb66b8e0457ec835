import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { parsedKey } from '../../../emulator/crypto/formats/parsed-key.ts';
import { materialOf } from './test-materials.ts';

describe('parsed keys', () => {
  test('the same bytes are parsed once, whoever holds them', async () => {
    const material = await materialOf('ECC_NIST_P256');
    expect(parsedKey(Buffer.from(material))).toBe(parsedKey(material));
    expect(parsedKey(await materialOf('ECC_NIST_P384'))).not.toBe(parsedKey(material));
  });

  test('loading every module of the cryptography loads no package', () => {
    const script = `
      import { registerHooks } from 'node:module';
      const loaded = [];
      registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
      for (const name of ['primitives/signing', 'primitives/encryption', 'primitives/mac', 'primitives/kem', 'primitives/key-agreement', 'key-wrapping', 'data-key-pair', 'imported-material', 'recipient'])
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
