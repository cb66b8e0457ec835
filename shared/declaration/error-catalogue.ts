/**
 * Describes how the functions report an error code. A test checks that errors in the AWS model have the same status as
 * in the SDK.
 */
export interface CatalogueEntry {
  /** The HTTP status of the response. KMS itself returns 400 for every client error. */
  readonly status: number;
  readonly title: string;
  /** A sentence that tells the caller what to do. It is part of the default detail. */
  readonly advice?: string;
  /** `true` if the same request may succeed later. */
  readonly retryable?: true;
}

/** Lists every error code that the functions return. An error with any other code is reported as `InternalError`. */
export const catalogue = {
  AccessDeniedException: { status: 403, title: 'KMS denied access to the key' },
  AlreadyExistsException: { status: 409, title: 'A resource with this name already exists' },
  CloudHsmClusterInUseException: { status: 400, title: 'Another key store uses the CloudHSM cluster' },
  CloudHsmClusterInvalidConfigurationException: {
    status: 400,
    title: 'The CloudHSM cluster is not configured for a key store',
  },
  CloudHsmClusterNotActiveException: { status: 400, title: 'The CloudHSM cluster is not active' },
  CloudHsmClusterNotFoundException: { status: 400, title: 'The CloudHSM cluster does not exist' },
  CloudHsmClusterNotRelatedException: {
    status: 400,
    title: "The CloudHSM cluster is not related to the key store's cluster",
  },
  ConflictException: { status: 409, title: 'Another change is in progress', retryable: true },
  CustomKeyStoreHasCMKsException: { status: 400, title: 'The key store still contains keys' },
  CustomKeyStoreInvalidStateException: {
    status: 400,
    title: "The key store's state does not allow this operation",
  },
  CustomKeyStoreNameInUseException: { status: 400, title: 'A key store with this name already exists' },
  CustomKeyStoreNotFoundException: { status: 400, title: 'The key store does not exist' },
  DependencyTimeoutException: { status: 503, title: 'KMS timed out', retryable: true },
  DisabledException: { status: 409, title: 'The key is disabled' },
  DryRunOperationException: { status: 412, title: 'The request would have succeeded without DryRun' },
  ExpiredImportTokenException: { status: 400, title: 'The import token has expired' },
  IncorrectKeyException: { status: 400, title: 'The ciphertext was encrypted under another key' },
  IncorrectKeyMaterialException: { status: 400, title: 'The key material does not match the expected key material' },
  IncorrectTrustAnchorException: {
    status: 400,
    title: 'The trust anchor certificate does not match the CloudHSM cluster',
  },
  InvalidAliasNameException: { status: 400, title: 'The alias name is not valid' },
  InvalidArnException: { status: 400, title: 'The ARN is not valid' },
  InvalidCiphertextException: {
    status: 400,
    title: 'The ciphertext or its encryption context is not valid',
    advice: 'Decrypt with the encryption context that was used to encrypt, including the case of its letters.',
  },
  InvalidGrantIdException: { status: 400, title: 'The grant id is not valid' },
  InvalidGrantTokenException: { status: 400, title: 'The grant token is not valid' },
  InvalidImportTokenException: { status: 400, title: 'The import token is not valid for this key' },
  InvalidKeyUsageException: { status: 400, title: 'The key usage or key spec does not allow this operation' },
  InvalidMarkerException: { status: 400, title: 'The marker is not valid' },
  KMSInternalException: { status: 502, title: 'KMS had an internal error', retryable: true },
  KMSInvalidMacException: { status: 400, title: 'The MAC is not valid' },
  KMSInvalidSignatureException: { status: 400, title: 'The signature is not valid' },
  KMSInvalidStateException: { status: 409, title: "The key's state does not allow this operation" },
  KeyUnavailableException: { status: 502, title: 'The key is not available', retryable: true },
  LimitExceededException: { status: 400, title: 'A KMS quota is exceeded' },
  MalformedPolicyDocumentException: { status: 400, title: 'The policy is not valid' },
  NotFoundException: { status: 404, title: 'The key, alias or grant does not exist' },
  TagException: { status: 400, title: 'The tags are not valid' },
  UnsupportedOperationException: { status: 400, title: 'KMS does not support this operation for the key' },
  XksKeyAlreadyInUseException: { status: 400, title: 'Another key uses the external key' },
  XksKeyInvalidConfigurationException: { status: 400, title: 'The external key is not configured for KMS' },
  XksKeyNotFoundException: { status: 400, title: 'The external key does not exist' },
  XksProxyIncorrectAuthenticationCredentialException: {
    status: 400,
    title: 'The external key store proxy rejected the credential',
  },
  XksProxyInvalidConfigurationException: {
    status: 400,
    title: 'The external key store proxy is not configured for KMS',
  },
  XksProxyInvalidResponseException: {
    status: 400,
    title: "KMS cannot read the external key store proxy's response",
  },
  XksProxyUriEndpointInUseException: { status: 400, title: "Another key store uses the proxy's endpoint" },
  XksProxyUriInUseException: { status: 400, title: "Another key store uses the proxy's URI" },
  XksProxyUriUnreachableException: { status: 400, title: 'KMS cannot reach the external key store proxy' },
  XksProxyVpcEndpointServiceInUseException: { status: 400, title: 'Another key store uses the VPC endpoint service' },
  XksProxyVpcEndpointServiceInvalidConfigurationException: {
    status: 400,
    title: 'The VPC endpoint service is not configured for KMS',
  },
  XksProxyVpcEndpointServiceNotFoundException: { status: 400, title: 'The VPC endpoint service does not exist' },

  // Errors that KMS returns but that are not in the AWS model (https://docs.aws.amazon.com/kms/latest/APIReference/CommonErrors.html).
  NotAuthorizedException: { status: 403, title: 'KMS denied the request' },
  ThrottlingException: { status: 429, title: 'KMS throttled the request', retryable: true },
  ServiceUnavailableException: { status: 503, title: 'KMS is not available', retryable: true },

  // Errors that this service adds.
  ValidationException: { status: 400, title: 'The request is not valid' },
  SerializationException: { status: 400, title: 'The request cannot be parsed' },
  UntrustedEventError: { status: 403, title: 'The sender of the event cannot be verified' },
  CallerNotAllowedError: { status: 403, title: 'The caller is not allowed to make this request' },
  TagNotBoundError: {
    status: 403,
    title: 'The key does not have the service tag, or KMS has not applied the tag yet',
    retryable: true,
  },
  RouteNotFoundError: { status: 404, title: 'The route does not exist' },
  PayloadTooLargeError: { status: 413, title: 'The request is too large' },
  UnsupportedMediaTypeError: { status: 415, title: 'The content type is not supported' },
  KmsUnreachableError: { status: 502, title: 'KMS cannot be reached', retryable: true },
  TimeoutError: { status: 504, title: 'KMS did not respond in time', retryable: true },
  NotAttemptedError: { status: 503, title: 'No time was left for the item', retryable: true },
  KeyInUseError: { status: 409, title: 'The key may still be in use' },
  InvalidMessageError: { status: 400, title: 'The message is not valid' },
  IdempotencyInProgressError: {
    status: 409,
    title: 'A request with this idempotency key is in progress',
    retryable: true,
  },
  IdempotencyUnfinishedError: { status: 409, title: 'A request with this idempotency key did not finish' },
  IdempotencyKeyReusedError: {
    status: 422,
    title: 'Another request had this idempotency key',
    advice: 'Send exactly the same request again, or use another idempotency key.',
  },
  IdempotencyUnavailableError: {
    status: 503,
    title: 'The service cannot check the idempotency key',
    advice: 'This request did not create anything. Send it again.',
    retryable: true,
  },
  InternalError: { status: 500, title: 'The service failed' },
} as const satisfies Record<string, CatalogueEntry>;

export type ErrorCode = keyof typeof catalogue;

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(catalogue, code);
}

export function getCatalogueEntry(code: ErrorCode): CatalogueEntry {
  return catalogue[code];
}
