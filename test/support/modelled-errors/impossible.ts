import type { AwsOperationName } from '../../../functions/all-operations.ts';
import type { ErrorCode } from '../../../shared/declaration/error-catalogue.ts';

const everyOperation = 'every operation';
const inEveryState = 'AWS allows the operation in every key state';
const simulated = 'the emulator calls no cluster, proxy or VPC (decision 13)';
const proxied: readonly AwsOperationName[] = ['CreateCustomKeyStore', 'UpdateCustomKeyStore'];

/** The modelled errors that the emulator cannot return, with the reason. */
const impossibleErrors: readonly (readonly [
  error: ErrorCode,
  operations: readonly AwsOperationName[] | typeof everyOperation,
  reason: string,
])[] = [
  ['KMSInternalException', everyOperation, 'no caller can cause a fault of the service'],
  ['DependencyTimeoutException', everyOperation, 'the emulator depends on no other service'],
  ['KeyUnavailableException', everyOperation, 'a transient fault of the service'],
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
  ['DisabledException', ['GetPublicKey'], 'AWS returns the public key of a disabled key, as recorded'],
  ['InvalidKeyUsageException', ['GetPublicKey'], 'every asymmetric key has a public key'],
  ['NotFoundException', ['ListRetirableGrants'], 'a principal without grants has an empty list'],
  ['InvalidArnException', ['CreateKey'], 'the emulator does not look up the ARNs in a key policy'],
  [
    'UnsupportedOperationException',
    ['PutKeyPolicy'],
    'all keys of the emulator are customer managed keys, which accept a policy',
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
