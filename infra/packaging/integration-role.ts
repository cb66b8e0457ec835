import { buildTagList } from '../deployment/tags.ts';
import type { Template } from './osls.ts';

/** The logical id of the role with which API Gateway invokes the functions. */
export const integrationRole = 'GatewayIntegrationRole';

/**
 * Makes API Gateway invoke the functions with one role instead of a permission for each function, which saves a resource
 * for each function (https://docs.aws.amazon.com/apigatewayv2/latest/api-reference/apis-apiid-integrations.html,
 * `credentialsArn`). The role allows only the aliases. Call this function after osls has compiled the routes.
 */
export function useIntegrationRole(resources: Template['Resources'], stage: string): void {
  for (const [id, { Type, Properties }] of Object.entries(resources)) {
    if (Type === 'AWS::Lambda::Permission' && Properties.Principal === 'apigateway.amazonaws.com') delete resources[id];
    if (Type === 'AWS::ApiGatewayV2::Integration')
      Properties.CredentialsArn = { 'Fn::GetAtt': [integrationRole, 'Arn'] };
  }
  const aliases = Object.keys(resources).filter((id) => resources[id]?.Type === 'AWS::Lambda::Alias');
  if (aliases.length > 0) resources[integrationRole] = buildRole(aliases, stage);
}

/**
 * Builds the role. Its trust policy has no condition, because API Gateway sends neither `aws:SourceAccount` nor
 * `aws:SourceArn` when it assumes a role for an integration
 * (https://github.com/aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws/pull/479). Only
 * identities in this account with `iam:PassRole` can give the role to an API
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html).
 */
function buildRole(aliases: readonly string[], stage: string) {
  return {
    Type: 'AWS::IAM::Role',
    Properties: {
      Description: `kms-functions-${stage}: invocation by API Gateway`,
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [
        {
          PolicyName: 'invoke',
          PolicyDocument: {
            Version: '2012-10-17',
            // A reference to an alias returns its ARN, which contains the function's name and the alias.
            Statement: [
              { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: aliases.map((Ref) => ({ Ref })) },
            ],
          },
        },
      ],
      Tags: buildTagList({ stage }),
    },
  };
}
