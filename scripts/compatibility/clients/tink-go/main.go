// Encrypts data with Tink and KMS keys in the emulator.
package main

import (
	"bytes"
	"context"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/tink-crypto/tink-go-awskms/v3/integration/awskms"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"

	"kms-functions/compatibility/steps"
)

var (
	ctx            = context.Background()
	hello          = []byte("hello")
	associatedData = []byte("tenant=acme")
)

func main() {
	steps.PrintVersion("github.com/tink-crypto/tink-go-awskms/v3")
	cfg, err := config.LoadDefaultConfig(ctx)
	steps.Stop(err)
	created, err := kms.NewFromConfig(cfg).CreateKey(ctx, &kms.CreateKeyInput{})
	steps.Stop(err)

	uri := "aws-kms://" + *created.KeyMetadata.Arn
	client, err := awskms.NewClientWithOptions(ctx, uri)
	steps.Stop(err)
	remote, err := client.GetAEAD(uri)
	steps.Stop(err)
	steps.Check("AEAD with a KMS key", roundTrip(remote))

	envelope := aead.NewKMSEnvelopeAEAD2(aead.AES256GCMKeyTemplate(), remote)
	steps.Check("envelope AEAD", roundTrip(envelope))

	steps.Check("encrypted keyset", storeKeyset(remote))

	ciphertext, err := remote.Encrypt(hello, associatedData)
	steps.Stop(err)
	_, err = remote.Decrypt(ciphertext, []byte("tenant=other"))
	steps.Check("reject wrong associated data", err != nil)
}

// roundTrip reports whether the AEAD decrypts what it encrypted.
func roundTrip(primitive tink.AEAD) bool {
	ciphertext, err := primitive.Encrypt(hello, associatedData)
	steps.Stop(err)
	plaintext, err := primitive.Decrypt(ciphertext, associatedData)
	steps.Stop(err)
	return bytes.Equal(plaintext, hello)
}

// storeKeyset reports whether a keyset that KMS encrypted decrypts data after it is read again.
func storeKeyset(remote tink.AEAD) bool {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	steps.Stop(err)
	var file bytes.Buffer
	steps.Stop(handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&file), remote, associatedData))
	local, err := aead.New(handle)
	steps.Stop(err)
	ciphertext, err := local.Encrypt(hello, nil)
	steps.Stop(err)

	readHandle, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(&file), remote, associatedData)
	steps.Stop(err)
	again, err := aead.New(readHandle)
	steps.Stop(err)
	plaintext, err := again.Decrypt(ciphertext, nil)
	steps.Stop(err)
	return bytes.Equal(plaintext, hello)
}
