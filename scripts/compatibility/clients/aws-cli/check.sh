#!/usr/bin/env bash
# Calls the emulator with the AWS CLI. The argument is the path of the CLI, version 1 or 2.
set -euo pipefail
cli=$1
files=$(mktemp -d)
trap 'rm -r "$files"' EXIT

# Versions before 2.13 do not read AWS_ENDPOINT_URL.
aws() { "$cli" --endpoint-url "$AWS_ENDPOINT_URL" --output text "$@"; }
kms() { aws kms "$@"; }
create_key() { kms create-key --query KeyMetadata.KeyId "$@"; }
check() { [ "$2" = "$3" ] || { echo "failed: \"$2\" is not \"$3\""; exit 1; }; echo "ok: $1"; }
# Prints the error code of a call that must fail.
error_of() { "$@" 2>&1 >/dev/null | sed -n 's/.*An error occurred (\([A-Za-z]*\)).*/\1/p'; }

echo "version: $("$cli" --version | sed 's|aws-cli/\([0-9.]*\).*|\1|')"
printf hello >"$files/hello"

account=$(aws sts get-caller-identity --query Account)
check GetCallerIdentity "$(aws sts get-caller-identity --query Arn)" "arn:aws:iam::$account:root"

key=$(create_key)
check 'CreateKey, DescribeKey' "$(kms describe-key --key-id "$key" --query KeyMetadata.KeyState)" Enabled

kms encrypt --key-id "$key" --plaintext "fileb://$files/hello" --encryption-context tenant=acme --query CiphertextBlob |
  base64 -d >"$files/ciphertext"
decrypted=$(kms decrypt --ciphertext-blob "fileb://$files/ciphertext" --encryption-context tenant=acme --query Plaintext)
check 'Encrypt, Decrypt with context' "$(base64 -d <<<"$decrypted")" hello

read -r wrapped plaintext <<<"$(kms generate-data-key --key-id "$key" --key-spec AES_256 --query '[CiphertextBlob, Plaintext]')"
base64 -d <<<"$wrapped" >"$files/data-key"
check GenerateDataKey "$(kms decrypt --ciphertext-blob "fileb://$files/data-key" --query Plaintext)" "$plaintext"

signing=$(create_key --key-spec ECC_NIST_P256 --key-usage SIGN_VERIFY)
openssl dgst -sha256 -binary "$files/hello" >"$files/digest"
kms sign --key-id "$signing" --message "fileb://$files/digest" --message-type DIGEST --signing-algorithm ECDSA_SHA_256 \
  --query Signature | base64 -d >"$files/signature"
kms verify --key-id "$signing" --message "fileb://$files/hello" --signature "fileb://$files/signature" \
  --signing-algorithm ECDSA_SHA_256 --query SignatureValid >"$files/valid"
kms get-public-key --key-id "$signing" --query PublicKey | base64 -d >"$files/public-key"
check 'Sign, Verify, GetPublicKey' \
  "$(openssl dgst -sha256 -keyform DER -verify "$files/public-key" -signature "$files/signature" "$files/hello") $(cat "$files/valid")" \
  'Verified OK True'

mac=$(create_key --key-spec HMAC_256 --key-usage GENERATE_VERIFY_MAC)
kms generate-mac --key-id "$mac" --message "fileb://$files/hello" --mac-algorithm HMAC_SHA_256 --query Mac |
  base64 -d >"$files/mac"
check 'GenerateMac, VerifyMac' "$(kms verify-mac --key-id "$mac" --message "fileb://$files/hello" --mac "fileb://$files/mac" \
  --mac-algorithm HMAC_SHA_256 --query MacValid)" True

grant=$(kms create-grant --key-id "$key" --grantee-principal arn:aws:iam::000000000000:role/reader --operations Decrypt \
  --constraints EncryptionContextSubset={tenant=acme} --query GrantId)
listed=$(kms list-grants --key-id "$key" --query 'Grants[0].GrantId')
kms revoke-grant --key-id "$key" --grant-id "$grant"
check 'CreateGrant, ListGrants, RevokeGrant' "$listed" "$grant"

kms tag-resource --key-id "$key" --tags TagKey=team,TagValue=billing
tag=$(kms list-resource-tags --key-id "$key" --query 'Tags[0].TagValue')
kms untag-resource --key-id "$key" --tag-keys team
check 'TagResource, ListResourceTags, UntagResource' "$tag" billing

kms create-alias --alias-name alias/cli --target-key-id "$key"
described=$(kms describe-key --key-id alias/cli --query KeyMetadata.KeyId)
kms delete-alias --alias-name alias/cli
check 'CreateAlias, DeleteAlias' "$described" "$key"

kms enable-key-rotation --key-id "$key"
check 'EnableKeyRotation, GetKeyRotationStatus' "$(kms get-key-rotation-status --key-id "$key" --query KeyRotationEnabled)" True
if kms rotate-key-on-demand --key-id "$key" >"$files/rotated" 2>&1; then
  check RotateKeyOnDemand "$(sed "s|.*/||" "$files/rotated")" "$key"
else
  # Versions before 2.15 do not have this command.
  grep -q 'Invalid choice' "$files/rotated"
fi

pages=$(kms list-keys --page-size 2 --query 'Keys[].KeyId' | wc -w)
check 'ListKeys in pages' "$pages" 3

check NotFoundException "$(error_of kms describe-key --key-id alias/missing)" NotFoundException
check InvalidCiphertextException "$(error_of kms decrypt --ciphertext-blob "fileb://$files/ciphertext")" InvalidCiphertextException
kms disable-key --key-id "$key"
check DisabledException "$(error_of kms encrypt --key-id "$key" --plaintext "fileb://$files/hello")" DisabledException
check AccessDeniedException "$(AWS_ACCESS_KEY_ID=$READER_ACCESS_KEY_ID error_of kms create-key)" AccessDeniedException

check ScheduleKeyDeletion "$(kms schedule-key-deletion --key-id "$key" --pending-window-in-days 7 --query KeyState)" PendingDeletion
