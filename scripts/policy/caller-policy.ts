import { allOperations } from '../../functions/all-operations.ts';
import { forwarder } from '../../infra/audit/forwarder.ts';
import { gatewayAlias } from '../../shared/config/resource-names.ts';
import {
  functionName,
  keyListMembers,
  keyMembers,
  type Operation,
  type Route,
} from '../../shared/declaration/operation.ts';

export interface PolicyOptions {
  /** The names of operations, functions or groups. */
  readonly operations: readonly string[];
  /**
   * The key as written in a route's path: an id, ARN or alias with `.` instead of `/`. `*` matches any text. By default,
   * the policy allows every key.
   */
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
    readonly Statement: readonly [PolicyStatement<'Allow'>, ...PolicyStatement<'Deny'>[]];
  };
  /** Notes about permissions that the policy cannot restrict to the key. */
  readonly notes: readonly string[];
}

interface PolicyStatement<Effect extends 'Allow' | 'Deny'> {
  readonly Effect: Effect;
  readonly Action: string;
  readonly Resource: readonly string[];
}

/** Reports a request that a policy cannot express. */
export class PolicyRequestError extends Error {}

/**
 * Builds a caller's identity policy. For HTTP, the policy allows `execute-api:Invoke` on routes, whose paths contain the key
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html). For direct invocation,
 * the policy allows `lambda:InvokeFunction` on unqualified function ARNs, which do not include the API Gateway alias, and
 * denies the alias and the audit forwarder, which a pattern in another policy could include.
 */
export function callerPolicy(options: PolicyOptions): CallerPolicy {
  rejectPatterns(options);
  const operations = selectOperations(options.operations);
  const notes: string[] = [];
  const Statement: CallerPolicy['policy']['Statement'] = options.direct
    ? buildDirectStatements(operations, options, notes)
    : [{ Effect: 'Allow', Action: 'execute-api:Invoke', Resource: buildRouteArns(operations, options, notes) }];
  return { policy: { Version: '2012-10-17', Statement }, notes };
}

/** The form of each part of an ARN. A wildcard in another part could match the API Gateway alias. */
const partForms = {
  stage: /^[A-Za-z0-9-]+$/,
  region: /^(\*|[a-z0-9-]+)$/,
  account: /^(\*|\d{12})$/,
  api: /^(\*|[a-z0-9]+)$/,
  partition: /^aws[a-z-]*$/,
} as const satisfies Partial<Record<keyof PolicyOptions, RegExp>>;

function rejectPatterns(options: PolicyOptions): void {
  for (const [name, form] of Object.entries(partForms)) {
    if (form.test(options[name as keyof typeof partForms])) continue;
    const rule = name === 'stage' || name === 'partition' ? 'an exact name' : 'an exact value, or * alone';
    throw new PolicyRequestError(`--${name} must be ${rule}`);
  }
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

/**
 * Builds the statements for direct invocation. A `*` at the end of an ARN also matches a qualifier after the next
 * colon, so `…:function:kms-functions-dev-*` in another policy allows the API Gateway alias
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html). An invoker of the alias
 * could impersonate any caller. An invoker of the audit forwarder could forge records.
 */
function buildDirectStatements(
  operations: readonly Operation[],
  options: PolicyOptions,
  notes: string[],
): CallerPolicy['policy']['Statement'] {
  const { partition, region, account, stage, key } = options;
  if (key !== undefined) {
    throw new PolicyRequestError(
      'a policy cannot restrict direct invocations to a key; use the deployment parameter directKeys instead',
    );
  }
  const prefix = `arn:${partition}:lambda:${region}:${account}:function:kms-functions-${stage}-`;
  if (region === '*' || account === '*') {
    notes.push('the policy applies to every Region or account; use --region and --account for exact ARNs');
  }
  const Action = 'lambda:InvokeFunction';
  return [
    { Effect: 'Allow', Action, Resource: operations.map((operation) => `${prefix}${functionName(operation)}`) },
    { Effect: 'Deny', Action, Resource: [`${prefix}*:${gatewayAlias}`, `${prefix}${forwarder}*`] },
  ];
}

function buildRouteArns(operations: readonly Operation[], options: PolicyOptions, notes: string[]): string[] {
  const { partition, region, account, api, key } = options;
  if (key !== undefined && !/^[\w.*-]+$/.test(key)) {
    throw new PolicyRequestError(
      '--key may contain only letters, digits and _ . * -; write each slash as a dot, as in alias.payments',
    );
  }
  return operations.flatMap((operation) => {
    const routes = operation.routes.filter((route) => key === undefined || hasKeyInPath(operation, route));
    if (routes.length === 0)
      throw new PolicyRequestError(
        `a policy cannot restrict ${operation.name} to a key, because its routes do not contain the key`,
      );
    if (key !== undefined) notes.push(...buildNotes(operation));
    const filled = routes.map(({ method, path }) => {
      return method + path.replaceAll(/\{(\w+)\}/g, (_, name: string) => fillParameter(operation, name, key));
    });
    // In IAM, `*` also matches slashes. At the end of a route, `*` would also allow every longer route.
    const exact = filled.filter((route) => !route.endsWith('*'));
    const paths = exact.length > 0 ? exact : filled;
    return paths.map((route) => `arn:${partition}:execute-api:${region}:${account}:${api}/$default/${route}`);
  });
}

/** Returns `true` if the route's path contains the key, or if the operation has no key to restrict. */
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
  if (members.length === 0)
    return [`${operation.name} does not use a key, so the policy allows it without restrictions`];
  const describe = (member: string, keys: string) =>
    `${operation.name} has ${member} in the request body, so the policy cannot restrict ${keys}`;
  return [
    ...members.filter((member) => !path.includes(`{${member}}`)).map((member) => describe(member, 'that key')),
    ...keyListMembers(operation).map((member) => describe(member, 'those keys')),
  ];
}
