import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Principal } from '../../emulator/authorization/principal.ts';
import { defaultAccount } from '../../emulator/core/credential.ts';
import type { Osls, PluginUtilities } from '../packaging/osls.ts';
import { createApiFront, maxApiBodyBytes } from './api-front.ts';
import type { PrintCall } from './call-lines.ts';
import { createRouteAuthorizer } from './callers/authorize-route.ts';
import { createInvoker, type Front, startFront } from './front.ts';
import { createLambdaFront, maxPayloadBytes } from './lambda-front.ts';
import type { LocalSettings } from './local-settings.ts';
import { quietOffline } from './offline-log.ts';
import type { LocalRoute } from './routes.ts';

export interface LocalGateway {
  /** Starts both servers. `emulator` is the URL of the KMS emulator. */
  listen(addresses: { host: string; httpPort: number; lambdaPort: number; emulator: string }): Promise<void>;
  close(): Promise<void>;
}

/**
 * Prepares the servers that answer as API Gateway and Lambda do. serverless-offline then only runs the functions: its
 * server for Lambda listens on a Unix socket that only this user can open, and it starts no server for the API.
 */
export function prepareLocalGateway(
  osls: Osls,
  options: Record<string, unknown>,
  utilities: PluginUtilities,
  printCall: PrintCall,
  settings: LocalSettings,
  principals: ReadonlyMap<string, Principal>,
): LocalGateway {
  const directory = mkdtempSync(join(tmpdir(), 'kms-functions-lambda-'));
  const socketPath = join(directory, 'socket');
  const routes = takeRoutes(osls);
  const functionNames = new Set(Object.values(osls.service.functions).map(({ name }) => name));
  quietOffline(osls, utilities);
  const fronts: Front[] = [];
  // The command line takes precedence over serverless.yml.
  options.lambdaPort = socketPath;
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return {
    listen: async ({ host, httpPort, lambdaPort, emulator }) => {
      const invoke = createInvoker(socketPath);
      const region = osls.getProvider('aws').getRegion();
      const lambda = createLambdaFront(
        functionNames,
        { region, account: defaultAccount },
        invoke,
        printCall,
        osls.service.provider.environment ?? {},
      );
      const urls = { api: formatUrl(host, httpPort), lambda: formatUrl(host, lambdaPort), emulator };
      fronts.push(
        await startFront(
          { host, port: httpPort },
          maxApiBodyBytes,
          createApiFront(routes, invoke, urls, printCall, settings, createRouteAuthorizer(principals, region)),
          settings.corsOrigins,
        ),
        await startFront({ host, port: lambdaPort }, maxPayloadBytes.RequestResponse, lambda),
      );
    },
    close: async () => {
      await Promise.all(fronts.map((front) => front.close()));
    },
  };
}

/** Formats the URL of a server. Shows `localhost` for the loopback address. */
export function formatUrl(host: string, port: number): string {
  return `http://${host === '127.0.0.1' ? 'localhost' : host}:${port}`;
}

/** Returns the routes of all functions, and removes them from the functions, so that serverless-offline starts no API. */
function takeRoutes(osls: Osls): LocalRoute[] {
  return Object.values(osls.service.functions).flatMap((entry) => {
    const events = entry.events ?? [];
    entry.events = [];
    return events.flatMap((event) => {
      const { httpApi } = event as { httpApi?: Omit<LocalRoute, 'functionName'> };
      return httpApi === undefined ? [] : [{ ...httpApi, functionName: entry.name }];
    });
  });
}
