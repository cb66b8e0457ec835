// Wraps data with the awskms seal of HashiCorp Vault and a KMS key in the emulator.
package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"runtime/debug"
	"strings"

	"github.com/aws/aws-sdk-go/aws"
	"github.com/aws/aws-sdk-go/aws/session"
	"github.com/aws/aws-sdk-go/service/kms"
	wrapping "github.com/hashicorp/go-kms-wrapping/v2"
	"github.com/hashicorp/go-kms-wrapping/wrappers/awskms/v2"
)

var (
	ctx     = context.Background()
	rootKey = []byte("the root key of a vault")
)

func main() {
	printVersion()
	endpoint := os.Getenv("AWS_ENDPOINT_URL")
	client := kms.New(session.Must(session.NewSession(&aws.Config{Endpoint: &endpoint})))
	created, err := client.CreateKey(&kms.CreateKeyInput{})
	stop(err)
	key := created.KeyMetadata.KeyId

	seal := awskms.NewWrapper()
	_, err = seal.SetConfig(ctx, awskms.WithRegion("us-east-1"), awskms.WithEndpoint(endpoint), wrapping.WithKeyId(*key))
	stop(err)
	known, err := seal.KeyId(ctx)
	stop(err)
	check("configure the seal", known == *key)

	sealed, err := seal.Encrypt(ctx, rootKey)
	stop(err)
	opened, err := seal.Decrypt(ctx, sealed)
	stop(err)
	check("encrypt and decrypt", bytes.Equal(opened, rootKey))

	_, err = client.RotateKeyOnDemand(&kms.RotateKeyOnDemandInput{KeyId: key})
	stop(err)
	opened, err = seal.Decrypt(ctx, sealed)
	stop(err)
	check("decrypt after a rotation", bytes.Equal(opened, rootKey))

	_, err = client.DisableKey(&kms.DisableKeyInput{KeyId: key})
	stop(err)
	_, err = seal.Decrypt(ctx, sealed)
	check("report an error for a disabled key", err != nil && strings.Contains(err.Error(), kms.ErrCodeDisabledException))
}

func printVersion() {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "github.com/hashicorp/go-kms-wrapping/wrappers/awskms/v2" {
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
