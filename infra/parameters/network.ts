import * as z from 'zod';
import { isLoopbackUrl } from '../../shared/http/loopback.ts';
import { httpsUrl, listOf, onOff, parameter } from './parameter.ts';

export const networkParameters = {
  fips: parameter({
    schema: onOff,
    default: 'off',
    rule: 'must be `on` or `off`',
    description: 'Whether the functions call the KMS FIPS endpoint.',
    example: 'on',
    excludes: 'endpoint',
  }),
  endpoint: parameter({
    schema: httpsUrl.refine((url) => !isLoopbackUrl(url)),
    unset: 'the KMS endpoint of the Region',
    rule: 'must be an https URL that is not a loopback address',
    description: 'KMS endpoint that the functions call, such as a VPC endpoint.',
    example: 'https://vpce-0123456789abcdef0-abcdefgh.kms.us-east-1.vpce.amazonaws.com',
  }),
  domainName: parameter({
    schema: z.string().regex(/^(?!.{254})([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/),
    rule: 'must be a lowercase domain name',
    description:
      "Custom domain name of the API. Point its DNS record to the stack's output `DomainTarget`. The API's default endpoint is disabled.",
    example: 'keys.example.com',
    needs: [{ parameter: 'certificateArn' }],
  }),
  certificateArn: parameter({
    schema: z.string().regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]+$/),
    rule: 'must be the ARN of an ACM certificate',
    description: "Certificate for `domainName`, in the service's Region.",
    example: 'arn:aws:acm:us-east-1:111122223333:certificate/1234abcd-12ab-34cd-56ef-1234567890ab',
    needs: [{ parameter: 'domainName' }],
  }),
  corsOrigins: parameter({
    schema: listOf(z.string().regex(/^https:\/\/[a-z0-9.-]+(:\d{1,5})?$/)),
    unset: 'no cross-origin requests',
    rule: 'must be a list of https origins without a path',
    description: 'Origins whose web pages may call the API from a browser.',
    example: 'https://console.example.com',
  }),
};
