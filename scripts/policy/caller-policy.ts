import { allOperations } from '../../functions/all-operations.ts';
import { functionName, keyMembers, type Operation, type Route } from '../../shared/declaration/operation.ts';

export interface PolicyOptions {
  /** Names of operations, functions or groups. */
  readonly operations: readonly string[];
  /** The key, as in a path. If absent, the policy allows any key. */
  readonly key?: string;
  readonly direct?: true;
  readonly stage: string;
  readonly region: string;
  readonly account: string;
  readonly api: string;
  readonly partition: string;
}

export interface CallerPolicy {
  readonly policy: {
    readonly Version: '2012-10-17';
    readonly Statement: readonly [{ readonly Effect: 'Allow'; readonly Action: string; readonly Resource: string[] }];
  };
  /** Permissions that the policy cannot restrict to the key. */
  readonly notes: readonly string[];
}

/** Thrown if a policy cannot express the request. */
export class PolicyRequestError extends Error {}

/**
 * Builds a caller's identity policy. Over HTTP, it allows `execute-api:Invoke` on routes, whose paths contain the key
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html). For direct invocation
 * it allows `lambda:InvokeFunction` on unqualified functions, which excludes the API Gateway alias.
 */
export function callerPolicy(options: PolicyOptions): CallerPolicy {
  const operations = selectOperations(options.operations);
  const notes: string[] = [];
  const resources = options.direct
    ? buildFunctionArns(operations, options)
    : buildRouteArns(operations, options, notes);
  const Action = options.direct ? 'lambda:InvokeFunction' : 'execute-api:Invoke';
  return { policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: resources }] }, notes };
}

function selectOperations(names: readonly string[]): Operation[] {
  const isNamed = (operation: Operation, name: string) =>
    name === operation.name || name === functionName(operation) || name === operation.group;
  for (const name of names) {
    if (!allOperations.some((operation) => isNamed(operation, name))) {
      throw new PolicyRequestError(`${name} is neither a group nor an operation`);
    }
  }
  return allOperations.filter((operation) => names.some((name) => isNamed(operation, name)));
}

function buildFunctionArns(operations: readonly Operation[], options: PolicyOptions): string[] {
  const { partition, region, account, stage, key } = options;
  if (key !== undefined) {
    throw new PolicyRequestError(
      'a policy cannot restrict the keys of direct invocations; use the parameter directKeys of the deployment',
    );
  }
  const prefix = `arn:${partition}:lambda:${region}:${account}:function:kms-functions-${stage}-`;
  return operations.map((operation) => `${prefix}${functionName(operation)}`);
}

function buildRouteArns(operations: readonly Operation[], options: PolicyOptions, notes: string[]): string[] {
  const { partition, region, account, api, key } = options;
  if (key !== undefined && !/^[\w.*-]+$/.test(key)) {
    throw new PolicyRequestError('a key in a path has a dot for each slash, such as alias.payments');
  }
  return operations.flatMap((operation) => {
    const routes = operation.routes.filter((route) => key === undefined || hasKeyInPath(operation, route));
    if (routes.length === 0) throw new PolicyRequestError(`no route of ${operation.name} has the key in its path`);
    if (key !== undefined) notes.push(...buildNotes(operation));
    const filled = routes.map(({ method, path }) => {
      return method + path.replaceAll(/\{(\w+)\}/g, (_, name: string) => fillParameter(operation, name, key));
    });
    // In IAM, `*` also matches slashes, so it would allow every longer route at the end of a route.
    const exact = filled.filter((route) => !route.endsWith('*'));
    const paths = exact.length > 0 ? exact : filled;
    return paths.map((route) => `arn:${partition}:execute-api:${region}:${account}:${api}/$default/${route}`);
  });
}

/** Returns whether a route's path contains the key. Operations without a key have nothing to restrict. */
function hasKeyInPath(operation: Operation, { path }: Route): boolean {
  const members = keyMembers(operation);
  return members.length === 0 || members.some((member) => path.includes(`{${member}}`));
}

function fillParameter(operation: Operation, member: string, key: string | undefined): string {
  return key !== undefined && keyMembers(operation).includes(member) ? key : '*';
}

function buildNotes(operation: Operation): string[] {
  const { path } = operation.routes[0];
  const members = keyMembers(operation);
  if (members.length === 0) return [`${operation.name} has no key, so the policy allows it without restriction`];
  return members
    .filter((member) => !path.includes(`{${member}}`))
    .map((member) => `${member} of ${operation.name} is in the body, so the policy does not restrict it`);
}
