import { gatewayAlias } from '../../shared/config/resource-names.ts';
import { functionId } from '../deployment/logical-ids.ts';

/** The properties of an osls function that affect the API Gateway alias. */
export interface AliasedFunction {
  readonly events?: readonly object[];
  /** The alias that event sources invoke. osls refers to the alias but does not create it. */
  targetAlias?: { readonly name: string; readonly logicalId: string };
}

/**
 * Creates an alias for each function with a route, and makes API Gateway invoke the function through the alias. Only API
 * Gateway may use these aliases, so functions can distinguish API Gateway events from direct invocations. The aliases point
 * to `$LATEST`, so deployments create no function versions.
 */
export function addGatewayAliases(functions: Readonly<Record<string, AliasedFunction>>): Record<string, object> {
  const aliases: Record<string, object> = {};
  for (const [name, entry] of Object.entries(functions)) {
    if (!entry.events?.some((event) => 'httpApi' in event)) continue;
    const logicalId = `${functionId(name)}GatewayAlias`;
    entry.targetAlias = { name: gatewayAlias, logicalId };
    aliases[logicalId] = {
      Type: 'AWS::Lambda::Alias',
      Properties: { Name: gatewayAlias, FunctionName: { Ref: functionId(name) }, FunctionVersion: '$LATEST' },
    };
  }
  return aliases;
}
