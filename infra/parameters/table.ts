import type * as z from 'zod';
import { callerParameters } from './callers.ts';
import { keyParameters } from './keys.ts';
import { limitParameters } from './limits.ts';
import { monitoringParameters } from './monitoring.ts';
import { networkParameters } from './network.ts';
import type { Parameter } from './parameter.ts';
import { tenantParameters } from './tenants.ts';

/** All parameters by topic, in the order of docs/reference/configuration.md. */
export const parameterTopics = {
  'Operations and keys': keyParameters,
  'Callers and authentication': callerParameters,
  Tenants: tenantParameters,
  Network: networkParameters,
  Limits: limitParameters,
  'Logs and monitoring': monitoringParameters,
} as const satisfies Record<string, Record<string, Parameter>>;

export const parameterTable = {
  ...keyParameters,
  ...callerParameters,
  ...tenantParameters,
  ...networkParameters,
  ...limitParameters,
  ...monitoringParameters,
} as const;

type Table = typeof parameterTable;
export type ParameterName = keyof Table;

/** The parsed parameters. A parameter that is not set and has no default is `undefined`. */
export type Parameters = {
  readonly [Name in ParameterName]:
    | z.output<Table[Name]['schema']>
    | (Table[Name] extends { default: string } ? never : undefined);
};
