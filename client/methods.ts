/** `npm run generate` writes this file from the declarations. */
import type { CallOptions } from './calls/call-operation.ts';
import type { InputFor, OutputFor, PlaintextInputFor, PlaintextOutputFor } from './operation-types.ts';
import type { Pages } from './pages.ts';

export interface Methods {
  /**
   * Cancels a scheduled key deletion and leaves the key disabled.
   *
   * Routes: `POST /keys/{KeyId}/cancel-deletion`.
   * Errors: `NotFoundException`, `InvalidArnException`, `DependencyTimeoutException`, `KMSInternalException`, `KMSInvalidStateException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_CancelKeyDeletion.html CancelKeyDeletion in the AWS KMS API Reference}
   */
  cancelKeyDeletion(
    input: InputFor<'cancelKeyDeletion'>,
    options?: CallOptions,
  ): Promise<OutputFor<'cancelKeyDeletion'>>;
  /**
   * Connects a custom key store.
   *
   * Routes: `POST /key-stores/{CustomKeyStoreId}/connect`.
   * Errors: `CloudHsmClusterNotActiveException`, `CustomKeyStoreInvalidStateException`, `CustomKeyStoreNotFoundException`, `KMSInternalException`, `CloudHsmClusterInvalidConfigurationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ConnectCustomKeyStore.html ConnectCustomKeyStore in the AWS KMS API Reference}
   */
  connectCustomKeyStore(
    input: InputFor<'connectCustomKeyStore'>,
    options?: CallOptions,
  ): Promise<OutputFor<'connectCustomKeyStore'>>;
  /**
   * Creates an alias for a key.
   *
   * Routes: `POST /aliases`.
   * Errors: `DependencyTimeoutException`, `AlreadyExistsException`, `NotFoundException`, `InvalidAliasNameException`, `KMSInternalException`, `LimitExceededException`, `KMSInvalidStateException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateAlias.html CreateAlias in the AWS KMS API Reference}
   */
  createAlias(input: InputFor<'createAlias'>, options?: CallOptions): Promise<OutputFor<'createAlias'>>;
  /**
   * Creates a custom key store.
   *
   * Routes: `POST /key-stores`.
   * Errors: `CloudHsmClusterInUseException`, `CustomKeyStoreNameInUseException`, `CloudHsmClusterNotFoundException`, `KMSInternalException`, `CloudHsmClusterNotActiveException`, `IncorrectTrustAnchorException`, `CloudHsmClusterInvalidConfigurationException`, `LimitExceededException`, `XksProxyUriInUseException`, `XksProxyUriEndpointInUseException`, `XksProxyUriUnreachableException`, `XksProxyIncorrectAuthenticationCredentialException`, `XksProxyVpcEndpointServiceInUseException`, `XksProxyVpcEndpointServiceNotFoundException`, `XksProxyVpcEndpointServiceInvalidConfigurationException`, `XksProxyInvalidResponseException`, `XksProxyInvalidConfigurationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateCustomKeyStore.html CreateCustomKeyStore in the AWS KMS API Reference}
   */
  createCustomKeyStore(
    input: InputFor<'createCustomKeyStore'>,
    options?: CallOptions,
  ): Promise<OutputFor<'createCustomKeyStore'>>;
  /**
   * Creates a grant, which allows a principal to use a key.
   *
   * Routes: `POST /keys/{KeyId}/grants`.
   * Errors: `NotFoundException`, `DisabledException`, `DependencyTimeoutException`, `InvalidArnException`, `KMSInternalException`, `InvalidGrantTokenException`, `LimitExceededException`, `KMSInvalidStateException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateGrant.html CreateGrant in the AWS KMS API Reference}
   */
  createGrant(input: InputFor<'createGrant'>, options?: CallOptions): Promise<OutputFor<'createGrant'>>;
  /**
   * Creates a key.
   *
   * Routes: `POST /keys`.
   * Errors: `MalformedPolicyDocumentException`, `DependencyTimeoutException`, `InvalidArnException`, `UnsupportedOperationException`, `KMSInternalException`, `LimitExceededException`, `TagException`, `CustomKeyStoreNotFoundException`, `CustomKeyStoreInvalidStateException`, `CloudHsmClusterInvalidConfigurationException`, `XksKeyInvalidConfigurationException`, `XksKeyAlreadyInUseException`, `XksKeyNotFoundException`, `IdempotencyInProgressError`, `IdempotencyUnfinishedError`, `IdempotencyKeyReusedError`, `IdempotencyUnavailableError`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_CreateKey.html CreateKey in the AWS KMS API Reference}
   */
  createKey(input?: InputFor<'createKey'>, options?: CallOptions): Promise<OutputFor<'createKey'>>;
  /**
   * Recovers the shared secret from an encapsulation.
   *
   * Routes: `POST /keys/{KeyId}/decapsulate`.
   * Errors: `DependencyTimeoutException`, `DisabledException`, `DryRunOperationException`, `InvalidCiphertextException`, `InvalidGrantTokenException`, `InvalidKeyUsageException`, `KMSInternalException`, `KMSInvalidStateException`, `KeyUnavailableException`, `NotFoundException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_Decapsulate.html Decapsulate in the AWS KMS API Reference}
   */
  decapsulate(input: InputFor<'decapsulate'>, options?: CallOptions): Promise<OutputFor<'decapsulate'>>;
  /**
   * Decrypts a ciphertext.
   *
   * Routes: `POST /keys/{KeyId}/decrypt`, `POST /decrypt`.
   * Errors: `NotFoundException`, `DisabledException`, `InvalidCiphertextException`, `KeyUnavailableException`, `IncorrectKeyException`, `InvalidKeyUsageException`, `DependencyTimeoutException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html Decrypt in the AWS KMS API Reference}
   */
  decrypt(input?: PlaintextInputFor<'decrypt'>, options?: CallOptions): Promise<PlaintextOutputFor<'decrypt'>>;
  /**
   * Decrypts a ciphertext.
   *
   * Routes: `POST /keys/{KeyId}/decrypt`, `POST /decrypt`.
   * Errors: `NotFoundException`, `DisabledException`, `InvalidCiphertextException`, `KeyUnavailableException`, `IncorrectKeyException`, `InvalidKeyUsageException`, `DependencyTimeoutException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html Decrypt in the AWS KMS API Reference}
   */
  decrypt(input?: InputFor<'decrypt'>, options?: CallOptions): Promise<OutputFor<'decrypt'>>;
  /**
   * Decrypts many ciphertexts that were encrypted under a key.
   *
   * Routes: `POST /keys/{KeyId}/decrypt-batch`.
   * Errors: `NotFoundException`, `DisabledException`, `InvalidCiphertextException`, `KeyUnavailableException`, `IncorrectKeyException`, `InvalidKeyUsageException`, `DependencyTimeoutException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`, `NotAttemptedError`.
   */
  decryptBatch(input: InputFor<'decryptBatch'>, options?: CallOptions): Promise<OutputFor<'decryptBatch'>>;
  /**
   * Deletes an alias, but not its key.
   *
   * Routes: `DELETE /aliases/{AliasName}`.
   * Errors: `DependencyTimeoutException`, `NotFoundException`, `KMSInternalException`, `KMSInvalidStateException`, `InvalidAliasNameException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteAlias.html DeleteAlias in the AWS KMS API Reference}
   */
  deleteAlias(input: InputFor<'deleteAlias'>, options?: CallOptions): Promise<OutputFor<'deleteAlias'>>;
  /**
   * Deletes a custom key store that has no keys.
   *
   * Routes: `DELETE /key-stores/{CustomKeyStoreId}`.
   * Errors: `CustomKeyStoreHasCMKsException`, `CustomKeyStoreInvalidStateException`, `CustomKeyStoreNotFoundException`, `KMSInternalException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteCustomKeyStore.html DeleteCustomKeyStore in the AWS KMS API Reference}
   */
  deleteCustomKeyStore(
    input: InputFor<'deleteCustomKeyStore'>,
    options?: CallOptions,
  ): Promise<OutputFor<'deleteCustomKeyStore'>>;
  /**
   * Deletes imported key material. The key cannot be used until material is imported again.
   *
   * Routes: `DELETE /keys/{KeyId}/material`.
   * Errors: `InvalidArnException`, `UnsupportedOperationException`, `DependencyTimeoutException`, `NotFoundException`, `KMSInternalException`, `KMSInvalidStateException`, `KeyInUseError`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteImportedKeyMaterial.html DeleteImportedKeyMaterial in the AWS KMS API Reference}
   */
  deleteImportedKeyMaterial(
    input: InputFor<'deleteImportedKeyMaterial'>,
    options?: CallOptions,
  ): Promise<OutputFor<'deleteImportedKeyMaterial'>>;
  /**
   * Derives a shared secret from a key and another party's public key.
   *
   * Routes: `POST /keys/{KeyId}/shared-secret`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `DependencyTimeoutException`, `InvalidGrantTokenException`, `InvalidKeyUsageException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_DeriveSharedSecret.html DeriveSharedSecret in the AWS KMS API Reference}
   */
  deriveSharedSecret(
    input: PlaintextInputFor<'deriveSharedSecret'>,
    options?: CallOptions,
  ): Promise<PlaintextOutputFor<'deriveSharedSecret'>>;
  /**
   * Derives a shared secret from a key and another party's public key.
   *
   * Routes: `POST /keys/{KeyId}/shared-secret`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `DependencyTimeoutException`, `InvalidGrantTokenException`, `InvalidKeyUsageException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_DeriveSharedSecret.html DeriveSharedSecret in the AWS KMS API Reference}
   */
  deriveSharedSecret(
    input: InputFor<'deriveSharedSecret'>,
    options?: CallOptions,
  ): Promise<OutputFor<'deriveSharedSecret'>>;
  /**
   * Lists the custom key stores in the account and Region.
   *
   * Routes: `GET /key-stores`.
   * Errors: `CustomKeyStoreNotFoundException`, `InvalidMarkerException`, `KMSInternalException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeCustomKeyStores.html DescribeCustomKeyStores in the AWS KMS API Reference}
   */
  describeCustomKeyStores(
    input?: InputFor<'describeCustomKeyStores'>,
    options?: CallOptions,
  ): Promise<OutputFor<'describeCustomKeyStores'>>;
  /**
   * Returns a key's metadata.
   *
   * Routes: `GET /keys/{KeyId}`, `POST /keys/{KeyId}/describe`.
   * Errors: `NotFoundException`, `InvalidArnException`, `DependencyTimeoutException`, `KMSInternalException`, `InvalidGrantTokenException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html DescribeKey in the AWS KMS API Reference}
   */
  describeKey(input: InputFor<'describeKey'>, options?: CallOptions): Promise<OutputFor<'describeKey'>>;
  /**
   * Reports a key's last use, aliases, grants and tags, in every Region of a multi-Region key.
   *
   * Routes: `GET /keys/{KeyId}/usage`.
   * Errors: `NotFoundException`, `InvalidArnException`, `DependencyTimeoutException`, `KMSInternalException`.
   */
  describeKeyUsage(input: InputFor<'describeKeyUsage'>, options?: CallOptions): Promise<OutputFor<'describeKeyUsage'>>;
  /**
   * Disables a key. The key cannot be used until it is enabled again.
   *
   * Routes: `POST /keys/{KeyId}/disable`.
   * Errors: `NotFoundException`, `InvalidArnException`, `DependencyTimeoutException`, `KMSInternalException`, `KMSInvalidStateException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKey.html DisableKey in the AWS KMS API Reference}
   */
  disableKey(input: InputFor<'disableKey'>, options?: CallOptions): Promise<OutputFor<'disableKey'>>;
  /**
   * Disables a key's automatic rotation.
   *
   * Routes: `DELETE /keys/{KeyId}/rotation`.
   * Errors: `NotFoundException`, `DisabledException`, `InvalidArnException`, `DependencyTimeoutException`, `KMSInternalException`, `KMSInvalidStateException`, `UnsupportedOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_DisableKeyRotation.html DisableKeyRotation in the AWS KMS API Reference}
   */
  disableKeyRotation(
    input: InputFor<'disableKeyRotation'>,
    options?: CallOptions,
  ): Promise<OutputFor<'disableKeyRotation'>>;
  /**
   * Disconnects a custom key store. Its keys cannot be used until it is connected again.
   *
   * Routes: `POST /key-stores/{CustomKeyStoreId}/disconnect`.
   * Errors: `CustomKeyStoreInvalidStateException`, `CustomKeyStoreNotFoundException`, `KMSInternalException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_DisconnectCustomKeyStore.html DisconnectCustomKeyStore in the AWS KMS API Reference}
   */
  disconnectCustomKeyStore(
    input: InputFor<'disconnectCustomKeyStore'>,
    options?: CallOptions,
  ): Promise<OutputFor<'disconnectCustomKeyStore'>>;
  /**
   * Enables a disabled key.
   *
   * Routes: `POST /keys/{KeyId}/enable`.
   * Errors: `NotFoundException`, `InvalidArnException`, `DependencyTimeoutException`, `KMSInternalException`, `LimitExceededException`, `KMSInvalidStateException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKey.html EnableKey in the AWS KMS API Reference}
   */
  enableKey(input: InputFor<'enableKey'>, options?: CallOptions): Promise<OutputFor<'enableKey'>>;
  /**
   * Enables a key's automatic rotation, or changes the rotation period.
   *
   * Routes: `PUT /keys/{KeyId}/rotation`.
   * Errors: `NotFoundException`, `DisabledException`, `InvalidArnException`, `DependencyTimeoutException`, `KMSInternalException`, `KMSInvalidStateException`, `UnsupportedOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_EnableKeyRotation.html EnableKeyRotation in the AWS KMS API Reference}
   */
  enableKeyRotation(
    input: InputFor<'enableKeyRotation'>,
    options?: CallOptions,
  ): Promise<OutputFor<'enableKeyRotation'>>;
  /**
   * Generates a shared secret and encapsulates it for a key.
   *
   * Routes: `POST /keys/{KeyId}/encapsulate`.
   * Errors: `DependencyTimeoutException`, `DisabledException`, `DryRunOperationException`, `InvalidGrantTokenException`, `InvalidKeyUsageException`, `KeyUnavailableException`, `KMSInternalException`, `KMSInvalidStateException`, `NotFoundException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_Encapsulate.html Encapsulate in the AWS KMS API Reference}
   */
  encapsulate(input: InputFor<'encapsulate'>, options?: CallOptions): Promise<OutputFor<'encapsulate'>>;
  /**
   * Encrypts up to 4,096 bytes under a key.
   *
   * Routes: `POST /keys/{KeyId}/encrypt`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `DependencyTimeoutException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html Encrypt in the AWS KMS API Reference}
   */
  encrypt(input: InputFor<'encrypt'>, options?: CallOptions): Promise<OutputFor<'encrypt'>>;
  /**
   * Encrypts many plaintexts under a key.
   *
   * Routes: `POST /keys/{KeyId}/encrypt-batch`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `DependencyTimeoutException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`, `NotAttemptedError`.
   */
  encryptBatch(input: InputFor<'encryptBatch'>, options?: CallOptions): Promise<OutputFor<'encryptBatch'>>;
  /**
   * Generates a data key and returns it in plaintext and encrypted under a key.
   *
   * Routes: `POST /keys/{KeyId}/data-key`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `DependencyTimeoutException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html GenerateDataKey in the AWS KMS API Reference}
   */
  generateDataKey(
    input: PlaintextInputFor<'generateDataKey'>,
    options?: CallOptions,
  ): Promise<PlaintextOutputFor<'generateDataKey'>>;
  /**
   * Generates a data key and returns it in plaintext and encrypted under a key.
   *
   * Routes: `POST /keys/{KeyId}/data-key`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `DependencyTimeoutException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html GenerateDataKey in the AWS KMS API Reference}
   */
  generateDataKey(input: InputFor<'generateDataKey'>, options?: CallOptions): Promise<OutputFor<'generateDataKey'>>;
  /**
   * Generates many data keys under a key.
   *
   * Routes: `POST /keys/{KeyId}/data-key-batch`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `DependencyTimeoutException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`, `NotAttemptedError`.
   */
  generateDataKeyBatch(
    input: InputFor<'generateDataKeyBatch'>,
    options?: CallOptions,
  ): Promise<OutputFor<'generateDataKeyBatch'>>;
  /**
   * Generates a data key pair and returns its private key in plaintext and encrypted under a key.
   *
   * Routes: `POST /keys/{KeyId}/data-key-pair`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `DependencyTimeoutException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `UnsupportedOperationException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPair.html GenerateDataKeyPair in the AWS KMS API Reference}
   */
  generateDataKeyPair(
    input: PlaintextInputFor<'generateDataKeyPair'>,
    options?: CallOptions,
  ): Promise<PlaintextOutputFor<'generateDataKeyPair'>>;
  /**
   * Generates a data key pair and returns its private key in plaintext and encrypted under a key.
   *
   * Routes: `POST /keys/{KeyId}/data-key-pair`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `DependencyTimeoutException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `UnsupportedOperationException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPair.html GenerateDataKeyPair in the AWS KMS API Reference}
   */
  generateDataKeyPair(
    input: InputFor<'generateDataKeyPair'>,
    options?: CallOptions,
  ): Promise<OutputFor<'generateDataKeyPair'>>;
  /**
   * Generates a data key pair and returns its private key encrypted under a key.
   *
   * Routes: `POST /keys/{KeyId}/data-key-pair-without-plaintext`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `DependencyTimeoutException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `UnsupportedOperationException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyPairWithoutPlaintext.html GenerateDataKeyPairWithoutPlaintext in the AWS KMS API Reference}
   */
  generateDataKeyPairWithoutPlaintext(
    input: InputFor<'generateDataKeyPairWithoutPlaintext'>,
    options?: CallOptions,
  ): Promise<OutputFor<'generateDataKeyPairWithoutPlaintext'>>;
  /**
   * Generates a data key and returns it encrypted under a key.
   *
   * Routes: `POST /keys/{KeyId}/data-key-without-plaintext`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `DependencyTimeoutException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKeyWithoutPlaintext.html GenerateDataKeyWithoutPlaintext in the AWS KMS API Reference}
   */
  generateDataKeyWithoutPlaintext(
    input: InputFor<'generateDataKeyWithoutPlaintext'>,
    options?: CallOptions,
  ): Promise<OutputFor<'generateDataKeyWithoutPlaintext'>>;
  /**
   * Generates the lookup token of a value, which finds the value in a database that stores it encrypted.
   *
   * Routes: `POST /keys/{KeyId}/lookup-token`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`.
   */
  generateLookupToken(
    input: InputFor<'generateLookupToken'>,
    options?: CallOptions,
  ): Promise<OutputFor<'generateLookupToken'>>;
  /**
   * Generates the lookup tokens of up to 2,000 values of one field, with one request to KMS.
   *
   * Routes: `POST /keys/{KeyId}/lookup-token-batch`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`.
   */
  generateLookupTokenBatch(
    input: InputFor<'generateLookupTokenBatch'>,
    options?: CallOptions,
  ): Promise<OutputFor<'generateLookupTokenBatch'>>;
  /**
   * Generates a MAC for a message of up to 4,096 bytes.
   *
   * Routes: `POST /keys/{KeyId}/mac`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateMac.html GenerateMac in the AWS KMS API Reference}
   */
  generateMac(input: InputFor<'generateMac'>, options?: CallOptions): Promise<OutputFor<'generateMac'>>;
  /**
   * Generates the MACs of many messages with a key.
   *
   * Routes: `POST /keys/{KeyId}/mac-batch`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`, `NotAttemptedError`.
   */
  generateMacBatch(input: InputFor<'generateMacBatch'>, options?: CallOptions): Promise<OutputFor<'generateMacBatch'>>;
  /**
   * Generates up to 1,024 random bytes.
   *
   * Routes: `POST /random`.
   * Errors: `DependencyTimeoutException`, `KMSInternalException`, `UnsupportedOperationException`, `CustomKeyStoreNotFoundException`, `CustomKeyStoreInvalidStateException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateRandom.html GenerateRandom in the AWS KMS API Reference}
   */
  generateRandom(
    input?: PlaintextInputFor<'generateRandom'>,
    options?: CallOptions,
  ): Promise<PlaintextOutputFor<'generateRandom'>>;
  /**
   * Generates up to 1,024 random bytes.
   *
   * Routes: `POST /random`.
   * Errors: `DependencyTimeoutException`, `KMSInternalException`, `UnsupportedOperationException`, `CustomKeyStoreNotFoundException`, `CustomKeyStoreInvalidStateException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateRandom.html GenerateRandom in the AWS KMS API Reference}
   */
  generateRandom(input?: InputFor<'generateRandom'>, options?: CallOptions): Promise<OutputFor<'generateRandom'>>;
  /**
   * Returns the time and operation of a key's last use.
   *
   * Routes: `GET /keys/{KeyId}/last-usage`.
   * Errors: `NotFoundException`, `InvalidArnException`, `DependencyTimeoutException`, `KMSInternalException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyLastUsage.html GetKeyLastUsage in the AWS KMS API Reference}
   */
  getKeyLastUsage(input: InputFor<'getKeyLastUsage'>, options?: CallOptions): Promise<OutputFor<'getKeyLastUsage'>>;
  /**
   * Returns a key's policy.
   *
   * Routes: `GET /keys/{KeyId}/policy`.
   * Errors: `NotFoundException`, `InvalidArnException`, `DependencyTimeoutException`, `KMSInternalException`, `KMSInvalidStateException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyPolicy.html GetKeyPolicy in the AWS KMS API Reference}
   */
  getKeyPolicy(input: InputFor<'getKeyPolicy'>, options?: CallOptions): Promise<OutputFor<'getKeyPolicy'>>;
  /**
   * Reports whether a key rotates automatically, and when it rotates next.
   *
   * Routes: `GET /keys/{KeyId}/rotation`.
   * Errors: `NotFoundException`, `InvalidArnException`, `DependencyTimeoutException`, `KMSInternalException`, `KMSInvalidStateException`, `UnsupportedOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_GetKeyRotationStatus.html GetKeyRotationStatus in the AWS KMS API Reference}
   */
  getKeyRotationStatus(
    input: InputFor<'getKeyRotationStatus'>,
    options?: CallOptions,
  ): Promise<OutputFor<'getKeyRotationStatus'>>;
  /**
   * Returns the public key and import token for importing key material.
   *
   * Routes: `POST /keys/{KeyId}/import-parameters`.
   * Errors: `InvalidArnException`, `UnsupportedOperationException`, `DependencyTimeoutException`, `NotFoundException`, `KMSInternalException`, `KMSInvalidStateException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_GetParametersForImport.html GetParametersForImport in the AWS KMS API Reference}
   */
  getParametersForImport(
    input: InputFor<'getParametersForImport'>,
    options?: CallOptions,
  ): Promise<OutputFor<'getParametersForImport'>>;
  /**
   * Returns the public key of an asymmetric key.
   *
   * Routes: `GET /keys/{KeyId}/public-key`, `POST /keys/{KeyId}/public-key`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `DependencyTimeoutException`, `UnsupportedOperationException`, `InvalidArnException`, `InvalidGrantTokenException`, `InvalidKeyUsageException`, `KMSInternalException`, `KMSInvalidStateException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_GetPublicKey.html GetPublicKey in the AWS KMS API Reference}
   */
  getPublicKey(input: InputFor<'getPublicKey'>, options?: CallOptions): Promise<OutputFor<'getPublicKey'>>;
  /**
   * Reports the service version, and whether the service can reach KMS.
   *
   * Routes: `GET /health`.
   */
  health(input?: InputFor<'health'>, options?: CallOptions): Promise<OutputFor<'health'>>;
  /**
   * Imports wrapped key material into a key.
   *
   * Routes: `PUT /keys/{KeyId}/material`.
   * Errors: `InvalidArnException`, `UnsupportedOperationException`, `DependencyTimeoutException`, `NotFoundException`, `KMSInternalException`, `KMSInvalidStateException`, `InvalidCiphertextException`, `IncorrectKeyMaterialException`, `ExpiredImportTokenException`, `InvalidImportTokenException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ImportKeyMaterial.html ImportKeyMaterial in the AWS KMS API Reference}
   */
  importKeyMaterial(
    input: InputFor<'importKeyMaterial'>,
    options?: CallOptions,
  ): Promise<OutputFor<'importKeyMaterial'>>;
  /**
   * Lists the aliases in the account and Region, or only the aliases of one key.
   *
   * Routes: `GET /aliases`.
   * Errors: `DependencyTimeoutException`, `InvalidMarkerException`, `KMSInternalException`, `InvalidArnException`, `NotFoundException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html ListAliases in the AWS KMS API Reference}
   */
  listAliases(input?: InputFor<'listAliases'>, options?: CallOptions): Promise<OutputFor<'listAliases'>>;
  /**
   * Lists the grants on a key.
   *
   * Routes: `GET /keys/{KeyId}/grants`.
   * Errors: `NotFoundException`, `DependencyTimeoutException`, `InvalidMarkerException`, `InvalidGrantIdException`, `InvalidArnException`, `KMSInternalException`, `KMSInvalidStateException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ListGrants.html ListGrants in the AWS KMS API Reference}
   */
  listGrants(input: InputFor<'listGrants'>, options?: CallOptions): Promise<OutputFor<'listGrants'>>;
  /**
   * Lists the names of a key's policies. Every key has exactly one policy.
   *
   * Routes: `GET /keys/{KeyId}/policies`.
   * Errors: `NotFoundException`, `InvalidArnException`, `DependencyTimeoutException`, `KMSInternalException`, `KMSInvalidStateException`, `InvalidMarkerException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyPolicies.html ListKeyPolicies in the AWS KMS API Reference}
   */
  listKeyPolicies(input: InputFor<'listKeyPolicies'>, options?: CallOptions): Promise<OutputFor<'listKeyPolicies'>>;
  /**
   * Lists a key's rotations.
   *
   * Routes: `GET /keys/{KeyId}/rotations`.
   * Errors: `NotFoundException`, `InvalidArnException`, `InvalidMarkerException`, `KMSInternalException`, `KMSInvalidStateException`, `UnsupportedOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyRotations.html ListKeyRotations in the AWS KMS API Reference}
   */
  listKeyRotations(input: InputFor<'listKeyRotations'>, options?: CallOptions): Promise<OutputFor<'listKeyRotations'>>;
  /**
   * Lists the keys in the account and Region.
   *
   * Routes: `GET /keys`.
   * Errors: `DependencyTimeoutException`, `KMSInternalException`, `InvalidMarkerException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html ListKeys in the AWS KMS API Reference}
   */
  listKeys(input?: InputFor<'listKeys'>, options?: CallOptions): Promise<OutputFor<'listKeys'>>;
  /**
   * Lists a key's tags.
   *
   * Routes: `GET /keys/{KeyId}/tags`.
   * Errors: `KMSInternalException`, `NotFoundException`, `InvalidArnException`, `InvalidMarkerException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ListResourceTags.html ListResourceTags in the AWS KMS API Reference}
   */
  listResourceTags(input: InputFor<'listResourceTags'>, options?: CallOptions): Promise<OutputFor<'listResourceTags'>>;
  /**
   * Lists the grants that a principal can retire.
   *
   * Routes: `GET /grants/retirable`.
   * Errors: `DependencyTimeoutException`, `InvalidMarkerException`, `InvalidArnException`, `NotFoundException`, `KMSInternalException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ListRetirableGrants.html ListRetirableGrants in the AWS KMS API Reference}
   */
  listRetirableGrants(
    input?: InputFor<'listRetirableGrants'>,
    options?: CallOptions,
  ): Promise<OutputFor<'listRetirableGrants'>>;
  /**
   * Decrypts a message in the format of the AWS Encryption SDK.
   *
   * Routes: `POST /keys/{KeyId}/open`, `POST /open`.
   * Errors: `NotFoundException`, `DisabledException`, `InvalidCiphertextException`, `KeyUnavailableException`, `IncorrectKeyException`, `InvalidKeyUsageException`, `DependencyTimeoutException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `InvalidMessageError`.
   */
  open(input: InputFor<'open'>, options?: CallOptions): Promise<OutputFor<'open'>>;
  /**
   * Replaces a key's policy.
   *
   * Routes: `PUT /keys/{KeyId}/policy`.
   * Errors: `NotFoundException`, `InvalidArnException`, `MalformedPolicyDocumentException`, `DependencyTimeoutException`, `UnsupportedOperationException`, `KMSInternalException`, `LimitExceededException`, `KMSInvalidStateException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_PutKeyPolicy.html PutKeyPolicy in the AWS KMS API Reference}
   */
  putKeyPolicy(input: InputFor<'putKeyPolicy'>, options?: CallOptions): Promise<OutputFor<'putKeyPolicy'>>;
  /**
   * Re-encrypts a ciphertext under another key, without revealing the plaintext.
   *
   * Routes: `POST /keys/{SourceKeyId}/re-encrypt`.
   * Errors: `NotFoundException`, `DisabledException`, `InvalidCiphertextException`, `KeyUnavailableException`, `IncorrectKeyException`, `DependencyTimeoutException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ReEncrypt.html ReEncrypt in the AWS KMS API Reference}
   */
  reEncrypt(input: InputFor<'reEncrypt'>, options?: CallOptions): Promise<OutputFor<'reEncrypt'>>;
  /**
   * Re-encrypts many ciphertexts under another key, without revealing the plaintexts.
   *
   * Routes: `POST /keys/{SourceKeyId}/re-encrypt-batch`.
   * Errors: `NotFoundException`, `DisabledException`, `InvalidCiphertextException`, `KeyUnavailableException`, `IncorrectKeyException`, `DependencyTimeoutException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`, `NotAttemptedError`.
   */
  reEncryptBatch(input: InputFor<'reEncryptBatch'>, options?: CallOptions): Promise<OutputFor<'reEncryptBatch'>>;
  /**
   * Creates a replica of a multi-Region key in another Region.
   *
   * Routes: `POST /keys/{KeyId}/replicas`.
   * Errors: `AlreadyExistsException`, `DisabledException`, `InvalidArnException`, `KMSInvalidStateException`, `KMSInternalException`, `LimitExceededException`, `MalformedPolicyDocumentException`, `NotFoundException`, `TagException`, `UnsupportedOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ReplicateKey.html ReplicateKey in the AWS KMS API Reference}
   */
  replicateKey(input: InputFor<'replicateKey'>, options?: CallOptions): Promise<OutputFor<'replicateKey'>>;
  /**
   * Retires a grant, at the request of its retiring principal or grantee.
   *
   * Routes: `POST /grants/retire`.
   * Errors: `InvalidArnException`, `InvalidGrantTokenException`, `InvalidGrantIdException`, `NotFoundException`, `DependencyTimeoutException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_RetireGrant.html RetireGrant in the AWS KMS API Reference}
   */
  retireGrant(input?: InputFor<'retireGrant'>, options?: CallOptions): Promise<OutputFor<'retireGrant'>>;
  /**
   * Deletes a grant from a key.
   *
   * Routes: `DELETE /keys/{KeyId}/grants/{GrantId}`.
   * Errors: `NotFoundException`, `DependencyTimeoutException`, `InvalidArnException`, `InvalidGrantIdException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_RevokeGrant.html RevokeGrant in the AWS KMS API Reference}
   */
  revokeGrant(input: InputFor<'revokeGrant'>, options?: CallOptions): Promise<OutputFor<'revokeGrant'>>;
  /**
   * Encrypts the content of a message again under other keys, without revealing the plaintext.
   *
   * Routes: `POST /keys/{KeyId}/rewrap`.
   * Errors: `NotFoundException`, `DisabledException`, `InvalidCiphertextException`, `KeyUnavailableException`, `IncorrectKeyException`, `InvalidKeyUsageException`, `DependencyTimeoutException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `InvalidMessageError`.
   */
  rewrap(input: InputFor<'rewrap'>, options?: CallOptions): Promise<OutputFor<'rewrap'>>;
  /**
   * Rotates a key immediately. Earlier ciphertexts can still be decrypted.
   *
   * Routes: `POST /keys/{KeyId}/rotate`.
   * Errors: `NotFoundException`, `DisabledException`, `InvalidArnException`, `DependencyTimeoutException`, `KMSInternalException`, `KMSInvalidStateException`, `UnsupportedOperationException`, `LimitExceededException`, `ConflictException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_RotateKeyOnDemand.html RotateKeyOnDemand in the AWS KMS API Reference}
   */
  rotateKeyOnDemand(
    input: InputFor<'rotateKeyOnDemand'>,
    options?: CallOptions,
  ): Promise<OutputFor<'rotateKeyOnDemand'>>;
  /**
   * Schedules a key for deletion. The key can no longer be used.
   *
   * Routes: `POST /keys/{KeyId}/schedule-deletion`.
   * Errors: `NotFoundException`, `InvalidArnException`, `DependencyTimeoutException`, `KMSInternalException`, `KMSInvalidStateException`, `KeyInUseError`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html ScheduleKeyDeletion in the AWS KMS API Reference}
   */
  scheduleKeyDeletion(
    input: InputFor<'scheduleKeyDeletion'>,
    options?: CallOptions,
  ): Promise<OutputFor<'scheduleKeyDeletion'>>;
  /**
   * Encrypts up to 4,500,000 bytes into a message in the format of the AWS Encryption SDK.
   *
   * Routes: `POST /keys/{KeyId}/seal`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `DependencyTimeoutException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`.
   */
  seal(input: InputFor<'seal'>, options?: CallOptions): Promise<OutputFor<'seal'>>;
  /**
   * Signs a message of up to 4,096 bytes, or a digest.
   *
   * Routes: `POST /keys/{KeyId}/sign`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `DependencyTimeoutException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html Sign in the AWS KMS API Reference}
   */
  sign(input: InputFor<'sign'>, options?: CallOptions): Promise<OutputFor<'sign'>>;
  /**
   * Signs many messages with a key.
   *
   * Routes: `POST /keys/{KeyId}/sign-batch`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `DependencyTimeoutException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `DryRunOperationException`, `NotAttemptedError`.
   */
  signBatch(input: InputFor<'signBatch'>, options?: CallOptions): Promise<OutputFor<'signBatch'>>;
  /**
   * Adds tags to a key, or changes the values of existing tags.
   *
   * Routes: `POST /keys/{KeyId}/tags`.
   * Errors: `KMSInternalException`, `NotFoundException`, `InvalidArnException`, `KMSInvalidStateException`, `LimitExceededException`, `TagException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_TagResource.html TagResource in the AWS KMS API Reference}
   */
  tagResource(input: InputFor<'tagResource'>, options?: CallOptions): Promise<OutputFor<'tagResource'>>;
  /**
   * Removes tags from a key.
   *
   * Routes: `POST /keys/{KeyId}/untag`.
   * Errors: `KMSInternalException`, `NotFoundException`, `InvalidArnException`, `KMSInvalidStateException`, `TagException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_UntagResource.html UntagResource in the AWS KMS API Reference}
   */
  untagResource(input: InputFor<'untagResource'>, options?: CallOptions): Promise<OutputFor<'untagResource'>>;
  /**
   * Points an alias to another key.
   *
   * Routes: `PUT /aliases/{AliasName}`.
   * Errors: `DependencyTimeoutException`, `NotFoundException`, `KMSInternalException`, `LimitExceededException`, `KMSInvalidStateException`, `InvalidAliasNameException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateAlias.html UpdateAlias in the AWS KMS API Reference}
   */
  updateAlias(input: InputFor<'updateAlias'>, options?: CallOptions): Promise<OutputFor<'updateAlias'>>;
  /**
   * Changes the properties of a custom key store.
   *
   * Routes: `PUT /key-stores/{CustomKeyStoreId}`.
   * Errors: `CustomKeyStoreNotFoundException`, `CustomKeyStoreNameInUseException`, `CloudHsmClusterNotFoundException`, `CloudHsmClusterNotRelatedException`, `CustomKeyStoreInvalidStateException`, `KMSInternalException`, `CloudHsmClusterNotActiveException`, `CloudHsmClusterInvalidConfigurationException`, `XksProxyUriInUseException`, `XksProxyUriEndpointInUseException`, `XksProxyUriUnreachableException`, `XksProxyIncorrectAuthenticationCredentialException`, `XksProxyVpcEndpointServiceInUseException`, `XksProxyVpcEndpointServiceNotFoundException`, `XksProxyVpcEndpointServiceInvalidConfigurationException`, `XksProxyInvalidResponseException`, `XksProxyInvalidConfigurationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateCustomKeyStore.html UpdateCustomKeyStore in the AWS KMS API Reference}
   */
  updateCustomKeyStore(
    input: InputFor<'updateCustomKeyStore'>,
    options?: CallOptions,
  ): Promise<OutputFor<'updateCustomKeyStore'>>;
  /**
   * Changes a key's description.
   *
   * Routes: `PUT /keys/{KeyId}/description`.
   * Errors: `NotFoundException`, `InvalidArnException`, `DependencyTimeoutException`, `KMSInternalException`, `KMSInvalidStateException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdateKeyDescription.html UpdateKeyDescription in the AWS KMS API Reference}
   */
  updateKeyDescription(
    input: InputFor<'updateKeyDescription'>,
    options?: CallOptions,
  ): Promise<OutputFor<'updateKeyDescription'>>;
  /**
   * Changes the primary Region of a multi-Region key.
   *
   * Routes: `PUT /keys/{KeyId}/primary-region`.
   * Errors: `DisabledException`, `InvalidArnException`, `KMSInvalidStateException`, `KMSInternalException`, `NotFoundException`, `UnsupportedOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_UpdatePrimaryRegion.html UpdatePrimaryRegion in the AWS KMS API Reference}
   */
  updatePrimaryRegion(
    input: InputFor<'updatePrimaryRegion'>,
    options?: CallOptions,
  ): Promise<OutputFor<'updatePrimaryRegion'>>;
  /**
   * Verifies a signature.
   *
   * Routes: `POST /keys/{KeyId}/verify`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `DependencyTimeoutException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `KMSInvalidSignatureException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_Verify.html Verify in the AWS KMS API Reference}
   */
  verify(input: InputFor<'verify'>, options?: CallOptions): Promise<OutputFor<'verify'>>;
  /**
   * Verifies many signatures with a key.
   *
   * Routes: `POST /keys/{KeyId}/verify-batch`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `DependencyTimeoutException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidStateException`, `KMSInvalidSignatureException`, `DryRunOperationException`, `NotAttemptedError`.
   */
  verifyBatch(input: InputFor<'verifyBatch'>, options?: CallOptions): Promise<OutputFor<'verifyBatch'>>;
  /**
   * Verifies a MAC.
   *
   * Routes: `POST /keys/{KeyId}/verify-mac`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidMacException`, `KMSInvalidStateException`, `DryRunOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_VerifyMac.html VerifyMac in the AWS KMS API Reference}
   */
  verifyMac(input: InputFor<'verifyMac'>, options?: CallOptions): Promise<OutputFor<'verifyMac'>>;
  /**
   * Verifies many MACs with a key.
   *
   * Routes: `POST /keys/{KeyId}/verify-mac-batch`.
   * Errors: `NotFoundException`, `DisabledException`, `KeyUnavailableException`, `InvalidKeyUsageException`, `InvalidGrantTokenException`, `KMSInternalException`, `KMSInvalidMacException`, `KMSInvalidStateException`, `DryRunOperationException`, `NotAttemptedError`.
   */
  verifyMacBatch(input: InputFor<'verifyMacBatch'>, options?: CallOptions): Promise<OutputFor<'verifyMacBatch'>>;
}

