import { functionName, type Operation, type Route } from '../../shared/declaration/operation.ts';
import { arn } from '../deployment/arn.ts';
import { type Deployment, selectCallerOperations } from '../deployment/deployment.ts';
import { httpApi } from '../deployment/logical-ids.ts';
import { buildTagList } from '../deployment/tags.ts';

/** The maximum session duration. One hour is the shortest maximum that IAM accepts. */
const maxSessionSeconds = 3_600;

/**
 * The number of ARNs in one managed policy. A policy has at most 6,144 characters, and a role at most 10 policies
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). The longest ARN has about 130
 * characters.
 */
const maxArnsPerPolicy = 40;

/**
 * Builds the roles that identities in other accounts assume to call the service (parameter `callerAccounts`). Roles are
 * the only way to allow these callers, because HTTP APIs do not support resource policies. Each account has its own
 * role, so that the functions can distinguish the accounts.
 */
export function buildCallersRoles(deployment: Deployment): Record<string, object> {
  const { callerAccounts = [] } = deployment.parameters;
  if (callerAccounts.length === 0) return {};
  const roles = callerAccounts.map((account) => [callersRoleId(account), buildRole(account, deployment)] as const);
  return { ...Object.fromEntries(roles), ...buildPolicies(deployment, callerAccounts.map(callersRoleId)) };
}

function callersRoleId(account: string): string {
  return `CallersRole${account}`;
}

function buildRole(account: string, deployment: Deployment): object {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      // With `tenantField=role`, the name is a tenant, so it must stay the same if the role is replaced. The name has
      // at most 64 characters.
      RoleName: { 'Fn::Sub': `${deployment.name}-from-${account}-\${AWS::Region}` },
      Description: `${deployment.name}: role for callers in account ${account}`,
      MaxSessionDuration: maxSessionSeconds,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { AWS: { 'Fn::Sub': `arn:\${AWS::Partition}:iam::${account}:root` } },
            Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
          },
        ],
      },
      Tags: buildTagList(deployment),
    },
  };
}

/**
 * Builds the managed policies that all callers' roles share. In a deployment with tenants, these policies do not allow
 * direct invocation, because Lambda does not identify the invoker's tenant.
 */
function buildPolicies(deployment: Deployment, roleIds: readonly string[]): Record<string, object> {
  const called = selectCallerOperations(deployment);
  const allowed = called.flatMap(({ routes }) => routes);
  const shadowed = findShadowedRoutes(called, deployment.operations);
  const functions = deployment.parameters.tenantField === undefined ? called : [];
  const invoke = 'execute-api:Invoke';
  const statements = [
    ...splitStatement('Routes', 'Allow', invoke, allowed.map(buildRouteArn)),
    ...splitStatement('OtherRoutes', 'Deny', invoke, shadowed.map(buildRouteArn)),
    ...splitStatement(
      'Functions',
      'Allow',
      'lambda:InvokeFunction',
      functions.map((operation) => arn('lambda', `function:${deployment.name}-${functionName(operation)}`)),
    ),
  ];
  return Object.fromEntries(
    statements.map(([name, statement]) => [
      `Callers${name}`,
      {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          Description: `${deployment.name}: callers in other accounts`,
          Roles: roleIds.map((id) => ({ Ref: id })),
          PolicyDocument: { Version: '2012-10-17', Statement: [statement] },
        },
      },
    ]),
  );
}

/** Splits a statement into named statements, each of which fits into one policy. */
function splitStatement(name: string, Effect: 'Allow' | 'Deny', Action: string, resources: readonly object[]) {
  const count = Math.ceil(resources.length / maxArnsPerPolicy);
  return Array.from({ length: count }, (_, index) => {
    const Resource = resources.slice(index * maxArnsPerPolicy, (index + 1) * maxArnsPerPolicy);
    return [`${name}Policy${index + 1}`, { Effect, Action, Resource }] as const;
  });
}

/** Returns the routes of other operations that the patterns of the allowed routes also match. */
function findShadowedRoutes(called: readonly Operation[], all: readonly Operation[]): Route[] {
  const allowed = called.flatMap(({ routes }) => routes);
  return all
    .filter((operation) => !called.includes(operation))
    .flatMap(({ routes }) => routes)
    .filter((route) => allowed.some((pattern) => matchesPattern(pattern, route)));
}

function toPattern({ method, path }: Route): string {
  return `${method}${path.replaceAll(/\{\w+\}/g, '*')}`;
}

/** Matches as IAM does. `*` includes slashes, so `GET/keys/*` matches `GET /keys/{KeyId}` and all `GET` routes below it. */
function matchesPattern(pattern: Route, route: Route): boolean {
  const expression = toPattern(pattern)
    .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*');
  return new RegExp(`^${expression}$`).test(toPattern(route));
}

function buildRouteArn(route: Route): object {
  return arn('execute-api', `\${${httpApi}}/$default/${toPattern(route)}`);
}
