import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import { OptionError } from '../option-error.ts';
import type { OwnCertificate } from './tls-options.ts';

/** Reads the user's own certificate and key. Throws OptionError if they cannot be used. */
export function readOwnCertificate({ certFile, keyFile }: OwnCertificate): SecureContextOptions {
  const cert = readText(certFile, 'certificate');
  const key = readText(keyFile, 'private key');
  const certificate = parseCertificate(cert, certFile);
  if (!certificate.checkPrivateKey(parseKey(key, keyFile))) {
    throw new OptionError(
      `the private key in ${keyFile} does not match the first certificate in ${certFile}: put the server's own certificate first`,
    );
  }
  warnIfInvalidNow(certificate, certFile);
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    throw new OptionError(`cannot use the TLS certificate ${certFile}: ${(error as Error).message}`, { cause: error });
  }
  return { cert, key };
}

function readText(file: string, content: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new OptionError(`cannot read the TLS ${content}: ${(error as Error).message}`, { cause: error });
  }
}

function parseCertificate(text: string, file: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw new OptionError(`${file} contains no certificate in PEM`);
  }
}

function parseKey(text: string, file: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch {
    throw new OptionError(
      text.includes('ENCRYPTED')
        ? `the private key in ${file} is encrypted: decrypt it first, for example with \`openssl pkey\``
        : `${file} contains no private key in PEM`,
    );
  }
}

function warnIfInvalidNow({ validFrom, validTo }: X509Certificate, file: string): void {
  const warn = (text: string) =>
    process.emitWarning(`The TLS certificate ${file} ${text}.`, { code: 'KMS_EMULATOR_TLS_VALIDITY' });
  if (Date.parse(validTo) < Date.now()) warn(`expired on ${new Date(validTo).toISOString()}`);
  if (Date.parse(validFrom) > Date.now()) warn(`is not valid before ${new Date(validFrom).toISOString()}`);
}
