"""Seals and opens messages with the AWS Encryption SDK for Python. Reads and writes one JSON object per line."""

import base64
import json
import sys

from aws_cryptographic_material_providers.mpl import AwsCryptographicMaterialProviders
from aws_cryptographic_material_providers.mpl.config import MaterialProvidersConfig
from aws_cryptographic_material_providers.mpl.models import AesWrappingAlg, CreateRawAesKeyringInput
from aws_encryption_sdk import CommitmentPolicy, EncryptionSDKClient
from aws_encryption_sdk.identifiers import AlgorithmSuite

committing = EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT)
legacy = EncryptionSDKClient(commitment_policy=CommitmentPolicy.FORBID_ENCRYPT_ALLOW_DECRYPT)
providers = AwsCryptographicMaterialProviders(config=MaterialProvidersConfig())


def keyring_for(request):
    return providers.create_raw_aes_keyring(
        CreateRawAesKeyringInput(
            key_namespace=request["providerId"],
            key_name=request["keyName"],
            wrapping_key=base64.b64decode(request["wrappingKey"]),
            wrapping_alg=AesWrappingAlg.ALG_AES256_GCM_IV12_TAG16,
        )
    )


def seal(request):
    client = committing if request["suite"] >= 0x0400 else legacy
    message, _ = client.encrypt(
        source=base64.b64decode(request["bytes"]),
        keyring=keyring_for(request),
        encryption_context=request["encryptionContext"],
        frame_length=request["frameLength"],
        algorithm=AlgorithmSuite.get_by_id(request["suite"]),
    )
    return message


def open_message(request):
    plaintext, _ = committing.decrypt(source=base64.b64decode(request["bytes"]), keyring=keyring_for(request))
    return plaintext


for line in sys.stdin:
    request = json.loads(line)
    try:
        result = {"bytes": base64.b64encode((seal if request["action"] == "seal" else open_message)(request)).decode()}
    except Exception as error:
        result = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(result), flush=True)
