// Encrypts data with Tink and KMS keys in the emulator.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/tink-crypto/tink-go-awskms/v3/integration/awskms"
	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/tink"
)

var (
	ctx            = context.Background()
	hello          = []byte("hello")
	associatedData = []byte("tenant=acme")
)

func main() {
	printVersion()
	cfg, err := config.LoadDefaultConfig(ctx)
	stop(err)
	created, err := kms.NewFromConfig(cfg).CreateKey(ctx, &kms.CreateKeyInput{})
	stop(err)

	uri := "aws-kms://" + *created.KeyMetadata.Arn
	client, err := awskms.NewClientWithOptions(ctx, uri)
	stop(err)
	remote, err := client.GetAEAD(uri)
	stop(err)
	check("AEAD with a KMS key", roundTrip(remote))

	envelope := aead.NewKMSEnvelopeAEAD2(aead.AES256GCMKeyTemplate(), remote)
	check("envelope AEAD", roundTrip(envelope))

	check("encrypted keyset", storeKeyset(remote))

	ciphertext, err := remote.Encrypt(hello, associatedData)
	stop(err)
	_, err = remote.Decrypt(ciphertext, []byte("tenant=other"))
	check("reject wrong associated data", err != nil)
}

// roundTrip reports whether the AEAD decrypts what it encrypted.
func roundTrip(primitive tink.AEAD) bool {
	ciphertext, err := primitive.Encrypt(hello, associatedData)
	stop(err)
	plaintext, err := primitive.Decrypt(ciphertext, associatedData)
	stop(err)
	return bytes.Equal(plaintext, hello)
}

// storeKeyset reports whether a keyset that KMS encrypted decrypts data after it is read again.
func storeKeyset(remote tink.AEAD) bool {
	handle, err := keyset.NewHandle(aead.AES256GCMKeyTemplate())
	stop(err)
	var file bytes.Buffer
	stop(handle.WriteWithAssociatedData(keyset.NewBinaryWriter(&file), remote, associatedData))
	local, err := aead.New(handle)
	stop(err)
	ciphertext, err := local.Encrypt(hello, nil)
	stop(err)

	readHandle, err := keyset.ReadWithAssociatedData(keyset.NewBinaryReader(&file), remote, associatedData)
	stop(err)
	again, err := aead.New(readHandle)
	stop(err)
	plaintext, err := again.Decrypt(ciphertext, nil)
	stop(err)
	return bytes.Equal(plaintext, hello)
}

func printVersion() {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "github.com/tink-crypto/tink-go-awskms/v3" {
			fmt.Println("version: " + module.Version)
		}
	}
}

// check prints the result of a step.
func check(step string, isTrue bool) {
	if !isTrue {
		stop(errors.New("unexpected response"))
	}
	fmt.Println("ok: " + step)
}

// stop ends the program if a call failed.
func stop(err error) {
	if err != nil {
		fmt.Println("failed: " + err.Error())
		os.Exit(1)
	}
}
