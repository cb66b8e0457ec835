#!/usr/bin/env bash
# Calls the emulator over TLS, without and with a trust store that contains the emulator's authority.
set -euo pipefail

check() {
  java "$@" -cp "$OUTPUT/classes:$OUTPUT/lib/*" Check 2>&1
}

untrusted=$(check || true)
grep --quiet 'PKIX path building failed' <<< "$untrusted"
echo 'ok: reject a certificate that is not trusted'

rm -f "$OUTPUT/trust.p12"
keytool -importcert -noprompt -file "$SSL_CERT_FILE" -keystore "$OUTPUT/trust.p12" -storepass changeit
check "-Djavax.net.ssl.trustStore=$OUTPUT/trust.p12" -Djavax.net.ssl.trustStorePassword=changeit
