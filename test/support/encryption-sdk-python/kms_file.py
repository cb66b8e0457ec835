"""Seals or opens a file under a KMS key with the AWS Encryption SDK for Python: ACTION KEY_ARN INPUT OUTPUT."""

import sys

import aws_encryption_sdk
from aws_encryption_sdk import CommitmentPolicy, StrictAwsKmsMasterKeyProvider

action, key_arn, source, target = sys.argv[1:]
client = aws_encryption_sdk.EncryptionSDKClient(commitment_policy=CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT)
provider = StrictAwsKmsMasterKeyProvider(key_ids=[key_arn])
with open(source, "rb") as file:
    data = file.read()
if action == "seal":
    result, _ = client.encrypt(source=data, key_provider=provider, encryption_context={"app": "orders"})
else:
    result, header = client.decrypt(source=data, key_provider=provider)
    print(header.encryption_context["app"])
with open(target, "wb") as file:
    file.write(result)
