// Runs on any runtime in an installation of the packed package. Uses every key spec with the emulator if EMULATOR is set,
// calls the HTTP API at API_URL with the client and its functions for tokens, MACs and imports, and calls the functions in
// this process. Prints one line of JSON.
import * as kms from '@aws-sdk/client-kms';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { createClient, http, importMaterial, isValidMac, jwks, signJwt } from 'kms-functions/client';

const message = new TextEncoder().encode('message');

/** Creates a key with each key usage of each key spec and calls the operations of this usage. */
async function useKeySpecs() {
  const { startEmulator } = await import('kms-functions/emulator');
  const emulator = await startEmulator({ seed: 'default' });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const createKmsClient = (region) =>
    new kms.KMSClient({ endpoint: emulator.endpoint, region, credentials, maxAttempts: 1 });
  const client = createKmsClient('us-east-1');
  // AWS has SM2 keys in its Regions in China only.
  const chinaClient = createKmsClient('cn-north-1');
  const results = {};
  for (const KeySpec of Object.values(kms.KeySpec)) {
    results[KeySpec] = await attempt(() => useKeySpec(KeySpec === 'SM2' ? chinaClient : client, KeySpec));
  }
  results.seed = await attempt(() => client.send(new kms.DescribeKeyCommand({ KeyId: 'alias/example' })));
  client.destroy();
  chinaClient.destroy();
  await emulator.close();
  return results;
}

async function useKeySpec(client, KeySpec) {
  const first = await create(client, { KeySpec, KeyUsage: defaultUsage(KeySpec) });
  for (const KeyUsage of otherUsages(KeySpec)) await create(client, { KeySpec, KeyUsage });
  return first;
}

function defaultUsage(KeySpec) {
  if (KeySpec === 'SYMMETRIC_DEFAULT') return 'ENCRYPT_DECRYPT';
  if (KeySpec.startsWith('HMAC')) return 'GENERATE_VERIFY_MAC';
  return KeySpec.startsWith('ML_KEM') ? 'ENCAPSULATE_DECAPSULATE' : 'SIGN_VERIFY';
}

function otherUsages(KeySpec) {
  if (KeySpec.startsWith('RSA')) return ['ENCRYPT_DECRYPT'];
  if (KeySpec === 'SM2') return ['ENCRYPT_DECRYPT', 'KEY_AGREEMENT'];
  return KeySpec.startsWith('ECC_NIST_P') ? ['KEY_AGREEMENT'] : [];
}

async function create(client, input) {
  const { KeyMetadata } = await client.send(new kms.CreateKeyCommand(input));
  const KeyId = KeyMetadata.KeyId;
  const call = (Command, more) => client.send(new Command({ KeyId, ...more }));
  const { EncryptionAlgorithms = [], SigningAlgorithms = [], MacAlgorithms = [] } = KeyMetadata;
  for (const EncryptionAlgorithm of EncryptionAlgorithms) {
    const { CiphertextBlob } = await call(kms.EncryptCommand, { Plaintext: message, EncryptionAlgorithm });
    const { Plaintext } = await call(kms.DecryptCommand, { CiphertextBlob, EncryptionAlgorithm });
    requireEqual(Plaintext, message);
  }
  for (const SigningAlgorithm of SigningAlgorithms) {
    const isDigest = SigningAlgorithm.startsWith('ED25519_PH');
    const input = isDigest
      ? { Message: new Uint8Array(64), MessageType: 'DIGEST', SigningAlgorithm }
      : { Message: message, SigningAlgorithm };
    const { Signature } = await call(kms.SignCommand, input);
    const { SignatureValid } = await call(kms.VerifyCommand, { ...input, Signature });
    if (!SignatureValid) throw new Error('the signature is not valid');
  }
  for (const MacAlgorithm of MacAlgorithms) {
    const { Mac } = await call(kms.GenerateMacCommand, { Message: message, MacAlgorithm });
    await call(kms.VerifyMacCommand, { Message: message, MacAlgorithm, Mac });
  }
  if (KeyMetadata.KeyUsage === 'KEY_AGREEMENT') {
    const { PublicKey } = await call(kms.GetPublicKeyCommand);
    await call(kms.DeriveSharedSecretCommand, { KeyAgreementAlgorithm: 'ECDH', PublicKey });
  }
  for (const EncapsulationAlgorithm of KeyMetadata.EncapsulationAlgorithms ?? []) {
    const sent = await call(kms.EncapsulateCommand, { EncapsulationAlgorithm });
    const { SharedSecretCiphertextBlob } = sent;
    const received = await call(kms.DecapsulateCommand, { SharedSecretCiphertextBlob, EncapsulationAlgorithm });
    requireEqual(received.SharedSecret, sent.SharedSecret);
  }
}

