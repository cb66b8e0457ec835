import { createRequire } from 'node:module';
import { defaultAccount } from '../emulator/core/credential.ts';
import { type Environment, variableNames } from '../shared/config/variable-names.ts';
import type { EmulatorTransportOptions, TestCaller, TestParameters } from './options.ts';

/** A handler as Lambda invokes it. */
export type FunctionHandler = (event: object, context: object) => Promise<unknown>;

/** All handlers by function name. */
export type FunctionSet = Readonly<Record<string, FunctionHandler>>;

/** Loads the bundled handlers. `process` and `require` replace the globals. */
export type LoadFunctions = () => Promise<{
  createFunctions(process: NodeJS.Process, require: NodeJS.Require): FunctionSet;
}>;

/** How API Gateway authenticates callers. A deployment supports one way. */
export type Authentication = 'open' | 'iam' | 'jwt';

export function selectAuthentication(caller: TestCaller | undefined): Authentication {
  if (caller === undefined) return 'open';
  return 'claims' in caller ? 'jwt' : 'iam';
}

/** Creates the functions of a deployment that calls an emulator. They do not read the environment of this process. */
export async function createFunctionSet(
  load: LoadFunctions,
  endpoint: string,
  authentication: Authentication,
  options: EmulatorTransportOptions,
): Promise<FunctionSet> {
  const { createFunctions } = await load();
  const env = { value: buildEnvironment(endpoint, authentication, options) };
  return createFunctions(Object.create(process, { env }), createRequire(import.meta.url));
}

function buildEnvironment(
  endpoint: string,
  authentication: Authentication,
  { account = defaultAccount, region = 'us-east-1', regions = [], parameters = {} }: EmulatorTransportOptions,
): Environment {
  return {
    [variableNames.stage]: 'local',
    [variableNames.accountIds]: account,
    [variableNames.region]: region,
    [variableNames.regions]: regions.join(','),
    [variableNames.kmsEndpoint]: endpoint,
    [variableNames.metricsDisabled]: 'true',
    ...(authentication === 'open' ? {} : { [variableNames.auth]: authentication }),
    ...Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [
        variableNames[name as keyof TestParameters],
        formatParameter(value),
      ]),
    ),
    // The emulator reads the caller's account from an access key of 12 digits.
    AWS_ACCESS_KEY_ID: account,
    AWS_SECRET_ACCESS_KEY: 'local',
    POWERTOOLS_LOG_LEVEL: 'SILENT',
  };
}

function formatParameter(value: TestParameters[keyof TestParameters]): string | undefined {
  if (typeof value !== 'object') return value === undefined ? undefined : String(value);
  return 'seconds' in value ? [value.seconds, value.messages, value.bytes].join(',') : value.join(',');
}
