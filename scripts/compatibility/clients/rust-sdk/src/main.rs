//! Calls the emulator with the AWS SDK for Rust.

use aws_config::BehaviorVersion;
use aws_sdk_kms::config::Credentials;
use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_kms::operation::decrypt::DecryptError;
use aws_sdk_kms::operation::describe_key::DescribeKeyError;
use aws_sdk_kms::operation::encrypt::EncryptError;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{
    DataKeySpec, GrantConstraints, GrantOperation, KeySpec, KeyState, KeyUsageType, MacAlgorithmSpec, MessageType,
    SigningAlgorithmSpec, Tag,
};
use aws_sdk_kms::Client;
use sha2::{Digest, Sha256};

type Failure = Box<dyn std::error::Error>;

const HELLO: &[u8] = b"hello";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    println!("version: {}", aws_sdk_kms::meta::PKG_VERSION);
    if let Err(error) = run().await {
        println!("failed: {error:?}");
        std::process::exit(1);
    }
}

async fn run() -> Result<(), Failure> {
    let config = aws_config::defaults(BehaviorVersion::latest()).http_client(create_http_client()).load().await;
    let kms = Client::new(&config);

    let identity = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await?;
    let root = format!("arn:aws:iam::{}:root", identity.account().unwrap_or_default());
    check("GetCallerIdentity", identity.arn() == Some(&root))?;

    let key = create_key(&kms, KeySpec::SymmetricDefault, KeyUsageType::EncryptDecrypt).await?;
    let described = kms.describe_key().key_id(&key).send().await?;
    check("CreateKey, DescribeKey", described.key_metadata().and_then(|key| key.key_state()) == Some(&KeyState::Enabled))?;

    let encrypted = kms.encrypt().key_id(&key).plaintext(Blob::new(HELLO)).encryption_context("tenant", "acme").send().await?;
    let ciphertext = encrypted.ciphertext_blob().cloned().ok_or("no ciphertext")?;
    let decrypted = kms.decrypt().ciphertext_blob(ciphertext.clone()).encryption_context("tenant", "acme").send().await?;
    check("Encrypt, Decrypt with context", decrypted.plaintext().map(Blob::as_ref) == Some(HELLO))?;

    let data_key = kms.generate_data_key().key_id(&key).key_spec(DataKeySpec::Aes256).send().await?;
    let wrapped = data_key.ciphertext_blob().cloned().ok_or("no ciphertext")?;
    let unwrapped = kms.decrypt().ciphertext_blob(wrapped).send().await?;
    check("GenerateDataKey", unwrapped.plaintext() == data_key.plaintext())?;

    use_signatures(&kms).await?;
    use_macs(&kms).await?;
    use_grants(&kms, &key).await?;
    use_tags(&kms, &key).await?;
    use_aliases(&kms, &key).await?;
    use_rotation(&kms, &key).await?;
    use_pages(&kms).await?;
    use_errors(&kms, &config, &key, ciphertext).await
}

#[cfg(not(feature = "tls"))]
fn create_http_client() -> impl aws_sdk_kms::config::HttpClient + 'static {
    aws_smithy_http_client::Builder::new().build_http()
}

#[cfg(feature = "tls")]
fn create_http_client() -> impl aws_sdk_kms::config::HttpClient + 'static {
    use aws_smithy_http_client::tls::{rustls_provider::CryptoMode, Provider};
    aws_smithy_http_client::Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
}

async fn use_signatures(kms: &Client) -> Result<(), Failure> {
    let key = create_key(kms, KeySpec::EccNistP256, KeyUsageType::SignVerify).await?;
    let algorithm = SigningAlgorithmSpec::EcdsaSha256;
    let digest = Blob::new(Sha256::digest(HELLO).to_vec());
    let signed =
        kms.sign().key_id(&key).message(digest).message_type(MessageType::Digest).signing_algorithm(algorithm.clone()).send().await?;
    let signature = signed.signature().cloned().ok_or("no signature")?;
    let verified =
        kms.verify().key_id(&key).message(Blob::new(HELLO)).signature(signature).signing_algorithm(algorithm).send().await?;
    let public = kms.get_public_key().key_id(&key).send().await?;
    check("Sign, Verify, GetPublicKey", verified.signature_valid() && public.public_key().is_some())
}

async fn use_macs(kms: &Client) -> Result<(), Failure> {
    let key = create_key(kms, KeySpec::Hmac256, KeyUsageType::GenerateVerifyMac).await?;
    let algorithm = MacAlgorithmSpec::HmacSha256;
    let generated = kms.generate_mac().key_id(&key).message(Blob::new(HELLO)).mac_algorithm(algorithm.clone()).send().await?;
    let mac = generated.mac().cloned().ok_or("no MAC")?;
    let verified = kms.verify_mac().key_id(&key).message(Blob::new(HELLO)).mac(mac).mac_algorithm(algorithm).send().await?;
    check("GenerateMac, VerifyMac", verified.mac_valid())
}

