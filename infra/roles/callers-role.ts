import { functionName, type Operation, type Route } from '../../shared/declaration/operation.ts';
import { arn } from '../arn.ts';
import { callerOperations, type Deployment } from '../deployment.ts';
import { httpApi } from '../gateway/stage.ts';
import { tagsOf } from '../tags.ts';
import type { Statement } from './statement.ts';

const roleId = 'CallersRole';
/** The shortest that a role can say: whoever assumes it again is asked again. */
const maxSessionSeconds = 3_600;

/**
 * The parameter `callerAccounts`: a role that identities of other accounts assume to call the service. HTTP APIs have no
 * policies of their own, so there is no other way in for them.
 */
export function callersRoleResources(deployment: Deployment): Record<string, object> {
  const { callerAccounts } = deployment.parameters;
  if (callerAccounts === undefined) return {};
  const called = callerOperations(deployment);
  return {
    [roleId]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        RoleName: { 'Fn::Sub': `${deployment.name}-callers-\${AWS::Region}` },
        Description: `${deployment.name}: callers of other accounts`,
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
        Policies: [policy('routes', routeStatements(called, deployment.operations))],
        Tags: tagsOf(deployment),
      },
    },
    // Apart from the role: both together would be more than the policies inside a role may say.
    CallersFunctionsPolicy: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: {
        Description: `${deployment.name}: direct invocation by callers of other accounts`,
        Roles: [{ Ref: roleId }],
        PolicyDocument: policy('functions', [
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

function policy(PolicyName: string, Statement: readonly Statement[]) {
  return { PolicyName, PolicyDocument: { Version: '2012-10-17', Statement } };
}

/** The called routes; and where one of their patterns would let in a route that is not called, that one is denied. */
function routeStatements(called: readonly Operation[], all: readonly Operation[]): Statement[] {
  const allowed = called.flatMap(({ routes }) => routes);
  const shadowed = all
    .filter((operation) => !called.includes(operation))
    .flatMap(({ routes }) => routes)
    .filter((route) => allowed.some((pattern) => covers(pattern, route)));
  return [
    { Effect: 'Allow', Action: 'execute-api:Invoke', Resource: allowed.map(routeArn) },
    ...(shadowed.length === 0
      ? []
      : [{ Effect: 'Deny' as const, Action: 'execute-api:Invoke', Resource: shadowed.map(routeArn) }]),
  ];
}

function patternOf({ method, path }: Route): string {
  return `${method}${path.replaceAll(/\{\w+\}/g, '*')}`;
}

/** In a policy a star stands for slashes, too: `GET/keys/*` is `GET /keys/{KeyId}` and all that lies below it. */
function covers(pattern: Route, route: Route): boolean {
  const expression = patternOf(pattern)
    .replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*');
  return new RegExp(`^${expression}$`).test(patternOf(route));
}

function routeArn(route: Route): object {
  return arn('execute-api', `\${${httpApi}}/$default/${patternOf(route)}`);
}
