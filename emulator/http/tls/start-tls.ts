import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Server } from 'node:http';
import { isIP } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { SecureContextOptions } from 'node:tls';
import { createCredentials } from './create-credentials.ts';
import { loadCredentials } from './credentials-store.ts';
import { readOwnCertificate } from './own-certificate.ts';
import { sharePort } from './share-port.ts';
import { localNames, parseTlsName, type TlsOptions } from './tls-options.ts';

/** TLS on the port of an HTTP server. */
export interface Tls {
  /** The absolute path of the file with the emulator's certification authority. Undefined for the user's own certificate. */
  readonly caFile: string | undefined;
  /** Closes all connections and deletes temporary files. */
  close(): void;
}

/** Lets an HTTP server also accept TLS. Throws OptionError if a name or a file cannot be used. */
export function startTls(server: Server, options: TlsOptions, host: string, directory: string | undefined): Tls {
  if ('certFile' in options) {
    return { caFile: undefined, close: sharePort(server, readOwnCertificate(options)) };
  }
  const names = [...new Set([...localNames, ...listenName(host), ...(options.names ?? []).map(parseTlsName)])];
  if (directory === undefined) return startInMemory(server, names);
  const { credentials, caFile } = loadCredentials(directory, names);
  return { caFile: resolve(caFile), close: sharePort(server, toContext(credentials)) };
}

/** Keeps the private key in memory, and writes only the authority's certificate, to a folder of the current user. */
function startInMemory(server: Server, names: readonly string[]): Tls {
  const credentials = createCredentials(names);
  const caFile = join(mkdtempSync(join(tmpdir(), 'kms-emulator-')), 'ca.pem');
  writeFileSync(caFile, credentials.ca.toString(), { mode: 0o600 });
  const closeConnections = sharePort(server, toContext(credentials));
  return {
    caFile,
    close: () => {
      closeConnections();
      rmSync(dirname(caFile), { recursive: true, force: true });
    },
  };
}

/** Returns the address to listen on, unless it represents all addresses. */
function listenName(host: string): string[] {
  return host === '0.0.0.0' || (isIP(host) === 6 && /^[0:]+$/.test(host)) ? [] : [parseTlsName(host)];
}

function toContext({ key, certificate }: ReturnType<typeof createCredentials>): SecureContextOptions {
  return { key, cert: certificate.toString() };
}