export interface Lists {
  /**
   * Lists the custom key stores in the account and Region.
   *
   * Routes: `GET /key-stores`.
   * Errors: `CustomKeyStoreNotFoundException`, `InvalidMarkerException`, `KMSInternalException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeCustomKeyStores.html DescribeCustomKeyStores in the AWS KMS API Reference}
   */
  describeCustomKeyStores(
    input?: InputFor<'describeCustomKeyStores'>,
    options?: CallOptions,
  ): Pages<OutputFor<'describeCustomKeyStores'>>;
  /**
   * Lists the aliases in the account and Region, or only the aliases of one key.
   *
   * Routes: `GET /aliases`.
   * Errors: `DependencyTimeoutException`, `InvalidMarkerException`, `KMSInternalException`, `InvalidArnException`, `NotFoundException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ListAliases.html ListAliases in the AWS KMS API Reference}
   */
  listAliases(input?: InputFor<'listAliases'>, options?: CallOptions): Pages<OutputFor<'listAliases'>>;
  /**
   * Lists the grants on a key.
   *
   * Routes: `GET /keys/{KeyId}/grants`.
   * Errors: `NotFoundException`, `DependencyTimeoutException`, `InvalidMarkerException`, `InvalidGrantIdException`, `InvalidArnException`, `KMSInternalException`, `KMSInvalidStateException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ListGrants.html ListGrants in the AWS KMS API Reference}
   */
  listGrants(input: InputFor<'listGrants'>, options?: CallOptions): Pages<OutputFor<'listGrants'>>;
  /**
   * Lists the names of a key's policies. Every key has exactly one policy.
   *
   * Routes: `GET /keys/{KeyId}/policies`.
   * Errors: `NotFoundException`, `InvalidArnException`, `DependencyTimeoutException`, `KMSInternalException`, `KMSInvalidStateException`, `InvalidMarkerException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyPolicies.html ListKeyPolicies in the AWS KMS API Reference}
   */
  listKeyPolicies(input: InputFor<'listKeyPolicies'>, options?: CallOptions): Pages<OutputFor<'listKeyPolicies'>>;
  /**
   * Lists a key's rotations.
   *
   * Routes: `GET /keys/{KeyId}/rotations`.
   * Errors: `NotFoundException`, `InvalidArnException`, `InvalidMarkerException`, `KMSInternalException`, `KMSInvalidStateException`, `UnsupportedOperationException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeyRotations.html ListKeyRotations in the AWS KMS API Reference}
   */
  listKeyRotations(input: InputFor<'listKeyRotations'>, options?: CallOptions): Pages<OutputFor<'listKeyRotations'>>;
  /**
   * Lists the keys in the account and Region.
   *
   * Routes: `GET /keys`.
   * Errors: `DependencyTimeoutException`, `KMSInternalException`, `InvalidMarkerException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html ListKeys in the AWS KMS API Reference}
   */
  listKeys(input?: InputFor<'listKeys'>, options?: CallOptions): Pages<OutputFor<'listKeys'>>;
  /**
   * Lists a key's tags.
   *
   * Routes: `GET /keys/{KeyId}/tags`.
   * Errors: `KMSInternalException`, `NotFoundException`, `InvalidArnException`, `InvalidMarkerException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ListResourceTags.html ListResourceTags in the AWS KMS API Reference}
   */
  listResourceTags(input: InputFor<'listResourceTags'>, options?: CallOptions): Pages<OutputFor<'listResourceTags'>>;
  /**
   * Lists the grants that a principal can retire.
   *
   * Routes: `GET /grants/retirable`.
   * Errors: `DependencyTimeoutException`, `InvalidMarkerException`, `InvalidArnException`, `NotFoundException`, `KMSInternalException`.
   * @see {@link https://docs.aws.amazon.com/kms/latest/APIReference/API_ListRetirableGrants.html ListRetirableGrants in the AWS KMS API Reference}
   */
  listRetirableGrants(
    input?: InputFor<'listRetirableGrants'>,
    options?: CallOptions,
  ): Pages<OutputFor<'listRetirableGrants'>>;
}
