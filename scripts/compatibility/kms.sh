# Functions for programs that use no SDK themselves. The emulator reads the signature, but does not verify it.

# Calls KMS: kms OPERATION JSON.
kms() {
  curl --silent --fail-with-body "$AWS_ENDPOINT_URL" --header "X-Amz-Target: TrentService.$1" \
    --header 'Content-Type: application/x-amz-json-1.1' --data "$2" --header \
    "Authorization: AWS4-HMAC-SHA256 Credential=local/20260101/us-east-1/kms/aws4_request, SignedHeaders=host, Signature=00"
}

# Creates a key and prints its ARN.
create_key() { kms CreateKey '{}' | sed 's/.*"Arn":"\([^"]*\)".*/\1/'; }

# Reports a step: check STEP ACTUAL EXPECTED.
check() { [ "$2" = "$3" ] || { echo "failed: \"$2\" is not \"$3\""; exit 1; }; echo "ok: $1"; }
