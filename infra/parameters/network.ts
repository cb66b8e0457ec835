import * as z from 'zod';
import { isLoopbackUrl } from '../../shared/http/loopback.ts';
import { httpsUrl, listOf, onOff, parameter } from './parameter.ts';

export const networkParameters = {
  fips: parameter({
    schema: onOff,
    default: 'off',
    rule: 'must be `on` or `off`',
    description: 'Controls whether the functions call the FIPS endpoint of KMS.',
    example: 'on',
    excludes: 'endpoint',
  }),
  endpoint: parameter({
    schema: httpsUrl.refine((url) => !isLoopbackUrl(url)),
    unset: "the KMS endpoint in the service's Region",
    rule: 'must be an https URL without a loopback host',
    description: 'URL of the KMS endpoint that the functions call, such as a VPC endpoint.',
    example: 'https://vpce-0123456789abcdef0-abcdefgh.kms.us-east-1.vpce.amazonaws.com',
  }),
  domainName: parameter({
    schema: z.string().regex(/^(?!.{254})([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/),
    rule: 'must be a fully qualified domain name in lowercase',
    description:
      "Custom domain name for the API. Create a DNS record that points to the stack output `DomainTarget`. This parameter disables the API's default endpoint.",
    example: 'keys.example.com',
    needs: [{ parameter: 'certificateArn' }],
  }),
  certificateArn: parameter({
    schema: z.string().regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+$/),
    rule: 'must be the ARN of an ACM certificate',
    description: "ACM certificate for `domainName`. The certificate must be in the service's Region.",
    example: 'arn:aws:acm:us-east-1:111122223333:certificate/1234abcd-12ab-34cd-56ef-1234567890ab',
    needs: [{ parameter: 'domainName' }],
  }),
  corsOrigins: parameter({
    schema: listOf(z.string().regex(/^https:\/\/[a-z0-9.-]+(:\d{1,5})?$/)),
    unset: 'no cross-origin requests',
    rule: 'must be a list of lowercase https origins without paths',
    description: 'Origins of the web pages that may call the API from a browser.',
    example: 'https://console.example.com',
  }),
};
