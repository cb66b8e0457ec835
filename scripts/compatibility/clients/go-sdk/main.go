// Calls the emulator with the AWS SDK for Go v2.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/kms/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"kms-functions/compatibility/steps"
)

var (
	ctx        = context.Background()
	encContext = map[string]string{"tenant": "acme"}
)

func main() {
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		panic(err)
	}
	client := kms.NewFromConfig(cfg)
	fmt.Println("version: " + aws.SDKVersion)

	identity, err := sts.NewFromConfig(cfg).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{})
	check("GetCallerIdentity", err, func() bool { return *identity.Arn == "arn:aws:iam::"+*identity.Account+":root" })

	key := createKey(client, types.KeySpecSymmetricDefault, types.KeyUsageTypeEncryptDecrypt)
	described, err := client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: &key})
	check("CreateKey, DescribeKey", err, func() bool { return described.KeyMetadata.KeyState == types.KeyStateEnabled })

	encrypted, err := client.Encrypt(ctx, &kms.EncryptInput{KeyId: &key, Plaintext: []byte("hello"), EncryptionContext: encContext})
	steps.Stop(err)
	decrypted, err := client.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: encrypted.CiphertextBlob, EncryptionContext: encContext})
	check("Encrypt, Decrypt with context", err, func() bool { return string(decrypted.Plaintext) == "hello" })

	dataKey, err := client.GenerateDataKey(ctx, &kms.GenerateDataKeyInput{KeyId: &key, KeySpec: types.DataKeySpecAes256})
	steps.Stop(err)
	unwrapped, err := client.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: dataKey.CiphertextBlob})
	check("GenerateDataKey", err, func() bool { return bytes.Equal(unwrapped.Plaintext, dataKey.Plaintext) })

	useSignatures(client)
	useMacs(client)
	useGrants(client, key)
	useTags(client, key)
	useAliases(client, key)
	useRotation(client, key)
	usePages(client)
	useErrors(client, cfg, key, encrypted.CiphertextBlob)
}

func useSignatures(client *kms.Client) {
	key := createKey(client, types.KeySpecEccNistP256, types.KeyUsageTypeSignVerify)
	digest := sha256.Sum256([]byte("hello"))
	signed, err := client.Sign(ctx, &kms.SignInput{
		KeyId: &key, Message: digest[:], MessageType: types.MessageTypeDigest, SigningAlgorithm: types.SigningAlgorithmSpecEcdsaSha256,
	})
	steps.Stop(err)
	verified, err := client.Verify(ctx, &kms.VerifyInput{
		KeyId: &key, Message: []byte("hello"), Signature: signed.Signature, SigningAlgorithm: types.SigningAlgorithmSpecEcdsaSha256,
	})
	steps.Stop(err)
	_, err = client.GetPublicKey(ctx, &kms.GetPublicKeyInput{KeyId: &key})
	check("Sign, Verify, GetPublicKey", err, func() bool { return verified.SignatureValid })
}

func useMacs(client *kms.Client) {
	key := createKey(client, types.KeySpecHmac256, types.KeyUsageTypeGenerateVerifyMac)
	mac, err := client.GenerateMac(ctx, &kms.GenerateMacInput{KeyId: &key, Message: []byte("hello"), MacAlgorithm: types.MacAlgorithmSpecHmacSha256})
	steps.Stop(err)
	verified, err := client.VerifyMac(ctx, &kms.VerifyMacInput{
		KeyId: &key, Message: []byte("hello"), Mac: mac.Mac, MacAlgorithm: types.MacAlgorithmSpecHmacSha256,
	})
	check("GenerateMac, VerifyMac", err, func() bool { return verified.MacValid })
}

func useGrants(client *kms.Client, key string) {
	_, err := client.CreateGrant(ctx, &kms.CreateGrantInput{
		KeyId: &key, GranteePrincipal: aws.String("arn:aws:iam::000000000000:role/reader"),
		Operations:  []types.GrantOperation{types.GrantOperationDecrypt},
		Constraints: &types.GrantConstraints{EncryptionContextSubset: encContext},
	})
	steps.Stop(err)
	grants, err := client.ListGrants(ctx, &kms.ListGrantsInput{KeyId: &key})
	steps.Stop(err)
	_, err = client.RevokeGrant(ctx, &kms.RevokeGrantInput{KeyId: &key, GrantId: grants.Grants[0].GrantId})
	check("CreateGrant, ListGrants, RevokeGrant", err, func() bool { return !grants.Grants[0].CreationDate.IsZero() })
}

