import { isErrorCode } from '../../shared/declaration/error-catalogue.ts';
import type { Osls, PluginUtilities } from '../packaging/osls.ts';

/**
 * Replaces the logger of serverless-offline, which its constructor sets for all its modules. Hides its notices, because
 * the project prints its own line for each call, and the errors that a function returned to its caller on purpose. Other
 * errors and warnings still appear.
 */
export function quietOffline(osls: Osls, { log, progress }: PluginUtilities): void {
  const plugin = osls.pluginManager.plugins.find((loaded) => loaded.constructor.name === 'ServerlessOffline');
  const Offline = plugin?.constructor as (new (...parameters: object[]) => object) | undefined;
  const ignore = () => {};
  const quiet = { notice: ignore, debug: ignore, info: ignore, verbose: ignore };
  const { warning } = log;
  if (Offline !== undefined)
    new Offline(osls, {}, { log: { ...quiet, warning, error: createErrorFilter(log.error) }, progress });
}

type PrintError = (...text: unknown[]) => void;

/** Hides the errors that have a code of the API. The function has already recorded them. */
export function createErrorFilter(print: PrintError): PrintError {
  let heading: unknown;
  return (...text) => {
    const [first] = text;
    // serverless-offline prints this line before the error itself.
    if (typeof first === 'string' && first.startsWith('Unhandled exception in handler')) {
      heading = first;
      return;
    }
    const isExpected = isExpectedError(first);
    if (heading !== undefined && !isExpected) print(heading);
    heading = undefined;
    if (!isExpected) print(...text);
  };
}

function isExpectedError(value: unknown): boolean {
  if (value instanceof Error) return isErrorCode(value.name);
  const [, name = ''] = /^Unhandled Lambda Error during invoke of '[^']*': (\w+):/.exec(String(value)) ?? [];
  return isErrorCode(name);
}
