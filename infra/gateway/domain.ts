import type { Deployment } from '../deployment/deployment.ts';
import { httpApi, httpApiStage } from '../deployment/logical-ids.ts';
import { buildTags } from '../deployment/tags.ts';

/** Builds the API's custom domain (parameter `domainName`). The stack does not contain the domain's DNS record. */
export function buildDomain(deployment: Deployment): Record<string, object> {
  const { domainName, certificateArn, truststoreUri } = deployment.parameters;
  if (domainName === undefined) return {};
  return {
    Domain: {
      Type: 'AWS::ApiGatewayV2::DomainName',
      Properties: {
        DomainName: domainName,
        DomainNameConfigurations: [
          { CertificateArn: certificateArn, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
        ],
        ...(truststoreUri === undefined ? {} : { MutualTlsAuthentication: { TruststoreUri: truststoreUri } }),
        Tags: buildTags(deployment),
      },
    },
    DomainMapping: {
      Type: 'AWS::ApiGatewayV2::ApiMapping',
      DependsOn: [httpApiStage],
      Properties: { ApiId: { Ref: httpApi }, DomainName: { Ref: 'Domain' }, Stage: '$default' },
    },
  };
}

export function buildDomainOutputs({ parameters }: Deployment): Record<string, object> {
  if (parameters.domainName === undefined) return {};
  const regional = (name: string) => ({ 'Fn::GetAtt': ['Domain', name] });
  return {
    ApiUrl: { Description: 'URL of the API', Value: `https://${parameters.domainName}` },
    DomainTarget: { Description: "Target for the custom domain's DNS record", Value: regional('RegionalDomainName') },
    DomainHostedZoneId: {
      Description: 'Hosted zone ID for a Route 53 alias record',
      Value: regional('RegionalHostedZoneId'),
    },
  };
}
