/** How an error code is answered. The statuses of AWS's modelled errors are the SDK's own; a test holds them to it. */
export interface CatalogueEntry {
  /** HTTP status of the functions' answer. (KMS itself answers 400 to every client error.) */
  readonly status: number;
  readonly title: string;
  /** Whether the same request may succeed later without any change. */
  readonly retryable?: true;
}

/** Every code that a function answers. What is not here is answered as `InternalError`. */
export const catalogue = {
  AccessDeniedException: { status: 403, title: 'The service may not do this with the key' },
  AlreadyExistsException: { status: 409, title: 'A resource of this name exists already' },
  CloudHsmClusterInUseException: { status: 400, title: 'The CloudHSM cluster belongs to another key store' },
  CloudHsmClusterInvalidConfigurationException: {
    status: 400,
    title: 'The CloudHSM cluster is not set up as KMS needs it',
  },
  CloudHsmClusterNotActiveException: { status: 400, title: 'The CloudHSM cluster is not active' },
  CloudHsmClusterNotFoundException: { status: 400, title: 'There is no such CloudHSM cluster' },
  CloudHsmClusterNotRelatedException: {
    status: 400,
    title: 'The CloudHSM cluster is not related to that of the key store',
  },
  ConflictException: { status: 409, title: 'Another change is under way', retryable: true },
  CustomKeyStoreHasCMKsException: { status: 400, title: 'The key store still has keys' },
  CustomKeyStoreInvalidStateException: { status: 400, title: "The key store's state does not allow this" },
  CustomKeyStoreNameInUseException: { status: 400, title: 'A key store of this name exists already' },
  CustomKeyStoreNotFoundException: { status: 400, title: 'There is no such key store' },
  DependencyTimeoutException: { status: 503, title: 'KMS timed out', retryable: true },
  DisabledException: { status: 409, title: 'The key is disabled' },
  DryRunOperationException: { status: 412, title: 'The request would have succeeded; DryRun was set' },
  ExpiredImportTokenException: { status: 400, title: 'The import token has expired' },
  IncorrectKeyException: { status: 400, title: 'The ciphertext was made under another key' },
  IncorrectKeyMaterialException: { status: 400, title: 'The key material is not the one expected' },
  IncorrectTrustAnchorException: { status: 400, title: 'The trust anchor certificate is not the right one' },
  InvalidAliasNameException: { status: 400, title: 'The alias name is not valid' },
  InvalidArnException: { status: 400, title: 'The ARN is not valid' },
  InvalidCiphertextException: { status: 400, title: 'The ciphertext or its encryption context is not valid' },
  InvalidGrantIdException: { status: 400, title: 'The grant id is not valid' },
  InvalidGrantTokenException: { status: 400, title: 'The grant token is not valid' },
  InvalidImportTokenException: { status: 400, title: 'The import token is not valid for this key' },
  InvalidKeyUsageException: { status: 400, title: "The key's usage or spec does not allow this" },
  InvalidMarkerException: { status: 400, title: 'The marker is not valid' },
  KMSInternalException: { status: 502, title: 'KMS failed', retryable: true },
  KMSInvalidMacException: { status: 400, title: 'The MAC is not valid' },
  KMSInvalidSignatureException: { status: 400, title: 'The signature is not valid' },
  KMSInvalidStateException: { status: 409, title: "The key's state does not allow this" },
  KeyUnavailableException: { status: 502, title: 'The key is not available', retryable: true },
  LimitExceededException: { status: 400, title: 'A quota of KMS is used up' },
  MalformedPolicyDocumentException: { status: 400, title: 'The policy is not valid' },
  NotFoundException: { status: 404, title: 'There is no such key, alias or grant' },
  TagException: { status: 400, title: 'The tags are not valid' },
  UnsupportedOperationException: { status: 400, title: 'KMS does not do this with such a key' },
  XksKeyAlreadyInUseException: { status: 400, title: 'The external key is in use already' },
  XksKeyInvalidConfigurationException: { status: 400, title: 'The external key is not set up as KMS needs it' },
  XksKeyNotFoundException: { status: 400, title: 'There is no such external key' },
  XksProxyIncorrectAuthenticationCredentialException: {
    status: 400,
    title: 'The external key store proxy refuses the credential',
  },
  XksProxyInvalidConfigurationException: {
    status: 400,
    title: 'The external key store proxy is not set up as KMS needs it',
  },
  XksProxyInvalidResponseException: {
    status: 400,
    title: 'The external key store proxy answered what KMS cannot read',
  },
  XksProxyUriEndpointInUseException: { status: 400, title: 'The proxy endpoint is in use already' },
  XksProxyUriInUseException: { status: 400, title: 'The proxy URI is in use already' },
  XksProxyUriUnreachableException: { status: 400, title: 'KMS cannot reach the proxy' },
  XksProxyVpcEndpointServiceInUseException: { status: 400, title: 'The VPC endpoint service is in use already' },
  XksProxyVpcEndpointServiceInvalidConfigurationException: {
    status: 400,
    title: 'The VPC endpoint service is not set up as KMS needs it',
  },
  XksProxyVpcEndpointServiceNotFoundException: { status: 400, title: 'There is no such VPC endpoint service' },

  // What KMS sends without modelling it (https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html).
  NotAuthorizedException: { status: 403, title: 'The service may not do this' },
  ThrottlingException: { status: 429, title: 'KMS throttles the service', retryable: true },
  ServiceUnavailableException: { status: 503, title: 'KMS is not available', retryable: true },

  // Ours, before or instead of KMS's.
  ValidationException: { status: 400, title: 'The request is not valid' },
  SerializationException: { status: 400, title: 'The request cannot be read' },
  UntrustedEventError: { status: 403, title: 'The event does not say who sent it' },
  CallerNotAllowedError: { status: 403, title: 'The caller may not do this' },
  TagNotBoundError: { status: 403, title: "The key's tag is not the service's, or not honoured yet", retryable: true },
  RouteNotFoundError: { status: 404, title: 'There is no such route' },
  PayloadTooLargeError: { status: 413, title: 'The request is too large' },
  UnsupportedMediaTypeError: { status: 415, title: 'The content type is not application/json' },
  KmsUnreachableError: { status: 502, title: 'KMS cannot be reached', retryable: true },
  TimeoutError: { status: 504, title: 'KMS did not answer in time', retryable: true },
  InternalError: { status: 500, title: 'The service failed' },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(catalogue, code);
}

export function getCatalogueEntry(code: ErrorCode): CatalogueEntry {
  return catalogue[code];
}
