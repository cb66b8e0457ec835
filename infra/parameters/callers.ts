import * as z from 'zod';
import { accountId, httpsUrl, listOf, parameter } from './parameter.ts';

/** Each account needs a role, and a stack has at most 500 resources. */
const maxCallerAccounts = 50;

const withJwt = [{ parameter: 'auth', value: 'jwt' }] as const;

export const callerParameters = {
  auth: parameter({
    schema: z.enum(['iam', 'jwt']),
    default: 'iam',
    rule: 'must be `iam` or `jwt`',
    description:
      'Authentication that API Gateway requires. `iam` requires signed requests (Signature Version 4). `jwt` requires bearer tokens from `jwtIssuer`.',
    example: 'jwt',
    local: {
      applied: true,
      note: 'By default, it accepts every caller. It does not verify signatures ([guide](../guides/rehearsing.md)).',
    },
    needs: [
      { parameter: 'jwtIssuer', when: /^jwt$/ },
      { parameter: 'jwtAudience', when: /^jwt$/ },
    ],
  }),
  jwtIssuer: parameter({
    schema: httpsUrl,
    rule: 'must be an https URL',
    description:
      'Token issuer, exactly as in the `iss` claim. API Gateway must be able to fetch `/.well-known/openid-configuration` below this URL, so the document must be public. API Gateway also fetches the document during the deployment, so the issuer must be reachable at that time. Tokens must be signed with RSA, because HTTP APIs support no other algorithms.',
    example: 'https://login.example.com/',
    local: { applied: true, note: 'Only the claim `iss` is checked. The issuer is never called.' },
    needs: withJwt,
  }),
  jwtAudience: parameter({
    schema: listOf(z.string().min(1)),
    rule: 'must be a list of non-empty audiences',
    description:
      'Accepted token audiences. The `aud` or `client_id` claim must contain at least one accepted audience.',
    example: 'kms-functions',
    local: { applied: true },
    needs: withJwt,
  }),
  scopePrefix: parameter({
    schema: z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{0,100}$/),
    default: 'kms-functions/',
    rule: 'must be at most 100 printable ASCII characters, except space, `"` and `\\`',
    description:
      'Prefix of token scopes. To call an operation, a token needs the scope for the operation or for its group. With the default prefix, Encrypt requires `kms-functions/Encrypt` or `kms-functions/crypto`.',
    example: 'https://keys.example.com/',
    local: { applied: true },
    needs: withJwt,
  }),
  keysClaim: parameter({
    schema: z.string().regex(/^[\w:./-]{1,200}$/),
    unset: "all keys that the functions' roles allow",
    rule: 'must be a claim name of 1 to 200 characters from `A-Z a-z 0-9 _ : . / -`',
    description:
      'Token claim that lists the keys that the caller may use. If the token lacks this claim, the functions reject every request that contains a key.',
    example: 'kms_keys',
    local: { applied: true },
    needs: withJwt,
  }),
  directKeys: parameter({
    schema: listOf(z.string().regex(/^\S{1,300}$/)),
    unset: "all keys that the functions' roles allow",
    rule: 'must be a list of key ids, key ARNs, alias names or tags (`tag:KEY=VALUE`)',
    description:
      'Keys that callers may use through direct invocation. Entries have the same format as in the claim that `keysClaim` specifies.',
    example: 'alias/payments/*,tag:team=payments',
    local: { applied: true },
  }),
  callerAccounts: parameter({
    schema: listOf(accountId).refine((ids) => ids.length <= maxCallerAccounts && new Set(ids).size === ids.length),
    rule: `must be a list of 1 to ${maxCallerAccounts} different 12-digit account ids`,
    description:
      "Other accounts whose identities may call the service. For each account, the stack includes the role `kms-functions-STAGE-from-ACCOUNT-REGION`. Each account must exist. An account's administrators must allow its identities to assume the role. With `tenantField`, these roles do not allow direct invocation.",
    example: '111122223333',
    local: {
      applied: true,
      note: 'The access key id `kms-functions-local-from-ACCOUNT` represents a caller with the role for the account.',
    },
    needs: [{ parameter: 'auth', value: 'iam' }],
  }),
  callerOperations: parameter({
    schema: z.string(),
    default: 'crypto',
    rule: 'must be `all`, or a list of groups (such as `crypto`), operations (such as `Encrypt`) and `default`',
    description:
      'Operations that callers in other accounts may call through their role. Operations outside the deployment have no effect.',
    example: 'Encrypt,Decrypt',
    local: { applied: true, note: 'The local API checks the callers. Direct invocation does not.' },
    needs: [{ parameter: 'callerAccounts' }],
  }),
};
