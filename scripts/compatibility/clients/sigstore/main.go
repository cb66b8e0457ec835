// Signs with a key in the emulator, as `cosign sign --key awskms://HOST/…` does.
package main

import (
	"bytes"
	"context"
	"crypto"
	"os"
	"strings"

	"github.com/sigstore/sigstore/pkg/signature/kms"
	_ "github.com/sigstore/sigstore/pkg/signature/kms/aws"

	"kms-functions/compatibility/steps"
)

const algorithm = "ECC_NIST_P256"

var (
	ctx   = context.Background()
	hello = []byte("hello")
	// The library always uses https for the host in a reference.
	host = strings.TrimPrefix(os.Getenv("AWS_ENDPOINT_URL"), "https://")
)

func main() {
	steps.PrintVersion("github.com/sigstore/sigstore/pkg/signature/kms/aws")
	key, err := kms.Get(ctx, "awskms://"+host+"/alias/release", crypto.SHA256)
	steps.Stop(err)

	created, err := key.CreateKey(ctx, algorithm)
	steps.Stop(err)
	publicKey, err := key.PublicKey()
	steps.Stop(err)
	steps.Check("create a key with an alias", equal(created, publicKey))

	signature, err := key.SignMessage(bytes.NewReader(hello))
	steps.Stop(err)
	steps.Check("sign, verify with the public key", key.VerifySignature(bytes.NewReader(signature), bytes.NewReader(hello)) == nil)

	again, err := kms.Get(ctx, "awskms://"+host+"/alias/release", crypto.SHA256)
	steps.Stop(err)
	steps.Check("verify with a new client", again.VerifySignature(bytes.NewReader(signature), bytes.NewReader(hello)) == nil)

	changed := bytes.NewReader([]byte("hullo"))
	steps.Check("reject a changed message", key.VerifySignature(bytes.NewReader(signature), changed) != nil)
}

func equal(a, b crypto.PublicKey) bool {
	key, ok := a.(interface{ Equal(crypto.PublicKey) bool })
	return ok && key.Equal(b)
}
