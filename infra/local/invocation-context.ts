import { isObject } from '../../shared/declaration/json-object.ts';

/** How a function was invoked. */
export interface Invocation {
  /** `true` if the local API invoked the function, as API Gateway does through its alias. */
  readonly isGateway: boolean;
  /** The client context of a direct invocation. */
  readonly clientContext: unknown;
}

/**
 * Writes an invocation to the header that serverless-offline passes to a function as the client context, because it has no
 * other way to pass the alias. A direct invoker's own client context is inside, so it cannot contain the alias.
 */
export function writeInvocation(isGateway: boolean, header: string | undefined): string {
  const invocation: Invocation = { isGateway, clientContext: parseHeader(header) };
  return Buffer.from(JSON.stringify(invocation)).toString('base64');
}

export function readInvocation(clientContext: unknown): Invocation {
  if (!isObject(clientContext)) return { isGateway: false, clientContext: undefined };
  return { isGateway: clientContext.isGateway === true, clientContext: clientContext.clientContext };
}

/** Parses the header `X-Amz-Client-Context`, which contains JSON in base64. Ignores other text. */
function parseHeader(header: string | undefined): unknown {
  try {
    return header === undefined ? undefined : JSON.parse(Buffer.from(header, 'base64').toString('utf8'));
  } catch {
    return undefined;
  }
}
