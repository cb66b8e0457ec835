/**
 * Runs a minimal server that supports only Encrypt. Parses the request, encrypts with one AES-256-GCM call, and returns the
 * same JSON as the emulator.
 */
import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const key = createSecretKey(randomBytes(32));

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { Plaintext } = JSON.parse(Buffer.concat(chunks).toString()) as { Plaintext: string };
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    const ciphertext = Buffer.concat([
      iv,
      cipher.update(Buffer.from(Plaintext, 'base64')),
      cipher.final(),
      cipher.getAuthTag(),
    ]);
    const body = JSON.stringify({
      CiphertextBlob: ciphertext.toString('base64'),
      KeyId: 'arn:aws:kms:us-east-1:000000000000:key/5a4d1e00-0000-4000-8000-000000000001',
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    });
    response.writeHead(200, {
      'content-type': 'application/x-amz-json-1.1',
      'content-length': Buffer.byteLength(body),
    });
    response.end(body);
  });
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
