import { allOperations } from '../../functions/all-operations.ts';
import { functionName, keyMembers, type Operation, type Route } from '../../shared/declaration/operation.ts';

export interface PolicyOptions {
  /** Operations by AWS's name or their function's, and sets of them. */
  readonly operations: readonly string[];
  /** As it stands in a path; absent: any key. */
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
  /** What the policy does not say. */
  readonly notes: readonly string[];
}

/** What was asked for cannot be written as a policy. */
export class PolicyRequestError extends Error {}

/**
 * The identity policy of a caller: `execute-api:Invoke` on routes, whose paths name the key
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html), or
 * `lambda:InvokeFunction` on functions, unqualified: not by the alias through which the gateway alone comes.
 */
export function callerPolicy(options: PolicyOptions): CallerPolicy {
  const operations = chosen(options.operations);
  const notes: string[] = [];
  const resources = options.direct ? functionArns(operations, options) : routeArns(operations, options, notes);
  const Action = options.direct ? 'lambda:InvokeFunction' : 'execute-api:Invoke';
  return { policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: resources }] }, notes };
}

function chosen(names: readonly string[]): Operation[] {
  const isNamed = (operation: Operation, name: string) =>
    name === operation.name || name === functionName(operation) || name === operation.group;
  for (const name of names) {
    if (!allOperations.some((operation) => isNamed(operation, name))) {
      throw new PolicyRequestError(`there is no set or operation of the name ${name}`);
    }
  }
  return allOperations.filter((operation) => names.some((name) => isNamed(operation, name)));
}

function functionArns(operations: readonly Operation[], options: PolicyOptions): string[] {
  const { partition, region, account, stage, key } = options;
  if (key !== undefined) {
    throw new PolicyRequestError(
      'a key cannot be told from an invocation: the deployment lists the keys of direct invokers',
    );
  }
  const prefix = `arn:${partition}:lambda:${region}:${account}:function:kms-functions-${stage}-`;
  return operations.map((operation) => `${prefix}${functionName(operation)}`);
}

function routeArns(operations: readonly Operation[], options: PolicyOptions, notes: string[]): string[] {
  const { partition, region, account, api, key } = options;
  if (key !== undefined && !/^[\w.*-]+$/.test(key)) {
    throw new PolicyRequestError('a key stands in a path with a dot for each slash: alias.payments');
  }
  return operations.flatMap((operation) => {
    const routes = operation.routes.filter((route) => key === undefined || !leavesKeyOpen(operation, route));
    if (routes.length === 0) throw new PolicyRequestError(`no route of ${operation.name} names its key in the path`);
    if (key !== undefined) notes.push(...notesOn(operation));
    const filled = routes.map(({ method, path }) => {
      return method + path.replaceAll(/\{(\w+)\}/g, (_, name: string) => segment(operation, name, key));
    });
    // IAM's `*` goes past a slash: at the end of a route it would allow every longer one.
    const exact = filled.filter((route) => !route.endsWith('*'));
    const paths = exact.length > 0 ? exact : filled;
    return paths.map((route) => `arn:${partition}:execute-api:${region}:${account}:${api}/$default/${route}`);
  });
}

/** Whether a route serves any key, and not that of its path. */
function leavesKeyOpen(operation: Operation, { path }: Route): boolean {
  const members = keyMembers(operation);
  return members.length > 0 && !members.some((member) => path.includes(`{${member}}`));
}

function segment(operation: Operation, member: string, key: string | undefined): string {
  return key !== undefined && keyMembers(operation).includes(member) ? key : '*';
}

function notesOn(operation: Operation): string[] {
  const { path } = operation.routes[0];
  const members = keyMembers(operation);
  if (members.length === 0) return [`${operation.name} names no key: this allows it as it is`];
  return members
    .filter((member) => !path.includes(`{${member}}`))
    .map((member) => `${member} of ${operation.name} stands in the body: this policy does not bound it`);
}
