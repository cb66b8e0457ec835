#!/usr/bin/env bash
# Encrypts a state with OpenTofu and a KMS key. The argument is the path of the program.
set -euo pipefail
tofu=$1
files=$(mktemp -d)
trap 'rm -r "$files"' EXIT
. ../../kms.sh

echo "version: $(go list -m -f '{{.Version}}' github.com/opentofu/opentofu)"
key=$(create_key)
cp main.tf "$files"
cd "$files"
export TF_VAR_key=$key TF_IN_AUTOMATION=1 HOME=$files

"$tofu" init -input=false >init.txt
"$tofu" apply -input=false -auto-approve >apply.txt
check 'apply with an encrypted state' "$(grep -c encrypted_data terraform.tfstate) $(grep -c hello terraform.tfstate || true)" '1 0'
"$tofu" plan -input=false -detailed-exitcode >plan.txt
echo 'ok: plan with the state'

kms DisableKey "{\"KeyId\":\"$key\"}" >disabled.json
"$tofu" plan -input=false >rejected.txt 2>&1 && { echo 'failed: planned with a disabled key'; exit 1; }
grep -q DisabledException rejected.txt && echo 'ok: reject a disabled key'
