import { createHash, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { derTag, encodeDer, encodeUnsigned } from './der.ts';

/** The period in which a certificate is valid. */
export interface Validity {
  readonly from: Date;
  readonly to: Date;
}

interface Issuer {
  readonly name: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** The content of an X.509 certificate for an elliptic curve key on P-256. */
interface Content {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly issuer: Issuer;
  readonly validity: Validity;
  readonly extensions: readonly Uint8Array[];
}

const oids = {
  commonName: '550403',
  ecdsaWithSha256: '2a8648ce3d040302',
  serverAuth: '2b06010505070301',
  subjectKeyIdentifier: '551d0e',
  keyUsage: '551d0f',
  subjectAltName: '551d11',
  basicConstraints: '551d13',
  authorityKeyIdentifier: '551d23',
  extendedKeyUsage: '551d25',
} as const;

const tags = { boolean: 0x01, utf8String: 0x0c, utcTime: 0x17, version: 0xa0, extensions: 0xa3, keyIdentifier: 0x80 };
/** The tags of a GeneralName (RFC 5280 §4.2.1.6). */
const generalName = { dns: 0x82, ip: 0x87 };

const sequence = (...contents: readonly Uint8Array[]) => encodeDer(derTag.sequence, ...contents);
const oid = (hex: string) => encodeDer(derTag.oid, Buffer.from(hex, 'hex'));
const octets = (content: Uint8Array) => encodeDer(derTag.octetString, content);
const yes = encodeDer(tags.boolean, Buffer.of(0xff));
const algorithm = sequence(oid(oids.ecdsaWithSha256));

/**
 * Creates a certificate for a certification authority that signs only certificates of servers.
 *
 * The extensions follow RFC 5280. Python 3.13 and later verify them strictly
 * (https://docs.python.org/3/library/ssl.html#ssl.create_default_context).
 */
export function createCaCertificate(issuer: Issuer, validity: Validity): X509Certificate {
  return createCertificate({
    subject: issuer.name,
    publicKey: issuer.publicKey,
    issuer,
    validity,
    extensions: [
      extension(oids.basicConstraints, sequence(yes, encodeUnsigned(Buffer.of(0))), true),
      extension(oids.keyUsage, encodeDer(derTag.bitString, Buffer.of(2, 0x04)), true),
      extension(oids.subjectKeyIdentifier, octets(keyIdentifier(issuer.publicKey))),
    ],
  });
}

/** Creates a certificate for a TLS server with these DNS names and IP addresses. */
export function createServerCertificate(
  { subject, publicKey, names }: { subject: string; publicKey: KeyObject; names: readonly string[] },
  issuer: Issuer,
  validity: Validity,
): X509Certificate {
  return createCertificate({
    subject,
    publicKey,
    issuer,
    validity,
    extensions: [
      extension(oids.basicConstraints, sequence(), true),
      extension(oids.keyUsage, encodeDer(derTag.bitString, Buffer.of(7, 0x80)), true),
      extension(oids.extendedKeyUsage, sequence(oid(oids.serverAuth))),
      extension(oids.subjectAltName, sequence(...names.map(encodeGeneralName))),
      extension(oids.subjectKeyIdentifier, octets(keyIdentifier(publicKey))),
      extension(oids.authorityKeyIdentifier, sequence(encodeDer(tags.keyIdentifier, keyIdentifier(issuer.publicKey)))),
    ],
  });
}

/** Encodes and signs a certificate (RFC 5280 §4.1). */
function createCertificate({ subject, publicKey, issuer, validity, extensions }: Content): X509Certificate {
  const content = sequence(
    encodeDer(tags.version, encodeUnsigned(Buffer.of(2))),
    encodeUnsigned(randomBytes(16)),
    algorithm,
    encodeName(issuer.name),
    sequence(encodeTime(validity.from), encodeTime(validity.to)),
    encodeName(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    encodeDer(tags.extensions, sequence(...extensions)),
  );
  const signature = sign('sha256', content, issuer.privateKey);
  return new X509Certificate(sequence(content, algorithm, encodeDer(derTag.bitString, Buffer.of(0), signature)));
}

function extension(id: string, value: Uint8Array, isCritical = false): Buffer {
  return sequence(oid(id), ...(isCritical ? [yes] : []), octets(value));
}

function encodeName(commonName: string): Buffer {
  const attribute = sequence(oid(oids.commonName), encodeDer(tags.utf8String, Buffer.from(commonName)));
  return sequence(encodeDer(derTag.set, attribute));
}

/** Encodes a time before 2050 as UTCTime, as RFC 5280 §4.1.2.5 requires. */
function encodeTime(time: Date): Buffer {
  const digits = time.toISOString().replaceAll(/\D/g, '').slice(2, 14);
  return encodeDer(tags.utcTime, Buffer.from(`${digits}Z`));
}

/** Returns the SHA-1 hash of the public key's bits (RFC 5280 §4.2.1.2). */
function keyIdentifier(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.of(0x04), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return createHash('sha1').update(point).digest();
}

function encodeGeneralName(name: string): Buffer {
  return isIP(name) === 0 ? encodeDer(generalName.dns, Buffer.from(name)) : encodeDer(generalName.ip, ipBytes(name));
}

function ipBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  // The URL parser writes every IPv6 address as hexadecimal groups with at most one `::`.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const first = head.split(':').filter(Boolean);
  const last = (tail ?? '').split(':').filter(Boolean);
  const zeros = Array<string>(8 - first.length - last.length).fill('0');
  return Buffer.from([...first, ...zeros, ...last].map((group) => group.padStart(4, '0')).join(''), 'hex');
}
