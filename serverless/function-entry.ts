import { folderName, functionName, type Operation } from '../shared/operation.ts';
import { logGroupName } from './log-group.ts';
import { roleName } from './role.ts';

/** A function as serverless.yml would say it. */
export interface FunctionEntry {
  readonly handler: string;
  readonly description: string;
  readonly role: string;
  readonly disableLogs: true;
  readonly dependsOn: readonly string[];
  readonly events: readonly { readonly httpApi: HttpApiEvent }[];
}

interface HttpApiEvent {
  readonly method: string;
  readonly path: string;
  readonly authorizer?: { readonly type: 'aws_iam' };
}

/** Outside stage `local` every route asks for a signed request; the local gateway cannot check one. */
export function functionEntry(operation: Operation, isLocal: boolean): [name: string, entry: FunctionEntry] {
  return [
    functionName(operation),
    {
      handler: `${handlerPath(operation)}.handler`,
      description: operation.summary,
      role: roleName(operation),
      // The shared log group stands among the resources; without this osls would make one for each function.
      disableLogs: true,
      dependsOn: [logGroupName],
      events: operation.routes.map(({ method, path }) => ({
        httpApi: { method, path, ...(isLocal ? {} : { authorizer: { type: 'aws_iam' } }) },
      })),
    },
  ];
}

/** Without its ending: `functions/crypto/encrypt/handler`. */
export function handlerPath(operation: Operation): string {
  return `functions/${operation.group}/${folderName(operation)}/handler`;
}
