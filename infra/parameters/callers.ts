import * as z from 'zod';
import { accountId, httpsUrl, listOf, parameter } from './parameter.ts';

const withJwt = [{ parameter: 'auth', value: 'jwt' }] as const;

export const callerParameters = {
  auth: parameter({
    schema: z.enum(['iam', 'jwt']),
    default: 'iam',
    rule: 'must be `iam` or `jwt`',
    description:
      'How API Gateway authenticates callers. `iam`: by signed requests (Signature Version 4). `jwt`: by bearer tokens from `jwtIssuer`.',
    example: 'jwt',
    needs: [
      { parameter: 'jwtIssuer', when: /^jwt$/ },
      { parameter: 'jwtAudience', when: /^jwt$/ },
    ],
  }),
  jwtIssuer: parameter({
    schema: httpsUrl,
    rule: 'must be an https URL',
    description:
      'Issuer of the tokens, as in their `iss` claim. `/.well-known/openid-configuration` below this URL must be public.',
    example: 'https://login.example.com/',
    needs: withJwt,
  }),
  jwtAudience: parameter({
    schema: listOf(z.string().min(1)),
    rule: 'must be a list of audiences',
    description: 'Accepted audiences. The `aud` or `client_id` claim of a token must contain one of them.',
    example: 'kms-functions',
    needs: withJwt,
  }),
  scopePrefix: parameter({
    schema: z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{0,100}$/),
    default: 'kms-functions/',
    rule: 'must be at most 100 characters, all of them valid in a scope',
    description:
      'Prefix of scopes. A token needs the scope of the operation or of its group: `kms-functions/Encrypt` or `kms-functions/crypto`.',
    example: 'https://keys.example.com/',
    needs: withJwt,
  }),
  keysClaim: parameter({
    schema: z.string().regex(/^[\w:./-]{1,200}$/),
    unset: 'all keys that the roles allow',
    rule: 'must be the name of a claim',
    description:
      'Claim that lists the keys that the caller may use. A token without this claim does not give access to any key.',
    example: 'kms_keys',
    needs: withJwt,
  }),
  directKeys: parameter({
    schema: listOf(z.string().regex(/^\S{1,300}$/)),
    unset: 'all keys that the roles allow',
    rule: 'must be a list of keys',
    description:
      'Keys that callers may use by direct invocation, separated by commas. The format is the same as in the claim `keysClaim`.',
    example: 'alias/payments/*,tag:team=payments',
  }),
  callerAccounts: parameter({
    schema: listOf(accountId),
    rule: 'must be a list of 12-digit account ids',
    description:
      'Other accounts whose identities may call the service. Administrators of these accounts let their identities assume the role for callers.',
    example: '111122223333',
  }),
  callerOperations: parameter({
    schema: z.string(),
    default: 'crypto',
    rule: 'must be `all`, or a list of `default`, groups and operations',
    description:
      'Operations that the role for callers in other accounts may call. Operations that are not deployed are ignored.',
    example: 'Encrypt,Decrypt',
    needs: [{ parameter: 'callerAccounts' }],
  }),
};
