/**
 * Exports a transport for the typed client that runs the functions and an emulator in this process, so that programs can
 * test their calls. Guide: docs/guides/testing.md.
 */
import { createEmulatorTransport } from './emulator-transport.ts';
import type { LoadFunctions } from './function-set.ts';
import type { EmulatorTransport, EmulatorTransportOptions } from './options.ts';

export type { EmulatorTransport, EmulatorTransportOptions, TestCaller, TestParameters } from './options.ts';

/** Loads the file that `npm run build` creates (scripts/build-functions.ts). */
const loadFunctions: LoadFunctions = () => import(new URL('./functions.js', import.meta.url).href);

/**
 * Creates a transport for tests. It runs the functions of kms-functions in this process, with an emulator in memory. Calls
 * have the same results, errors and limits as with `http(…)` and a deployed API. The emulator starts with the first call.
 *
 * Each transport has keys of its own, so test files and parallel workers do not affect each other.
 *
 * @example
 * ```ts
 * await using kms = emulator({ seed: { Keys: [{ KeyId: '11111111-1111-4111-8111-111111111111', Aliases: ['alias/app'] }] } });
 * const client = createClient({ transport: kms });
 * await client.encrypt({ KeyId: 'alias/app', Plaintext: new TextEncoder().encode('hello') });
 * ```
 */
export function emulator(options?: EmulatorTransportOptions): EmulatorTransport {
  return createEmulatorTransport(options, loadFunctions);
}
