import { folderName, functionName, type Operation } from '../shared/declaration/operation.ts';
import { getTimeoutSeconds } from '../shared/kms/timeout.ts';
import type { Deployment } from './deployment/deployment.ts';
import { functionLogGroup, roleId } from './deployment/logical-ids.ts';
import { type Authorizer, buildAuthorizer } from './gateway/authorizer.ts';
import { buildIdempotencyEnvironment, isIdempotent } from './idempotency/function.ts';

/** A function entry in serverless.yml. */
export interface FunctionEntry {
  readonly handler: string;
  readonly description: string;
  readonly role: string;
  readonly timeout: number;
  readonly reservedConcurrency?: number;
  readonly environment?: Readonly<Record<string, string>>;
  readonly disableLogs: true;
  readonly dependsOn: readonly string[];
  readonly events: readonly { readonly httpApi: HttpApiEvent }[];
}

interface HttpApiEvent {
  readonly method: string;
  readonly path: string;
  readonly authorizer?: Authorizer;
}

export function buildFunctionEntry(operation: Operation, deployment: Deployment): [name: string, entry: FunctionEntry] {
  // serverless-offline runs all functions in one process.
  const reservedConcurrency = deployment.isLocal
    ? undefined
    : deployment.parameters.reservedConcurrency?.get(operation.name);
  const authorizer = buildAuthorizer(operation, deployment);
  const acceptsKeys = isIdempotent(operation, deployment);
  const path = acceptsKeys ? idempotentHandlerPath(operation) : handlerPath(operation);
  return [
    functionName(operation),
    {
      handler: `${path}.handler`,
      description: operation.summary,
      role: roleId(operation),
      timeout: getTimeoutSeconds(operation),
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
      ...(acceptsKeys ? { environment: buildIdempotencyEnvironment(deployment) } : {}),
      // By default, osls creates a log group for each function. These functions share a group instead (log-groups.ts).
      disableLogs: true,
      // Without this dependency, Lambda might create the log group before CloudFormation does.
      dependsOn: [functionLogGroup],
      events: operation.routes.map(({ method, path }) => ({
        httpApi: { method, path, ...(authorizer === undefined ? {} : { authorizer }) },
      })),
    },
  ];
}

/** Returns the path of an operation's handler without its extension: `functions/crypto/encrypt/handler`. */
export function handlerPath(operation: Operation): string {
  return `functions/${operation.group}/${folderName(operation)}/handler`;
}

/** Returns the path of the handler that accepts idempotency keys, without its extension. */
export function idempotentHandlerPath(operation: Operation): string {
  return `functions/${operation.group}/${folderName(operation)}/idempotent/handler`;
}
