"""Calls the emulator with boto3."""

import hashlib
import os

import boto3
from botocore.exceptions import ClientError

kms = boto3.client("kms")
CONTEXT = {"tenant": "acme"}


def check(step, is_true):
    """Prints the result of a step."""
    assert is_true, f"{step}: unexpected response"
    print(f"ok: {step}")


def create_key(**options):
    return kms.create_key(**options)["KeyMetadata"]["KeyId"]


def catch_error(call, **options):
    try:
        call(**options)
    except ClientError as error:
        return error
    return None


print(f"version: {boto3.__version__}")

identity = boto3.client("sts").get_caller_identity()
check("GetCallerIdentity", identity["Arn"] == f"arn:aws:iam::{identity['Account']}:root")

key = create_key()
check("CreateKey, DescribeKey", kms.describe_key(KeyId=key)["KeyMetadata"]["KeyState"] == "Enabled")

blob = kms.encrypt(KeyId=key, Plaintext=b"hello", EncryptionContext=CONTEXT)["CiphertextBlob"]
decrypted = kms.decrypt(CiphertextBlob=blob, EncryptionContext=CONTEXT)
check("Encrypt, Decrypt with context", decrypted["Plaintext"] == b"hello")

data_key = kms.generate_data_key(KeyId=key, KeySpec="AES_256")
unwrapped = kms.decrypt(CiphertextBlob=data_key["CiphertextBlob"])
check("GenerateDataKey", unwrapped["Plaintext"] == data_key["Plaintext"])

signing = {"KeyId": create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY"), "SigningAlgorithm": "ECDSA_SHA_256"}
digest = hashlib.sha256(b"hello").digest()
signature = kms.sign(Message=digest, MessageType="DIGEST", **signing)["Signature"]
verified = kms.verify(Message=b"hello", Signature=signature, **signing)
public_key = kms.get_public_key(KeyId=signing["KeyId"])
check("Sign, Verify, GetPublicKey", verified["SignatureValid"] and len(public_key["PublicKey"]) > 0)

mac = {"KeyId": create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC"), "MacAlgorithm": "HMAC_SHA_256"}
tag = kms.generate_mac(Message=b"hello", **mac)["Mac"]
check("GenerateMac, VerifyMac", kms.verify_mac(Message=b"hello", Mac=tag, **mac)["MacValid"])

grant = kms.create_grant(
    KeyId=key,
    GranteePrincipal="arn:aws:iam::000000000000:role/reader",
    Operations=["Decrypt"],
    Constraints={"EncryptionContextSubset": CONTEXT},
)
grants = kms.list_grants(KeyId=key)["Grants"]
kms.revoke_grant(KeyId=key, GrantId=grant["GrantId"])
check("CreateGrant, ListGrants, RevokeGrant", grants[0]["CreationDate"].year >= 2024)

kms.tag_resource(KeyId=key, Tags=[{"TagKey": "team", "TagValue": "billing"}])
tags = kms.list_resource_tags(KeyId=key)["Tags"]
kms.untag_resource(KeyId=key, TagKeys=["team"])
check("TagResource, ListResourceTags, UntagResource", tags[0]["TagValue"] == "billing")

kms.create_alias(AliasName="alias/boto3", TargetKeyId=key)
described = kms.describe_key(KeyId="alias/boto3")
kms.delete_alias(AliasName="alias/boto3")
check("CreateAlias, DeleteAlias", described["KeyMetadata"]["KeyId"] == key)

kms.enable_key_rotation(KeyId=key, RotationPeriodInDays=180)
status = kms.get_key_rotation_status(KeyId=key)
check("EnableKeyRotation, GetKeyRotationStatus", status["RotationPeriodInDays"] == 180)
check("RotateKeyOnDemand", kms.rotate_key_on_demand(KeyId=key)["KeyId"].endswith(key))

pages = list(kms.get_paginator("list_keys").paginate(PaginationConfig={"PageSize": 2}))
check("ListKeys in pages", len(pages) >= 2 and sum(len(page["Keys"]) for page in pages) >= 3)

error = catch_error(kms.describe_key, KeyId="alias/missing")
check("NotFoundException", isinstance(error, kms.exceptions.NotFoundException))

error = catch_error(kms.decrypt, CiphertextBlob=blob)
check("InvalidCiphertextException", isinstance(error, kms.exceptions.InvalidCiphertextException))

kms.disable_key(KeyId=key)
error = catch_error(kms.encrypt, KeyId=key, Plaintext=b"hello")
check("DisabledException", isinstance(error, kms.exceptions.DisabledException))

reader = boto3.client("kms", aws_access_key_id=os.environ["READER_ACCESS_KEY_ID"], aws_secret_access_key="local")
error = catch_error(reader.create_key)
check("AccessDeniedException", error.response["Error"]["Code"] == "AccessDeniedException")

deletion = kms.schedule_key_deletion(KeyId=key, PendingWindowInDays=7)
check("ScheduleKeyDeletion", deletion["KeyState"] == "PendingDeletion")