/** Creates a key, encrypts and decrypts with the client. */
async function useClient() {
  const client = createClient({ transport: http({ endpoint: process.env.API_URL }) });
  const { KeyMetadata } = await client.createKey({});
  const { CiphertextBlob } = await client.encrypt({ KeyId: KeyMetadata.KeyId, Plaintext: message });
  const { Plaintext } = await client.decrypt({ CiphertextBlob });
  requireEqual(Plaintext, message);
  let isListed = false;
  for await (const { KeyId } of client.paginate.listKeys({ Limit: 3 }).items())
    isListed ||= KeyId === KeyMetadata.KeyId;
  if (!isListed) throw new Error('the key is not listed');
  const error = await client.describeKey({ KeyId: 'alias/missing' }).catch((thrown) => thrown);
  if (error.code !== 'NotFoundException') throw error;
}

/** Signs a token with each kind of key that jose supports, and imports key material with both wrapping algorithms. */
async function useHelpers() {
  const client = createClient({ transport: http({ endpoint: process.env.API_URL }) });
  for (const KeySpec of ['RSA_2048', 'ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521', 'ECC_NIST_EDWARDS25519']) {
    const { KeyMetadata } = await client.createKey({ KeySpec, KeyUsage: 'SIGN_VERIFY' });
    const token = await signJwt(client, { keyId: KeyMetadata.KeyId, claims: { sub: KeySpec }, lifetimeSeconds: 60 });
    const set = createLocalJWKSet(await jwks(client, [KeyMetadata.KeyId]));
    requireEqual((await jwtVerify(token, set)).payload.sub, KeySpec);
  }
  const material = crypto.getRandomValues(new Uint8Array(32));
  for (const wrappingAlgorithm of ['RSAES_OAEP_SHA_256', 'RSA_AES_KEY_WRAP_SHA_256']) {
    const isPrivate = wrappingAlgorithm === 'RSA_AES_KEY_WRAP_SHA_256';
    const spec = isPrivate
      ? { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' }
      : { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' };
    const { KeyMetadata } = await client.createKey({ ...spec, Origin: 'EXTERNAL' });
    const KeyId = KeyMetadata.KeyId;
    await importMaterial(client, {
      keyId: KeyId,
      material: isPrivate ? await createPrivateKey() : material,
      wrappingAlgorithm,
      wrappingKeySpec: 'RSA_2048',
    });
    if (isPrivate) continue;
    const mac = { KeyId, Message: message, MacAlgorithm: 'HMAC_SHA_256' };
    const { Mac } = await client.generateMac(mac);
    requireEqual(await isValidMac(client, { ...mac, Mac }), true);
    requireEqual(await isValidMac(client, { ...mac, Mac: Mac.slice(1) }), false);
  }
}

async function createPrivateKey() {
  const curve = { name: 'ECDSA', namedCurve: 'P-256' };
  const { privateKey } = await crypto.subtle.generateKey(curve, true, ['sign', 'verify']);
  return new Uint8Array(await crypto.subtle.exportKey('pkcs8', privateKey));
}

/** Runs the functions in this process, and receives a result and an error. */
async function useFunctions() {
  const { emulator } = await import('kms-functions/testing');
  const transport = emulator({ seed: 'default' });
  const client = createClient({ transport });
  const { CiphertextBlob } = await client.encrypt({ KeyId: 'alias/example', Plaintext: message });
  requireEqual((await client.decrypt({ CiphertextBlob })).Plaintext, message);
  const error = await client
    .encrypt({ KeyId: 'alias/example', Plaintext: new Uint8Array(0) })
    .catch((thrown) => thrown);
  requireEqual(error.errors?.[0]?.pointer, '/Plaintext');
  await transport.close();
}

function requireEqual(actual, expected) {
  if (actual === undefined) throw new Error('the value is missing');
  if (String(actual) !== String(expected)) throw new Error(`expected ${expected}, got ${actual}`);
}

async function attempt(action) {
  try {
    await action();
    return 'ok';
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
}

const client = await attempt(useClient);
const helpers = await attempt(useHelpers);
const functions = await attempt(useFunctions);
let emulator = {};
const start = await attempt(async () => {
  if (process.env.EMULATOR !== undefined) emulator = await useKeySpecs();
});
console.log(JSON.stringify({ client, helpers, functions, start, emulator }));
