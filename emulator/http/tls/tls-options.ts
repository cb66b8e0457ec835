import { isIP } from 'node:net';
import { OptionError } from '../option-error.ts';

/** TLS with a certificate that the emulator creates for localhost, 127.0.0.1, ::1 and other names. */
export interface CreatedCertificate {
  /** More host names and IP addresses for the certificate, such as `host.docker.internal`. */
  readonly names?: readonly string[];
}

/** TLS with your own certificate. */
export interface OwnCertificate {
  /** A PEM file with the server's certificate, followed by intermediate certificates. */
  readonly certFile: string;
  /** A PEM file with the certificate's private key. */
  readonly keyFile: string;
}

export type TlsOptions = CreatedCertificate | OwnCertificate;

export const localNames: readonly string[] = ['localhost', '127.0.0.1', '::1'];

const label = '[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?';
/** A host name. OpenSSL ignores a wildcard in front of a single label, such as `*.internal`. */
const hostName = new RegExp(`^(\\*\\.${label}\\.)?${label}(\\.${label})*$`);

/** Returns a name in the form in which certificates contain it. Throws OptionError if it is not a host name or address. */
export function parseTlsName(text: string): string {
  const name = text.toLowerCase();
  if (isIP(name) !== 0 && !name.includes('%')) return name;
  if (name.length <= 253 && hostName.test(name)) return name;
  throw new OptionError(
    `the TLS name "${text}" must be a host name, an IP address or a wildcard such as *.example.com, without a scheme or port`,
  );
}
