"""Encrypts fields with MongoDB's client-side field level encryption. The key vault is in memory instead of MongoDB."""

import contextlib
import os
from urllib.parse import urlsplit

import boto3
import pymongo
from bson.codec_options import CodecOptions
from bson.binary import STANDARD
from pymongo import MongoClient
from pymongo.encryption import Algorithm, ClientEncryption
from pymongo.errors import EncryptionError

# Only the TLS options of the KMS provider may make the certificate trusted.
os.environ.pop("SSL_CERT_FILE", None)
RANDOM = Algorithm.AEAD_AES_256_CBC_HMAC_SHA_512_Random


class KeyVault:
    """The calls of a collection that the encryption library makes."""

    def __init__(self):
        self.keys = []

    def insert_one(self, key):
        self.keys.append(key)

    @contextlib.contextmanager
    def find(self, _filter):
        yield list(self.keys)

    def close(self):
        pass


def check(step, is_true):
    """Prints the result of a step."""
    assert is_true, f"{step}: unexpected response"
    print(f"ok: {step}")


def create_encryption(vault, tls=None):
    providers = {"aws": {"accessKeyId": "local", "secretAccessKey": "local"}}
    options = CodecOptions(uuid_representation=STANDARD)
    client = MongoClient(connect=False)
    tls_options = {"aws": {"tlsCAFile": os.environ["AWS_CA_BUNDLE"]} if tls is None else tls}
    encryption = ClientEncryption(providers, "encryption.keys", client, options, kms_tls_options=tls_options)
    encryption._io_callbacks.key_vault_coll = vault
    return encryption


def catch_error(call, *args, **options):
    try:
        call(*args, **options)
    except EncryptionError as error:
        return error
    return None


print(f"version: {pymongo.version}")
kms = boto3.client("kms")
key = kms.create_key()["KeyMetadata"]["Arn"]
master_key = {"region": "us-east-1", "key": key, "endpoint": urlsplit(os.environ["AWS_ENDPOINT_URL"]).netloc}

vault = KeyVault()
encryption = create_encryption(vault)
data_key = encryption.create_data_key("aws", master_key=master_key)
check("create a data key", len(vault.keys) == 1)

ciphertext = encryption.encrypt("hello", RANDOM, key_id=data_key)
check("encrypt and decrypt a field", encryption.decrypt(ciphertext) == "hello")

kms.rotate_key_on_demand(KeyId=key)
check("decrypt a field with a new client, after a rotation", create_encryption(vault).decrypt(ciphertext) == "hello")

untrusted = catch_error(create_encryption(KeyVault(), tls={}).create_data_key, "aws", master_key=master_key)
check("reject a certificate that is not trusted", "CERTIFICATE_VERIFY_FAILED" in str(untrusted))

kms.disable_key(KeyId=key)
disabled = catch_error(create_encryption(vault).decrypt, ciphertext)
check("report an error for a disabled key", "DisabledException" in str(disabled) or "is disabled" in str(disabled))
