import { type Check, expectRefusal, expectThat } from '../check.ts';
import { getKey, type Run } from '../run.ts';
import { createKey } from './keys.ts';

const plaintext = new TextEncoder().encode('verified by kms-functions');
const EncryptionContext = { purpose: 'verification' };

export const cryptoChecks: readonly Check[] = [
  {
    name: 'encrypt',
    title: 'Cryptography: Encrypt over HTTP returns a ciphertext',
    functions: ['encrypt'],
    after: ['usable'],
    run: async (run) => {
      const { id } = getKey(run, 'create');
      const { CiphertextBlob } = await run.http.encrypt({ KeyId: id, Plaintext: plaintext, EncryptionContext });
      expectThat(CiphertextBlob !== undefined, 'Encrypt returned no ciphertext.');
      expectThat(
        !Buffer.from(CiphertextBlob).includes(Buffer.from(plaintext)),
        'The ciphertext contains the plaintext.',
      );
      run.results.set('encrypt', CiphertextBlob);
      return `${CiphertextBlob.length} bytes`;
    },
  },
  {
    name: 'decrypt',
    title: 'Cryptography: Decrypt over HTTP returns the plaintext, on both routes',
    functions: ['decrypt'],
    after: ['encrypt'],
    run: async (run) => {
      const { id } = getKey(run, 'create');
      for (const key of [{ KeyId: id }, {}]) {
        const { Plaintext } = await run.http.decrypt({ ...key, ...readCiphertext(run), EncryptionContext });
        expectPlaintext(Plaintext);
      }
      return 'the same plaintext twice';
    },
  },
  {
    name: 'wrong context',
    title: 'Cryptography: Decrypt with another encryption context fails',
    functions: ['decrypt'],
    after: ['encrypt'],
    run: (run) => {
      // Without the key, callers with a key list or a tenant get no specific error.
      const KeyId = getKey(run, 'create').id;
      const input = { KeyId, ...readCiphertext(run), EncryptionContext: { purpose: 'something else' } };
      return expectRefusal(run.http.decrypt(input), ['InvalidCiphertextException']);
    },
  },
  {
    name: 'direct',
    title: 'Cryptography: direct invocation encrypts and decrypts',
    functions: ['encrypt', 'decrypt'],
    after: ['usable'],
    skip: findDirectReason,
    run: async (run) => {
      const { id } = getKey(run, 'create');
      const { CiphertextBlob } = await run.direct.encrypt({ KeyId: id, Plaintext: plaintext, EncryptionContext });
      expectThat(CiphertextBlob !== undefined, 'Encrypt returned no ciphertext.');
      const { Plaintext } = await run.direct.decrypt({ KeyId: id, CiphertextBlob, EncryptionContext });
      expectPlaintext(Plaintext);
      return 'the same plaintext';
    },
  },
  {
    name: 'key encapsulation',
    title: 'Cryptography: Encapsulate and Decapsulate return the same secret',
    functions: ['createKey', 'encapsulate', 'decapsulate'],
    after: ['usable'],
    run: async (run) => {
      const key = await createKey(run, 'key encapsulation', {
        KeySpec: 'ML_KEM_768',
        KeyUsage: 'ENCAPSULATE_DECAPSULATE',
      });
      const algorithm = { KeyId: key.id, EncapsulationAlgorithm: 'ML_KEM' } as const;
      const { SharedSecret: sent, SharedSecretCiphertextBlob } = await run.http.encapsulate(algorithm);
      expectThat(sent !== undefined && SharedSecretCiphertextBlob !== undefined, 'Encapsulate returned no secret.');
      const { SharedSecret: received } = await run.http.decapsulate({
        ...algorithm,
        SharedSecretCiphertextBlob,
      });
      expectThat(Buffer.from(received ?? []).equals(sent), 'Decapsulate returned another secret.');
      return 'the same secret';
    },
  },
];

/** Returns the reason why direct invokers may not use this run's keys, or `undefined` if they may. */
export function findDirectReason({ stage }: Run): string | undefined {
  if (stage.config.directKeys !== undefined) return 'the parameter directKeys excludes new keys';
  return stage.config.tenancy?.direct === 'refuse' ? 'direct invokers have no tenant' : undefined;
}

function readCiphertext({ results }: Run): { CiphertextBlob: Uint8Array } {
  return { CiphertextBlob: results.get('encrypt') as Uint8Array };
}

function expectPlaintext(found: Uint8Array | undefined): void {
  expectThat(Buffer.from(found ?? []).equals(plaintext), 'Decrypt returned another plaintext.');
}
