import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.util.VersionInfo;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.kms.model.DisabledException;
import software.amazon.awssdk.services.kms.model.GrantOperation;
import software.amazon.awssdk.services.kms.model.InvalidCiphertextException;
import software.amazon.awssdk.services.kms.model.KeySpec;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KeyUsageType;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.kms.model.MacAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.MessageType;
import software.amazon.awssdk.services.kms.model.NotFoundException;
import software.amazon.awssdk.services.kms.model.SigningAlgorithmSpec;
import software.amazon.awssdk.services.kms.model.Tag;
import software.amazon.awssdk.services.sts.StsClient;

/** Calls the emulator with the AWS SDK for Java 2.x. */
public class Check {
  private static final KmsClient kms = KmsClient.create();
  private static final Map<String, String> context = Map.of("tenant", "acme");
  private static final SdkBytes hello = SdkBytes.fromUtf8String("hello");

  public static void main(String[] args) throws Exception {
    System.out.println("version: " + VersionInfo.SDK_VERSION);
    try (StsClient sts = StsClient.create()) {
      var identity = sts.getCallerIdentity();
      check("GetCallerIdentity", identity.arn().equals("arn:aws:iam::" + identity.account() + ":root"));
    }
    String key = createKey(KeySpec.SYMMETRIC_DEFAULT, KeyUsageType.ENCRYPT_DECRYPT);
    check("CreateKey, DescribeKey", kms.describeKey(r -> r.keyId(key)).keyMetadata().keyState() == KeyState.ENABLED);

    SdkBytes ciphertext = kms.encrypt(r -> r.keyId(key).plaintext(hello).encryptionContext(context)).ciphertextBlob();
    SdkBytes plaintext = kms.decrypt(r -> r.ciphertextBlob(ciphertext).encryptionContext(context)).plaintext();
    check("Encrypt, Decrypt with context", plaintext.equals(hello));

    var dataKey = kms.generateDataKey(r -> r.keyId(key).keySpec(DataKeySpec.AES_256));
    SdkBytes unwrapped = kms.decrypt(r -> r.ciphertextBlob(dataKey.ciphertextBlob())).plaintext();
    check("GenerateDataKey", Arrays.equals(unwrapped.asByteArray(), dataKey.plaintext().asByteArray()));

    useSignatures();
    useMacs();
    useGrants(key);
    useTags(key);
    useAliases(key);
    useRotation(key);
    usePages();
    useErrors(key, ciphertext);
  }

  private static void useSignatures() throws Exception {
    String key = createKey(KeySpec.ECC_NIST_P256, KeyUsageType.SIGN_VERIFY);
    SdkBytes digest = SdkBytes.fromByteArray(MessageDigest.getInstance("SHA-256").digest(hello.asByteArray()));
    var algorithm = SigningAlgorithmSpec.ECDSA_SHA_256;
    SdkBytes signature = kms.sign(
        r -> r.keyId(key).message(digest).messageType(MessageType.DIGEST).signingAlgorithm(algorithm)).signature();
    boolean isValid = kms.verify(
        r -> r.keyId(key).message(hello).signature(signature).signingAlgorithm(algorithm)).signatureValid();
    check("Sign, Verify, GetPublicKey", isValid && kms.getPublicKey(r -> r.keyId(key)).publicKey() != null);
  }

  private static void useMacs() {
    String key = createKey(KeySpec.HMAC_256, KeyUsageType.GENERATE_VERIFY_MAC);
    var algorithm = MacAlgorithmSpec.HMAC_SHA_256;
    SdkBytes mac = kms.generateMac(r -> r.keyId(key).message(hello).macAlgorithm(algorithm)).mac();
    boolean isValid = kms.verifyMac(r -> r.keyId(key).message(hello).mac(mac).macAlgorithm(algorithm)).macValid();
    check("GenerateMac, VerifyMac", isValid);
  }

