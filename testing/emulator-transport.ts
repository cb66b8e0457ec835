import type { Transport } from '../client/index.ts';
import { type Emulator, startEmulator } from '../emulator/index.ts';
import { answerCall } from './api-call.ts';
import {
  type Authentication,
  createFunctionSet,
  type FunctionSet,
  type LoadFunctions,
  selectAuthentication,
} from './function-set.ts';
import {
  checkCaller,
  checkOptions,
  type EmulatorTransport,
  type EmulatorTransportOptions,
  type TestCaller,
} from './options.ts';

/** Creates a transport whose emulator starts with the first call. */
export function createEmulatorTransport(
  options: EmulatorTransportOptions = {},
  load: LoadFunctions,
): EmulatorTransport {
  checkOptions(options);
  const { region = 'us-east-1', seed, quotas, latencyMs, awsManagedKeys } = options;
  const functionSets = new Map<Authentication, Promise<FunctionSet>>();
  let started: Promise<Emulator> | undefined;
  let isClosed = false;

  const start = () => {
    if (isClosed) return Promise.reject(new TypeError('The emulator is closed.'));
    started ??= startUnreferenced({
      ...(seed !== undefined && { seed }),
      ...(quotas !== undefined && { quotas }),
      ...(latencyMs !== undefined && { latencyMs }),
      ...(awsManagedKeys !== undefined && { awsManagedKeys }),
    });
    return started;
  };
  const getFunctions = async (authentication: Authentication) => {
    const { endpoint } = await start();
    const functions = functionSets.get(authentication) ?? createFunctionSet(load, endpoint, authentication, options);
    functionSets.set(authentication, functions);
    return functions;
  };
  const createTransport = (caller: TestCaller | undefined): Transport => ({
    send: async (operation, input, limits) => {
      const functions = await getFunctions(selectAuthentication(caller));
      return waitUntilAborted(answerCall(functions, region, { operation, input, limits, caller }), limits.signal);
    },
  });
  const close = async () => {
    isClosed = true;
    functionSets.clear();
    // A failed start was already reported to its callers.
    const emulator = await started?.catch(() => undefined);
    await emulator?.close();
  };
  return {
    ...createTransport(options.caller),
    withCaller: (caller) => {
      checkCaller(caller);
      return createTransport(caller);
    },
    start,
    reset: async () => {
      const emulator = await start();
      functionSets.clear();
      await emulator.reset();
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Starts an emulator that does not keep the process running, in case a test does not close it. */
async function startUnreferenced(options: Parameters<typeof startEmulator>[0]): Promise<Emulator> {
  const emulator = await startEmulator(options);
  emulator.unref();
  return emulator;
}

/** Rejects with the signal's reason as soon as the call is aborted, as `fetch` does. */
function waitUntilAborted<Result>(result: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    result.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
