import { setTimeout as delay } from 'node:timers/promises';
import { type Client, createClient, http, lambda, type Transport } from '../../client/index.ts';
import { CheckFailure } from './check.ts';
import { type CreatedKey, CreatedResources } from './created-resources.ts';
import { findTenant, type Stage, toLambdaName } from './stage.ts';

/** The number of requests, by service. The cost is computed from them. */
export interface RequestCounts {
  http: number;
  lambda: number;
}

/** One run of all checks. */
export interface Run {
  readonly stage: Stage;
  readonly created: CreatedResources;
  readonly counts: RequestCounts;
  /** Calls the functions through the HTTP API. */
  readonly http: Client;
  /** Calls the functions by Lambda invocation. */
  readonly direct: Client;
  /** The longest time to wait for tags to take effect and for log records to arrive. */
  readonly waitMs: number;
  readonly startedMs: number;
  /** The role that the checks of callers' permissions assume. */
  readonly callerRoleArn: string | undefined;
  /** The caller's tenant; `undefined` if the stage has no tenants. */
  readonly tenant: string | undefined;
  /** The values that checks pass to later checks. */
  readonly results: Map<string, unknown>;
}

export interface RunOptions {
  readonly waitMs: number;
  readonly callerRoleArn: string | undefined;
}

export function createRun(stage: Stage, { waitMs, callerRoleArn }: RunOptions): Run {
  const created = new CreatedResources();
  const counts: RequestCounts = { http: 0, lambda: 0 };
  const connect = (transport: Transport, service: keyof RequestCounts) =>
    createClient({
      transport: waitForTags(created.guard(count(transport, counts, service)), waitMs),
      timeoutMs: waitMs + 30_000,
    });
  const authorization =
    stage.token === undefined ? { region: stage.region, credentials: stage.credentials } : { token: stage.token };
  return {
    stage,
    created,
    counts,
    http: connect(http({ endpoint: stage.apiUrl, ...authorization }), 'http'),
    direct: connect(lambda({ client: stage.lambda, functionName: (name) => toLambdaName(stage, name) }), 'lambda'),
    waitMs,
    startedMs: Date.now(),
    callerRoleArn,
    tenant: findTenant(stage),
    results: new Map(),
  };
}

/** Returns a key that an earlier check created. */
export function getKey({ results }: Run, check: string): CreatedKey {
  const key = results.get(check);
  if (key === undefined) throw new CheckFailure(`The check ${check} created no key.`);
  return key as CreatedKey;
}

/** Repeats `attempt` until it returns a value, for at most `waitMs`. Returns `undefined` if the time runs out. */
export async function poll<T>(
  { waitMs, stage }: Pick<Run, 'waitMs' | 'stage'>,
  attempt: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const endMs = performance.now() + waitMs;
  for (;;) {
    const value = await attempt();
    if (value !== undefined || performance.now() > endMs) return value;
    await delay(stage.isLocal || waitMs < 10_000 ? 200 : 3_000);
  }
}

function count(transport: Transport, counts: RequestCounts, service: keyof RequestCounts): Transport {
  return {
    send: (operation, input, options) => {
      counts[service] += 1;
      return transport.send(operation, input, options);
    },
  };
}

/**
 * Repeats calls until a new key's service tag takes effect, which can take five minutes
 * (https://docs.aws.amazon.com/kms/latest/developerguide/abac.html).
 */
function waitForTags(transport: Transport, waitMs: number): Transport {
  return {
    async send(operation, input, options) {
      const endMs = performance.now() + waitMs;
      for (;;) {
        try {
          return await transport.send(operation, input, options);
        } catch (error) {
          if ((error as Error).name !== 'TagNotBoundError' || performance.now() > endMs) throw error;
          await delay(Math.min(5_000, waitMs / 10), undefined, { signal: options.signal });
        }
      }
    },
  };
}
