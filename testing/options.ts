import type { Transport } from '../client/index.ts';
import type { Emulator, EmulatorOptions } from '../emulator/index.ts';
import { suggestName } from '../shared/errors/closest-name.ts';

/** The caller that API Gateway would authenticate: an IAM principal, or the bearer of a token. */
export type TestCaller =
  | {
      /** Such as `arn:aws:sts::000000000000:assumed-role/checkout/session` or `arn:aws:iam::000000000000:user/ana`. */
      readonly userArn: string;
    }
  | {
      /** The claims of a JWT. `sub`, `client_id` or `azp` identifies the caller. */
      readonly claims: Readonly<Record<string, unknown>>;
    };

/** The deployment parameters that change answers. Names and meanings are in docs/reference/configuration.md. */
export interface TestParameters {
  readonly keysClaim?: string | undefined;
  readonly tenantField?: string | undefined;
  readonly tenantContextKey?: string | undefined;
  readonly tenantTag?: string | undefined;
  readonly callerContextKey?: string | undefined;
  readonly allowedPrincipals?: readonly string[] | undefined;
  readonly grantOperations?: readonly string[] | undefined;
  readonly dataKeyCache?: { readonly seconds: number; readonly messages: number; readonly bytes: number } | undefined;
  /** Default: 0, so that tests can delete keys that they have used. */
  readonly deletionGuardDays?: number | undefined;
}

/** The emulator's keys, and the deployment that calls it. */
export interface EmulatorTransportOptions
  extends Pick<EmulatorOptions, 'seed' | 'quotas' | 'latencyMs' | 'awsManagedKeys'> {
  /** The account of the functions. Default: 000000000000. */
  readonly account?: string | undefined;
  /** The Region of the functions. Default: us-east-1. */
  readonly region?: string | undefined;
  /** More Regions whose keys the functions may use, like the deployment parameter. */
  readonly regions?: readonly string[] | undefined;
  /** The caller of all calls. By default, callers are not authenticated, as on stage `local`. */
  readonly caller?: TestCaller | undefined;
  readonly parameters?: TestParameters | undefined;
}

/** A transport for `createClient` and `sealer`. Close it, or declare it with `await using`. */
export interface EmulatorTransport extends Transport, AsyncDisposable {
  /** Returns a transport for the same keys, whose calls another caller makes. Closing it is not necessary. */
  withCaller(caller: TestCaller): Transport;
  /** Starts the emulator, unless it runs. Returns it, to control its clock, to take snapshots and to read its requests. */
  start(): Promise<Emulator>;
  /** Removes all keys, applies the seed, and empties the caches of the functions. Use it between tests. */
  reset(): Promise<void>;
  /** Stops the emulator, and deletes its keys. Later calls reject. */
  close(): Promise<void>;
}

const optionNames = Object.keys({
  seed: true,
  quotas: true,
  latencyMs: true,
  awsManagedKeys: true,
  account: true,
  region: true,
  regions: true,
  caller: true,
  parameters: true,
} satisfies Record<keyof EmulatorTransportOptions, true>);

/** Where to set what a deployment has parameters for, but `emulator` has not. */
const replacements: Readonly<Record<string, string>> = {
  auth: 'The option `caller` replaces authentication.',
  jwtIssuer: 'The option `caller` replaces tokens.',
  jwtAudience: 'The option `caller` replaces tokens.',
  regions: '`regions` is an option.',
};

const parameterNames = Object.keys({
  keysClaim: true,
  tenantField: true,
  tenantContextKey: true,
  tenantTag: true,
  callerContextKey: true,
  allowedPrincipals: true,
  grantOperations: true,
  dataKeyCache: true,
  deletionGuardDays: true,
} satisfies Record<keyof TestParameters, true>);

/** Throws TypeError for options that would have no effect, or that no deployment could have. */
export function checkOptions(options: EmulatorTransportOptions): void {
  checkNames(options, optionNames, 'option');
  checkNames(options.parameters ?? {}, parameterNames, 'parameter');
  const { account, caller } = options;
  if (account !== undefined && !/^\d{12}$/.test(account)) throw new TypeError('`account` must have 12 digits.');
  if (caller !== undefined) checkCaller(caller);
}

/** Throws TypeError unless a caller has either an ARN or claims. */
export function checkCaller(caller: TestCaller): void {
  const { userArn, claims } = caller as { userArn?: unknown; claims?: unknown };
  const isPrincipal = typeof userArn === 'string' && claims === undefined;
  const isBearer = typeof claims === 'object' && claims !== null && userArn === undefined;
  if (!isPrincipal && !isBearer) throw new TypeError('`caller` must have either `userArn` or `claims`.');
}

function checkNames(given: object, known: readonly string[], kind: string): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const replacement = kind === 'parameter' ? replacements[unknown] : undefined;
  const advice =
    replacement === undefined
      ? suggestName(unknown, known) || ` Its ${kind}s are ${known.join(', ')}.`
      : ` ${replacement}`;
  throw new TypeError(`emulator has no ${kind} ${unknown}.${advice}`);
}
