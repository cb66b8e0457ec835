import { generateKeyPairSync, randomBytes, type X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { createCaCertificate, createServerCertificate } from '../../crypto/formats/certificate.ts';

/** A server's private key and certificate, and the certificate of the authority that signed it. */
export interface Credentials {
  /** The private key in PEM. */
  readonly key: string;
  readonly certificate: X509Certificate;
  readonly ca: X509Certificate;
}

const dayMs = 24 * 60 * 60 * 1000;
/** Clocks of containers and virtual machines may be slow. */
const backdatedDays = 1;
/** Apple rejects server certificates that are valid for more than 825 days (https://support.apple.com/en-us/103769). */
const validDays = 800;
/** A certificate is replaced at a start within this period before it expires. */
const renewalDays = 90;

/**
 * Creates a certification authority that signs one certificate, and discards the authority's private key. Even if a
 * user trusts the authority system-wide, no one can issue another certificate with it.
 */
export function createCredentials(names: readonly string[], now = Date.now()): Credentials {
  const validity = {
    from: new Date(now - backdatedDays * dayMs),
    to: new Date(now + (validDays - backdatedDays) * dayMs),
  };
  const issuer = { name: `KMS emulator CA ${randomBytes(4).toString('hex')}`, ...createKeyPair() };
  const { privateKey, publicKey } = createKeyPair();
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }) as string,
    certificate: createServerCertificate({ subject: 'KMS emulator', publicKey, names }, issuer, validity),
    ca: createCaCertificate(issuer, validity),
  };
}

const createKeyPair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });

/** Returns whether a certificate contains all names, and remains valid long enough. */
export function isUsable(certificate: X509Certificate, names: readonly string[], now = Date.now()): boolean {
  const alternatives = (certificate.subjectAltName ?? '').split(', ');
  const hasName = (name: string) =>
    isIP(name) === 0 ? alternatives.includes(`DNS:${name}`) : certificate.checkIP(name) !== undefined;
  return expiresAt(certificate) - now > renewalDays * dayMs && names.every(hasName);
}

export function expiresAt(certificate: X509Certificate): number {
  return Date.parse(certificate.validTo);
}
