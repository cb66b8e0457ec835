// Wraps data with the awskms seal of HashiCorp Vault and a KMS key in the emulator.
package main

import (
	"bytes"
	"context"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/kms"
	wrapping "github.com/hashicorp/go-kms-wrapping/v2"
	"github.com/hashicorp/go-kms-wrapping/wrappers/awskms/v2"

	"kms-functions/compatibility/steps"
)

var (
	ctx     = context.Background()
	rootKey = []byte("the root key of a vault")
)

func main() {
	steps.PrintVersion("github.com/hashicorp/go-kms-wrapping/wrappers/awskms/v2")
	endpoint := os.Getenv("AWS_ENDPOINT_URL")
	client := kms.New(session.Must(session.NewSession(&aws.Config{Endpoint: &endpoint})))
	created, err := client.CreateKey(&kms.CreateKeyInput{})
	steps.Stop(err)
	key := created.KeyMetadata.KeyId

	seal := awskms.NewWrapper()
	_, err = seal.SetConfig(ctx, awskms.WithRegion("us-east-1"), awskms.WithEndpoint(endpoint), wrapping.WithKeyId(*key))
	steps.Stop(err)
	known, err := seal.KeyId(ctx)
	steps.Stop(err)
	steps.Check("configure the seal", known == *key)

	sealed, err := seal.Encrypt(ctx, rootKey)
	steps.Stop(err)
	opened, err := seal.Decrypt(ctx, sealed)
	steps.Stop(err)
	steps.Check("encrypt and decrypt", bytes.Equal(opened, rootKey))

	_, err = client.RotateKeyOnDemand(&kms.RotateKeyOnDemandInput{KeyId: key})
	steps.Stop(err)
	opened, err = seal.Decrypt(ctx, sealed)
	steps.Stop(err)
	steps.Check("decrypt after a rotation", bytes.Equal(opened, rootKey))

	_, err = client.DisableKey(&kms.DisableKeyInput{KeyId: key})
	steps.Stop(err)
	_, err = seal.Decrypt(ctx, sealed)
	steps.Check("report an error for a disabled key", err != nil && strings.Contains(err.Error(), kms.ErrCodeDisabledException))
}
