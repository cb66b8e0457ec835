export const everyOperation = 'every operation';
const ofAnyState = "AWS's key-states page lets the operation pass in every state";
const simulated = 'no cluster, proxy or VPC is asked (decision 13)';
const proxied = 'CreateCustomKeyStore UpdateCustomKeyStore';

/** Modelled errors that cannot come about here, and why. */
export const impossibleErrors: readonly (readonly [error: string, operations: string, reason: string])[] = [
  ['KMSInternalException', everyOperation, 'a fault of the service itself, whose cause no caller can bring about'],
  ['DependencyTimeoutException', everyOperation, 'KMS here has no other service to wait for'],
  ['KeyUnavailableException', everyOperation, 'a passing fault of the service, which tells the caller to try again'],
  [
    'KMSInvalidStateException',
    'DeleteAlias GetKeyPolicy GetKeyRotationStatus ListGrants ListKeyPolicies ListKeyRotations PutKeyPolicy RetireGrant RevokeGrant',
    ofAnyState,
  ],
  ['DisabledException', 'GetPublicKey', 'AWS answers for a disabled key, as recorded from it'],
  ['InvalidKeyUsageException', 'GetPublicKey', 'every asymmetric key has a public key, whatever its usage'],
  ['NotFoundException', 'ListRetirableGrants', 'a principal without grants has an empty list'],
  ['InvalidArnException', 'CreateKey', 'the ARNs in a key policy are not looked up'],
  ['UnsupportedOperationException', 'PutKeyPolicy', 'every key here is its customer’s, and takes a policy'],
  ['LimitExceededException', 'EnableKey', 'keys are counted when they are made, whatever their state'],
  ['LimitExceededException', 'TagResource', 'too many tags are a TagException'],
  [
    'CloudHsmClusterInvalidConfigurationException',
    'ConnectCustomKeyStore CreateCustomKeyStore CreateKey UpdateCustomKeyStore',
    simulated,
  ],
  ['CloudHsmClusterNotActiveException', 'ConnectCustomKeyStore CreateCustomKeyStore UpdateCustomKeyStore', simulated],
  ['CloudHsmClusterNotFoundException', proxied, simulated],
  ['CloudHsmClusterNotRelatedException', 'UpdateCustomKeyStore', simulated],
  ['XksKeyInvalidConfigurationException', 'CreateKey', simulated],
  ['XksKeyNotFoundException', 'CreateKey', simulated],
  ['XksProxyIncorrectAuthenticationCredentialException', proxied, simulated],
  ['XksProxyInvalidConfigurationException', proxied, simulated],
  ['XksProxyInvalidResponseException', proxied, simulated],
  ['XksProxyUriUnreachableException', proxied, simulated],
  ['XksProxyVpcEndpointServiceInvalidConfigurationException', proxied, simulated],
];
