#!/usr/bin/env bash
# Calls the emulator over TLS, with the system's authorities and then with the emulator's authority.
set -euo pipefail

program=$OUTPUT/target-tls/debug/check
untrusted=$(env --unset=SSL_CERT_FILE "$program" || true)
grep --quiet UnknownIssuer <<< "$untrusted"
echo 'ok: reject a certificate that is not trusted'

"$program"