  private static void useGrants(String key) {
    String grant = kms.createGrant(r -> r.keyId(key).granteePrincipal("arn:aws:iam::000000000000:role/reader")
        .operations(GrantOperation.DECRYPT).constraints(c -> c.encryptionContextSubset(context))).grantId();
    var grants = kms.listGrants(r -> r.keyId(key)).grants();
    kms.revokeGrant(r -> r.keyId(key).grantId(grant));
    check("CreateGrant, ListGrants, RevokeGrant", grants.get(0).creationDate() != null);
  }

  private static void useTags(String key) {
    kms.tagResource(r -> r.keyId(key).tags(Tag.builder().tagKey("team").tagValue("billing").build()));
    List<Tag> tags = kms.listResourceTags(r -> r.keyId(key)).tags();
    kms.untagResource(r -> r.keyId(key).tagKeys("team"));
    check("TagResource, ListResourceTags, UntagResource", tags.get(0).tagValue().equals("billing"));
  }

  private static void useAliases(String key) {
    kms.createAlias(r -> r.aliasName("alias/java-sdk").targetKeyId(key));
    String found = kms.describeKey(r -> r.keyId("alias/java-sdk")).keyMetadata().keyId();
    kms.deleteAlias(r -> r.aliasName("alias/java-sdk"));
    check("CreateAlias, DeleteAlias", found.equals(key));
  }

  private static void useRotation(String key) {
    kms.enableKeyRotation(r -> r.keyId(key).rotationPeriodInDays(180));
    var status = kms.getKeyRotationStatus(r -> r.keyId(key));
    check("EnableKeyRotation, GetKeyRotationStatus", status.rotationPeriodInDays() == 180);
    check("RotateKeyOnDemand", kms.rotateKeyOnDemand(r -> r.keyId(key)).keyId().endsWith(key));
  }

  private static void usePages() {
    var pages = kms.listKeysPaginator(r -> r.limit(2)).stream().collect(Collectors.toList());
    long keys = pages.stream().mapToLong(page -> page.keys().size()).sum();
    check("ListKeys in pages", pages.size() >= 2 && keys >= 3);
  }

  private static void useErrors(String key, SdkBytes ciphertext) {
    var notFound = catchError(() -> kms.describeKey(r -> r.keyId("alias/missing")));
    check("NotFoundException", notFound instanceof NotFoundException);

    var invalid = catchError(() -> kms.decrypt(r -> r.ciphertextBlob(ciphertext)));
    check("InvalidCiphertextException", invalid instanceof InvalidCiphertextException);

    kms.disableKey(r -> r.keyId(key));
    check("DisabledException",
        catchError(() -> kms.encrypt(r -> r.keyId(key).plaintext(hello))) instanceof DisabledException);

    var credentials = AwsBasicCredentials.create(System.getenv("READER_ACCESS_KEY_ID"), "local");
    try (KmsClient reader =
        KmsClient.builder().credentialsProvider(StaticCredentialsProvider.create(credentials)).build()) {
      var denied = catchError(() -> reader.createKey());
      check("AccessDeniedException", denied.awsErrorDetails().errorCode().equals("AccessDeniedException"));
    }
    var deletion = kms.scheduleKeyDeletion(r -> r.keyId(key).pendingWindowInDays(7));
    check("ScheduleKeyDeletion", deletion.keyState() == KeyState.PENDING_DELETION);
  }

  private static String createKey(KeySpec spec, KeyUsageType usage) {
    return kms.createKey(r -> r.keySpec(spec).keyUsage(usage)).keyMetadata().keyId();
  }

  private static KmsException catchError(Runnable call) {
    try {
      call.run();
    } catch (KmsException error) {
      return error;
    }
    throw new IllegalStateException("the call succeeded");
  }

  /** Prints the result of a step. */
  private static void check(String step, boolean isTrue) {
    if (!isTrue) throw new IllegalStateException(step + ": unexpected response");
    System.out.println("ok: " + step);
  }
}
