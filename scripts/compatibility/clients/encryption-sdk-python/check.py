"""Encrypts messages with the AWS Encryption SDK for Python and KMS keys in the emulator."""

from importlib.metadata import version

import boto3
from aws_cryptographic_material_providers.mpl import AwsCryptographicMaterialProviders
from aws_cryptographic_material_providers.mpl.config import MaterialProvidersConfig
from aws_cryptographic_material_providers.mpl.models import (
    CreateAwsKmsDiscoveryKeyringInput,
    CreateAwsKmsKeyringInput,
    CreateAwsKmsMultiKeyringInput,
    DiscoveryFilter,
)
from aws_encryption_sdk import CommitmentPolicy, EncryptionSDKClient

kms = boto3.client("kms")
sdk = EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
providers = AwsCryptographicMaterialProviders(config=MaterialProvidersConfig())
CONTEXT = {"tenant": "acme"}
MESSAGE = b"hello"


def check(step, is_true):
    """Prints the result of a step."""
    assert is_true, f"{step}: unexpected response"
    print(f"ok: {step}")


def keyring_for(key):
    return providers.create_aws_kms_keyring(CreateAwsKmsKeyringInput(kms_key_id=key, kms_client=kms))


def decrypt(ciphertext, keyring, context=None):
    plaintext, _ = sdk.decrypt(source=ciphertext, keyring=keyring, encryption_context=context or CONTEXT)
    return plaintext


print(f"version: {version('aws-encryption-sdk')}")
first, second = (kms.create_key()["KeyMetadata"]["Arn"] for _ in range(2))

ciphertext, _ = sdk.encrypt(source=MESSAGE, keyring=keyring_for(first), encryption_context=CONTEXT)
check("encrypt and decrypt with a KMS keyring", decrypt(ciphertext, keyring_for(first)) == MESSAGE)

both = providers.create_aws_kms_multi_keyring(CreateAwsKmsMultiKeyringInput(generator=first, kms_key_ids=[second]))
shared, _ = sdk.encrypt(source=MESSAGE, keyring=both, encryption_context=CONTEXT)
kms.disable_key(KeyId=first)
check("encrypt with two KMS keys, decrypt with the second", decrypt(shared, keyring_for(second)) == MESSAGE)
kms.enable_key(KeyId=first)

discovery = providers.create_aws_kms_discovery_keyring(
    CreateAwsKmsDiscoveryKeyringInput(
        kms_client=kms, discovery_filter=DiscoveryFilter(account_ids=["000000000000"], partition="aws")
    )
)
check("decrypt with a discovery keyring", decrypt(ciphertext, discovery) == MESSAGE)

try:
    decrypt(ciphertext, keyring_for(first), {"tenant": "other"})
    rejected = False
except Exception as error:
    rejected = "ncryption context" in str(error)
check("reject a wrong encryption context", rejected)
