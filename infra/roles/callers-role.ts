import { functionName, type Operation, type Route } from '../../shared/declaration/operation.ts';
import { arn } from '../deployment/arn.ts';
import { type Deployment, selectCallerOperations } from '../deployment/deployment.ts';
import { httpApi } from '../deployment/logical-ids.ts';
import { buildTagList } from '../deployment/tags.ts';
import type { Statement } from './statement.ts';

const callersRole = 'CallersRole';

/** The maximum session duration. One hour is the shortest maximum that IAM accepts. */
const maxSessionSeconds = 3_600;

/**
 * Builds the role that identities in other accounts assume to call the service (parameter `callerAccounts`). A role is the
 * only way to allow these callers, because HTTP APIs do not support resource policies.
 */
export function buildCallersRole(deployment: Deployment): Record<string, object> {
  const { callerAccounts } = deployment.parameters;
  if (callerAccounts === undefined) return {};
  const called = selectCallerOperations(deployment);
  return {
    [callersRole]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: { 'Fn::Sub': `${deployment.name}-callers-\${AWS::Region}` },
        Description: `${deployment.name}: role for callers in other accounts`,
        MaxSessionDuration: maxSessionSeconds,
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            {
              Effect: 'Allow',
              Principal: { AWS: callerAccounts.map((id) => ({ 'Fn::Sub': `arn:\${AWS::Partition}:iam::${id}:root` })) },
              Action: ['sts:AssumeRole', 'sts:SetSourceIdentity', 'sts:TagSession'],
            },
          ],
        },
        Policies: [buildPolicy('routes', buildRouteStatements(called, deployment.operations))],
        Tags: buildTagList(deployment),
      },
    },
    // Both policies together exceed the size limit for inline policies, so this policy is a managed policy.
    CallersFunctionsPolicy: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: {
        Description: `${deployment.name}: direct invocation by callers in other accounts`,
        Roles: [{ Ref: callersRole }],
        PolicyDocument: buildPolicy('functions', [
          {
            Effect: 'Allow',
            Action: 'lambda:InvokeFunction',
            Resource: called.map((operation) =>
              arn('lambda', `function:${deployment.name}-${functionName(operation)}`),
            ),
          },
        ]).PolicyDocument,
      },
    },
  };
}

function buildPolicy(PolicyName: string, Statement: readonly Statement[]) {
  return { PolicyName, PolicyDocument: { Version: '2012-10-17', Statement } };
}

/** Builds statements that allow the routes of `called`, and deny all other routes that the allowed patterns also match. */
function buildRouteStatements(called: readonly Operation[], all: readonly Operation[]): Statement[] {
  const allowed = called.flatMap(({ routes }) => routes);
  const shadowed = all
    .filter((operation) => !called.includes(operation))
    .flatMap(({ routes }) => routes)
    .filter((route) => allowed.some((pattern) => matchesPattern(pattern, route)));
  return [
    { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: allowed.map(buildRouteArn) },
    ...(shadowed.length === 0
      ? []
      : [{ Effect: 'Deny' as const, Action: 'execute-api:Invoke', Resource: shadowed.map(buildRouteArn) }]),
  ];
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