func useTags(client *kms.Client, key string) {
	_, err := client.TagResource(ctx, &kms.TagResourceInput{KeyId: &key, Tags: []types.Tag{{TagKey: aws.String("team"), TagValue: aws.String("billing")}}})
	steps.Stop(err)
	tags, err := client.ListResourceTags(ctx, &kms.ListResourceTagsInput{KeyId: &key})
	steps.Stop(err)
	_, err = client.UntagResource(ctx, &kms.UntagResourceInput{KeyId: &key, TagKeys: []string{"team"}})
	check("TagResource, ListResourceTags, UntagResource", err, func() bool { return *tags.Tags[0].TagValue == "billing" })
}

func useAliases(client *kms.Client, key string) {
	name := aws.String("alias/go-sdk")
	_, err := client.CreateAlias(ctx, &kms.CreateAliasInput{AliasName: name, TargetKeyId: &key})
	steps.Stop(err)
	described, err := client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: name})
	steps.Stop(err)
	_, err = client.DeleteAlias(ctx, &kms.DeleteAliasInput{AliasName: name})
	check("CreateAlias, DeleteAlias", err, func() bool { return *described.KeyMetadata.KeyId == key })
}

func useRotation(client *kms.Client, key string) {
	_, err := client.EnableKeyRotation(ctx, &kms.EnableKeyRotationInput{KeyId: &key, RotationPeriodInDays: aws.Int32(180)})
	steps.Stop(err)
	status, err := client.GetKeyRotationStatus(ctx, &kms.GetKeyRotationStatusInput{KeyId: &key})
	check("EnableKeyRotation, GetKeyRotationStatus", err, func() bool { return *status.RotationPeriodInDays == 180 })
	rotated, err := client.RotateKeyOnDemand(ctx, &kms.RotateKeyOnDemandInput{KeyId: &key})
	check("RotateKeyOnDemand", err, func() bool { return strings.HasSuffix(*rotated.KeyId, key) })
}

func usePages(client *kms.Client) {
	pages, keys := 0, 0
	var err error
	for paginator := kms.NewListKeysPaginator(client, &kms.ListKeysInput{Limit: aws.Int32(2)}); paginator.HasMorePages() && err == nil; pages++ {
		var page *kms.ListKeysOutput
		if page, err = paginator.NextPage(ctx); err == nil {
			keys += len(page.Keys)
		}
	}
	check("ListKeys in pages", err, func() bool { return pages >= 2 && keys >= 3 })
}

func useErrors(client *kms.Client, cfg aws.Config, key string, ciphertext []byte) {
	_, err := client.DescribeKey(ctx, &kms.DescribeKeyInput{KeyId: aws.String("alias/missing")})
	var notFound *types.NotFoundException
	check("NotFoundException", nil, func() bool { return errors.As(err, &notFound) && notFound.Message != nil })

	_, err = client.Decrypt(ctx, &kms.DecryptInput{CiphertextBlob: ciphertext})
	var invalid *types.InvalidCiphertextException
	check("InvalidCiphertextException", nil, func() bool { return errors.As(err, &invalid) })

	_, err = client.DisableKey(ctx, &kms.DisableKeyInput{KeyId: &key})
	steps.Stop(err)
	_, err = client.Encrypt(ctx, &kms.EncryptInput{KeyId: &key, Plaintext: []byte("hello")})
	var disabled *types.DisabledException
	check("DisabledException", nil, func() bool { return errors.As(err, &disabled) })

	cfg.Credentials = aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{AccessKeyID: os.Getenv("READER_ACCESS_KEY_ID"), SecretAccessKey: "local"}, nil
	})
	_, err = kms.NewFromConfig(cfg).CreateKey(ctx, &kms.CreateKeyInput{})
	var denied smithy.APIError
	check("AccessDeniedException", nil, func() bool { return errors.As(err, &denied) && denied.ErrorCode() == "AccessDeniedException" })

	deletion, err := client.ScheduleKeyDeletion(ctx, &kms.ScheduleKeyDeletionInput{KeyId: &key, PendingWindowInDays: aws.Int32(7)})
	check("ScheduleKeyDeletion", err, func() bool { return deletion.KeyState == types.KeyStatePendingDeletion })
}

func createKey(client *kms.Client, spec types.KeySpec, usage types.KeyUsageType) string {
	created, err := client.CreateKey(ctx, &kms.CreateKeyInput{KeySpec: spec, KeyUsage: usage})
	steps.Stop(err)
	return *created.KeyMetadata.KeyId
}

// check prints the result of a step that called KMS.
func check(step string, err error, isTrue func() bool) {
	steps.Stop(err)
	steps.Check(step, isTrue())
}
