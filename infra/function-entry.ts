import { folderName, functionName, type Operation } from '../shared/declaration/operation.ts';
import { timeoutSecondsOf } from '../shared/kms/attempts.ts';
import type { Deployment } from './deployment.ts';
import { type Authorizer, authorizerOf } from './gateway/authorizer.ts';
import { functionLogGroup } from './log-groups.ts';
import { roleName } from './roles/function-role.ts';

/** A function as serverless.yml would say it. */
export interface FunctionEntry {
  readonly handler: string;
  readonly description: string;
  readonly role: string;
  readonly timeout: number;
  readonly reservedConcurrency?: number;
  readonly disableLogs: true;
  readonly dependsOn: readonly string[];
  readonly events: readonly { readonly httpApi: HttpApiEvent }[];
}

interface HttpApiEvent {
  readonly method: string;
  readonly path: string;
  readonly authorizer?: Authorizer;
}

export function functionEntry(operation: Operation, deployment: Deployment): [name: string, entry: FunctionEntry] {
  const reservedConcurrency = deployment.parameters.reservedConcurrency?.get(operation.name);
  const authorizer = authorizerOf(operation, deployment);
  return [
    functionName(operation),
    {
      handler: `${handlerPath(operation)}.handler`,
      description: operation.summary,
      role: roleName(operation),
      timeout: timeoutSecondsOf(operation),
      ...(reservedConcurrency === undefined ? {} : { reservedConcurrency }),
      // The shared log group stands among the resources; without this osls would make one for each function.
      disableLogs: true,
      dependsOn: [functionLogGroup],
      events: operation.routes.map(({ method, path }) => ({
        httpApi: { method, path, ...(authorizer === undefined ? {} : { authorizer }) },
      })),
    },
  ];
}

/** Without its ending: `functions/crypto/encrypt/handler`. */
export function handlerPath(operation: Operation): string {
  return `functions/${operation.group}/${folderName(operation)}/handler`;
}