async fn use_grants(kms: &Client, key: &str) -> Result<(), Failure> {
    let constraints = GrantConstraints::builder().encryption_context_subset("tenant", "acme").build();
    let created = kms
        .create_grant()
        .key_id(key)
        .grantee_principal("arn:aws:iam::000000000000:role/reader")
        .operations(GrantOperation::Decrypt)
        .constraints(constraints)
        .send()
        .await?;
    let listed = kms.list_grants().key_id(key).send().await?;
    kms.revoke_grant().key_id(key).grant_id(created.grant_id().unwrap_or_default()).send().await?;
    check("CreateGrant, ListGrants, RevokeGrant", listed.grants()[0].creation_date().is_some())
}

async fn use_tags(kms: &Client, key: &str) -> Result<(), Failure> {
    let tag = Tag::builder().tag_key("team").tag_value("billing").build()?;
    kms.tag_resource().key_id(key).tags(tag).send().await?;
    let listed = kms.list_resource_tags().key_id(key).send().await?;
    kms.untag_resource().key_id(key).tag_keys("team").send().await?;
    check("TagResource, ListResourceTags, UntagResource", listed.tags()[0].tag_value() == "billing")
}

async fn use_aliases(kms: &Client, key: &str) -> Result<(), Failure> {
    let name = "alias/rust-sdk";
    kms.create_alias().alias_name(name).target_key_id(key).send().await?;
    let described = kms.describe_key().key_id(name).send().await?;
    kms.delete_alias().alias_name(name).send().await?;
    check("CreateAlias, DeleteAlias", described.key_metadata().map(|found| found.key_id()) == Some(key))
}

async fn use_rotation(kms: &Client, key: &str) -> Result<(), Failure> {
    kms.enable_key_rotation().key_id(key).rotation_period_in_days(180).send().await?;
    let status = kms.get_key_rotation_status().key_id(key).send().await?;
    check("EnableKeyRotation, GetKeyRotationStatus", status.rotation_period_in_days() == Some(180))?;
    let rotated = kms.rotate_key_on_demand().key_id(key).send().await?;
    check("RotateKeyOnDemand", rotated.key_id().unwrap_or_default().ends_with(key))
}

async fn use_pages(kms: &Client) -> Result<(), Failure> {
    let mut stream = kms.list_keys().limit(2).into_paginator().send();
    let (mut pages, mut keys) = (0, 0);
    while let Some(page) = stream.try_next().await? {
        pages += 1;
        keys += page.keys().len();
    }
    check("ListKeys in pages", pages >= 2 && keys >= 3)
}

async fn use_errors(kms: &Client, config: &aws_config::SdkConfig, key: &str, ciphertext: Blob) -> Result<(), Failure> {
    let missing = kms.describe_key().key_id("alias/missing").send().await.map_err(SdkError::into_service_error);
    check("NotFoundException", matches!(missing, Err(DescribeKeyError::NotFoundException(_))))?;

    let wrong = kms.decrypt().ciphertext_blob(ciphertext).send().await.map_err(SdkError::into_service_error);
    check("InvalidCiphertextException", matches!(wrong, Err(DecryptError::InvalidCiphertextException(_))))?;

    kms.disable_key().key_id(key).send().await?;
    let disabled =
        kms.encrypt().key_id(key).plaintext(Blob::new(HELLO)).send().await.map_err(SdkError::into_service_error);
    check("DisabledException", matches!(disabled, Err(EncryptError::DisabledException(_))))?;

    let credentials = Credentials::new(std::env::var("READER_ACCESS_KEY_ID")?, "local", None, None, "check");
    let reader_config = aws_sdk_kms::config::Builder::from(config).credentials_provider(credentials).build();
    let denied = Client::from_conf(reader_config).create_key().send().await;
    check("AccessDeniedException", denied.is_err_and(|error| error.code() == Some("AccessDeniedException")))?;

    let deletion = kms.schedule_key_deletion().key_id(key).pending_window_in_days(7).send().await?;
    check("ScheduleKeyDeletion", deletion.key_state() == Some(&KeyState::PendingDeletion))
}

async fn create_key(kms: &Client, spec: KeySpec, usage: KeyUsageType) -> Result<String, Failure> {
    let created = kms.create_key().key_spec(spec).key_usage(usage).send().await?;
    Ok(created.key_metadata().ok_or("no metadata")?.key_id().to_owned())
}

/// Prints the result of a step.
fn check(step: &str, is_true: bool) -> Result<(), Failure> {
    if !is_true {
        return Err("unexpected response".into());
    }
    println!("ok: {step}");
    Ok(())
}
