#!/usr/bin/env bash
# Encrypts, decrypts and rotates a file with SOPS. The argument is the path of the program.
set -euo pipefail
sops=$1
files=$(mktemp -d)
trap 'rm -r "$files"' EXIT
. ../../kms.sh

echo "version: $(go list -m -f '{{.Version}}' github.com/getsops/sops/v3)"
first=$(create_key)
second=$(create_key)
cd "$files"
export HOME=$files
printf 'password: hello\n' >plain.yaml

"$sops" encrypt --kms "$first" --encryption-context tenant:acme plain.yaml >secret.yaml
check 'encrypt a file' "$(grep -c 'password: ENC' secret.yaml) $(grep -c "$first" secret.yaml)" '1 1'
check 'decrypt a file' "$("$sops" decrypt secret.yaml)" 'password: hello'

before=$(grep 'enc:' secret.yaml)
"$sops" rotate --in-place secret.yaml
after=$(grep 'enc:' secret.yaml)
[ "$before" != "$after" ] && check 'rotate the data key of a file' "$("$sops" decrypt secret.yaml)" 'password: hello'

"$sops" rotate --in-place --add-kms "$second" --encryption-context tenant:acme secret.yaml
kms ScheduleKeyDeletion "{\"KeyId\":\"$first\",\"PendingWindowInDays\":7}" >deletion.json
check 'add a second key to a file' "$("$sops" decrypt secret.yaml)" 'password: hello'

kms ScheduleKeyDeletion "{\"KeyId\":\"$second\",\"PendingWindowInDays\":7}" >deletion.json
"$sops" decrypt secret.yaml >rejected.txt 2>&1 && { echo 'failed: decrypted with deleted keys'; exit 1; }
grep -q KMSInvalidStateException rejected.txt && echo 'ok: reject a key that is pending deletion'
