import { gatewayAlias } from '../../shared/authorization/caller.ts';
import type { OslsFunction } from '../osls.ts';

/** Logical id that osls gives a function. */
export function functionId(name: string): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}LambdaFunction`;
}

/**
 * Lets the gateway invoke a function by an alias of its own, and by nothing else, so that the function can tell what the
 * gateway sends from what any other invoker sends. An alias of `$LATEST`: versions are not made.
 */
export function targetGatewayAlias(functions: Readonly<Record<string, OslsFunction>>): Record<string, object> {
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
