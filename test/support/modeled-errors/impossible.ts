import type { AwsOperationName } from '../../../functions/all-operations.ts';
import type { ErrorCode } from '../../../shared/declaration/error-catalogue.ts';

const everyOperation = 'every operation';
const inEveryState = 'AWS allows the operation in every key state';
const simulated = 'the emulator does not call clusters, proxies or VPC endpoints (decision 13)';
const proxied: readonly AwsOperationName[] = ['CreateCustomKeyStore', 'UpdateCustomKeyStore'];

/** The modeled errors that the emulator cannot return, with the reasons. */
const impossibleErrors: readonly (readonly [
  error: ErrorCode,
  operations: readonly AwsOperationName[] | typeof everyOperation,
  reason: string,
])[] = [
  ['KMSInternalException', everyOperation, 'a caller cannot cause a service fault'],
  ['DependencyTimeoutException', everyOperation, 'the emulator does not depend on other services'],
  ['KeyUnavailableException', everyOperation, 'a caller cannot cause a transient service fault'],
  [
    'KMSInvalidStateException',
    [
      'DeleteAlias',
      'GetKeyPolicy',
      'GetKeyRotationStatus',
      'ListGrants',
      'ListKeyPolicies',
      'ListKeyRotations',
      'PutKeyPolicy',
      'RetireGrant',
      'RevokeGrant',
    ],
    inEveryState,
  ],
  ['DisabledException', ['GetPublicKey'], 'AWS returns the public key of a disabled key (recorded)'],
  ['InvalidKeyUsageException', ['GetPublicKey'], 'every asymmetric key has a public key'],
  ['NotFoundException', ['ListRetirableGrants'], 'AWS returns an empty list for a principal without grants'],
  ['InvalidArnException', ['CreateKey'], 'the emulator does not look up the ARNs in a key policy'],
  [
    'UnsupportedOperationException',
    ['GetKeyRotationStatus', 'ListKeyRotations'],
    'AWS reports that keys that cannot rotate have no rotations (recorded)',
  ],
  [
    'UnsupportedOperationException',
    ['PutKeyPolicy'],
    'all keys in the emulator are customer managed keys, which accept a policy',
  ],
  ['LimitExceededException', ['EnableKey'], 'keys count towards the quota in every state'],
  ['LimitExceededException', ['TagResource'], 'KMS returns TagException for too many tags'],
  [
    'CloudHsmClusterInvalidConfigurationException',
    ['ConnectCustomKeyStore', 'CreateCustomKeyStore', 'CreateKey', 'UpdateCustomKeyStore'],
    simulated,
  ],
  [
    'CloudHsmClusterNotActiveException',
    ['ConnectCustomKeyStore', 'CreateCustomKeyStore', 'UpdateCustomKeyStore'],
    simulated,
  ],
  ['CloudHsmClusterNotFoundException', proxied, simulated],
  ['CloudHsmClusterNotRelatedException', ['UpdateCustomKeyStore'], simulated],
  ['XksKeyInvalidConfigurationException', ['CreateKey'], simulated],
  ['XksKeyNotFoundException', ['CreateKey'], simulated],
  ['XksProxyIncorrectAuthenticationCredentialException', proxied, simulated],
  ['XksProxyInvalidConfigurationException', proxied, simulated],
  ['XksProxyInvalidResponseException', proxied, simulated],
  ['XksProxyUriUnreachableException', proxied, simulated],
  ['XksProxyVpcEndpointServiceInvalidConfigurationException', proxied, simulated],
];

export function isImpossible(operation: AwsOperationName, error: ErrorCode): boolean {
  return impossibleErrors.some(
    ([code, operations]) => code === error && (operations === everyOperation || operations.includes(operation)),
  );
}

/** Rows for single operations. */
export const impossibleRows: readonly { readonly operation: AwsOperationName; readonly error: ErrorCode }[] =
  impossibleErrors.flatMap(([error, operations]) =>
    operations === everyOperation ? [] : operations.map((operation) => ({ operation, error })),
  );
