import * as z from 'zod';
import { isLoopbackUrl } from '../../shared/http/loopback.ts';
import { httpsUrl, listOf, onOff, parameter, uniqueList } from './parameter.ts';

/** The quotas of a function's VPC configuration (https://docs.aws.amazon.com/lambda/latest/api/API_VpcConfig.html). */
const maxSubnets = 16;
const maxSecurityGroups = 5;

export const networkParameters = {
  fips: parameter({
    schema: onOff,
    default: 'off',
    rule: 'must be `on` or `off`',
    description: 'Controls whether the functions call the KMS FIPS endpoint.',
    example: 'on',
    local: { applied: false, reason: 'the emulator has only one endpoint' },
    excludes: ['endpoint'],
  }),
  endpoint: parameter({
    schema: httpsUrl.refine((url) => !isLoopbackUrl(url)),
    unset: "the KMS endpoint in the service's Region",
    rule: 'must be an https URL without a loopback host',
    description:
      "URL of the KMS endpoint that the functions call, such as a VPC endpoint. The endpoint must be in the service's Region. If the VPC endpoint has private DNS names, set only the VPC parameters.",
    example: 'https://vpce-0123456789abcdef0-abcdefgh.kms.us-east-1.vpce.amazonaws.com',
    local: { applied: false, reason: 'it calls only the emulator' },
    needs: [{ parameter: 'vpcSubnetIds', when: /\.vpce\.amazonaws\.com/, whenText: "A VPC endpoint's host name" }],
    // Requests to KMS are signed for one Region, and an endpoint belongs to one Region.
    excludes: ['regions'],
  }),
  vpcSubnetIds: parameter({
    schema: listOf(z.string().regex(/^subnet-[0-9a-f]{8,17}$/)).pipe(uniqueList(maxSubnets)),
    unset: 'no VPC',
    rule: `must be a list of 1 to ${maxSubnets} different subnet ids`,
    description:
      'Subnets in which all functions run. Use private subnets in at least two Availability Zones. Through VPC endpoints or a NAT gateway, the functions must reach KMS, and the audit forwarder must reach CloudWatch Logs, EventBridge (with `eventBus`) and SNS (with `alarmTopicArn`). With `bulk`, the worker for lists must reach S3 and Lambda.',
    example: 'subnet-0123456789abcdef0,subnet-0123456789abcdef1',
    local: { applied: false, reason: 'it has no network interfaces' },
    needs: [{ parameter: 'vpcSecurityGroupIds' }],
  }),
  vpcSecurityGroupIds: parameter({
    schema: listOf(z.string().regex(/^sg-[0-9a-f]{8,17}$/)).pipe(uniqueList(maxSecurityGroups)),
    rule: `must be a list of 1 to ${maxSecurityGroups} different security group ids`,
    description:
      'Security groups for all functions. The groups must allow outbound HTTPS (port 443) to the VPC endpoints or the NAT gateway. They need no inbound rules.',
    example: 'sg-0123456789abcdef0',
    local: { applied: false, reason: 'it has no network interfaces' },
    needs: [{ parameter: 'vpcSubnetIds' }],
  }),
  domainName: parameter({
    schema: z.string().regex(/^(?!.{254})([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/),
    rule: 'must be a fully qualified domain name in lowercase',
    description:
      "Custom domain name for the API. Create a DNS record that points to the stack output `DomainTarget`. This parameter disables the API's default endpoint.",
    example: 'keys.example.com',
    local: { applied: false, reason: 'its API has no custom domain' },
    needs: [{ parameter: 'certificateArn' }],
  }),
  certificateArn: parameter({
    schema: z.string().regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+$/),
    rule: 'must be the ARN of an ACM certificate',
    description: "ACM certificate for `domainName`. The certificate must be in the service's Region.",
    example: 'arn:aws:acm:us-east-1:111122223333:certificate/1234abcd-12ab-34cd-56ef-1234567890ab',
    local: { applied: false, reason: 'its API has no custom domain' },
    needs: [{ parameter: 'domainName' }],
  }),
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-properties-apigatewayv2-domainname-domainnameconfiguration.html
  truststoreUri: parameter({
    schema: z.string().regex(/^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/\S{1,1024}$/),
    unset: 'no client certificates',
    rule: 'must be the S3 URI of an object, such as `s3://BUCKET/truststore.pem`',
    description:
      'Certificates of the authorities whose client certificates `domainName` accepts (mutual TLS), in PEM format. Callers need such a certificate in addition to a signature or a token. The identity that deploys must be able to read the object. With this parameter, `certificateArn` must be a public certificate that ACM issued, not an imported or private certificate.',
    example: 's3://example-bucket/truststore.pem',
    local: { applied: false, reason: 'its API has no custom domain' },
    needs: [{ parameter: 'domainName' }],
  }),
  corsOrigins: parameter({
    schema: listOf(z.string().regex(/^https:\/\/[a-z0-9.-]+(:\d{1,5})?$/)),
    unset: 'no cross-origin requests',
    rule: 'must be a list of lowercase https origins without paths',
    description: 'Origins of the web pages that may call the API from a browser.',
    example: 'https://console.example.com',
    local: { applied: true, note: 'Web pages from this machine may call the API, too.' },
  }),
};
