import { type Command, Option } from 'commander';
import type { Emulator, EmulatorOptions, TlsOptions } from '../index.ts';

/** The flags for TLS and for web pages. */
export interface NetworkFlags {
  readonly tls?: true;
  readonly tlsName?: readonly string[];
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly cors?: readonly string[];
}

/** Adds the flags for TLS and for web pages. */
export function addNetworkFlags(command: Command): Command {
  return command
    .option('--tls', 'also accept TLS on the same port, with a certificate that the emulator creates')
    .option('--tls-name <name>', 'add a host name or IP address to the certificate (repeatable)', collect)
    .addOption(
      new Option('--tls-cert <file>', 'accept TLS with your own certificate in PEM, and --tls-key').conflicts(
        'tlsName',
      ),
    )
    .addOption(new Option('--tls-key <file>', 'private key of your own certificate in PEM').conflicts('tlsName'))
    .option(
      '--cors <origin>',
      'let web pages at this origin call KMS, such as http://localhost:5173 (repeatable)',
      collect,
    )
    .hook('preAction', () => {
      const { tlsCert, tlsKey } = command.opts<NetworkFlags>();
      if ((tlsCert === undefined) !== (tlsKey === undefined)) {
        command.error("error: option '--tls-cert <file>' and option '--tls-key <file>' require each other");
      }
    });
}

/** Collects the values of an option that can be repeated. */
function collect(value: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, value];
}

/** Converts the flags to options of `startEmulator`. */
export function readNetworkFlags(flags: NetworkFlags): Pick<EmulatorOptions, 'tls' | 'cors'> {
  return { tls: readTls(flags), ...(flags.cors && { cors: flags.cors }) };
}

function readTls({ tls, tlsName, tlsCert, tlsKey }: NetworkFlags): boolean | TlsOptions {
  if (tlsCert !== undefined && tlsKey !== undefined) return { certFile: tlsCert, keyFile: tlsKey };
  return tlsName === undefined ? tls === true : { names: tlsName };
}

/** Describes how clients trust the emulator's certificate. */
export function describeTls({ tlsEndpoint, caFile }: Emulator): string[] {
  if (tlsEndpoint === undefined) return [];
  if (caFile === undefined) return [`TLS: ${tlsEndpoint}`];
  return [
    `TLS: ${tlsEndpoint}, CA certificate ${caFile}`,
    'To trust the certificate, set NODE_EXTRA_CA_CERTS (Node.js), AWS_CA_BUNDLE (AWS CLI, boto3, Go) or SSL_CERT_FILE (OpenSSL, Go) to this file.',
  ];
}
