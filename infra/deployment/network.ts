import type { Deployment } from './deployment.ts';

/** The VPC settings of a function in serverless.yml. */
export interface NetworkSettings {
  readonly vpc: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] };
}

/** Adds the VPC (parameters `vpcSubnetIds` and `vpcSecurityGroupIds`) to every function, including the audit forwarder. */
export function addNetwork<Entry extends object>(
  functions: Readonly<Record<string, Entry>>,
  { parameters }: Deployment,
): Record<string, Entry & Partial<NetworkSettings>> {
  const { vpcSubnetIds: subnetIds, vpcSecurityGroupIds: securityGroupIds } = parameters;
  if (subnetIds === undefined || securityGroupIds === undefined) return functions;
  const vpc = { subnetIds, securityGroupIds };
  return Object.fromEntries(Object.entries(functions).map(([name, entry]) => [name, { ...entry, vpc }]));
}
