import type { Deployment } from '../deployment.ts';
import { tagMap } from '../tags.ts';
import { httpApi, httpApiStage } from './stage.ts';

/** The parameter `domainName`: the domain, and the API on it. The name itself is pointed there by whoever owns it. */
export function domainResources(deployment: Deployment): Record<string, object> {
  const { domainName, certificateArn } = deployment.parameters;
  if (domainName === undefined) return {};
  return {
    Domain: {
      Type: 'AWS::ApiGatewayV2::DomainName',
      Properties: {
        DomainName: domainName,
        DomainNameConfigurations: [
          { CertificateArn: certificateArn, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
        ],
        Tags: tagMap(deployment),
      },
    },
    DomainMapping: {
      Type: 'AWS::ApiGatewayV2::ApiMapping',
      DependsOn: [httpApiStage],
      Properties: { ApiId: { Ref: httpApi }, DomainName: { Ref: 'Domain' }, Stage: '$default' },
    },
  };
}

export function domainOutputs({ parameters }: Deployment): Record<string, object> {
  if (parameters.domainName === undefined) return {};
  const regional = (name: string) => ({ 'Fn::GetAtt': ['Domain', name] });
  return {
    DomainTarget: { Description: 'Where the domain name points to', Value: regional('RegionalDomainName') },
    DomainHostedZoneId: { Description: 'For an alias record of Route 53', Value: regional('RegionalHostedZoneId') },
  };
}
