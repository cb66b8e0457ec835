import { type Client, type Command, commonSteps, type MissingClient } from './client.ts';

const goBuild = (target = '.'): readonly Command[] => [['go', 'build', '-o', '$OUTPUT/program', target]];

/** Creates a virtual environment and installs the versions in `requirements.txt`. */
const pipInstall: readonly Command[] = [
  ['python3', '-m', 'venv', '$OUTPUT/venv'],
  ['$OUTPUT/venv/bin/pip', 'install', '--quiet', '--requirement', 'requirements.txt'],
];
const python = '$OUTPUT/venv/bin/python';
const mavenPackage: readonly Command[] = [['mvn', '--batch-mode', '--quiet', '-Doutput=$OUTPUT', 'package']];
const tlsSteps: readonly string[] = ['reject a certificate that is not trusted', ...commonSteps];

export const clients: readonly Client[] = [
  {
    name: 'AWS SDK for JavaScript v3',
    language: 'TypeScript',
    folder: 'javascript-sdk',
    prepare: [],
    run: ['node', 'check.ts'],
    steps: commonSteps,
  },
  {
    name: 'AWS SDK for Go v2',
    language: 'Go',
    folder: 'go-sdk',
    prepare: goBuild(),
    run: ['$OUTPUT/program'],
    steps: commonSteps,
  },
  {
    name: 'AWS SDK for Java 2.x',
    language: 'Java',
    folder: 'java-sdk',
    prepare: mavenPackage,
    run: ['java', '-cp', '$OUTPUT/classes:$OUTPUT/lib/*', 'Check'],
    steps: commonSteps,
  },
  {
    name: 'AWS SDK for Java 2.x over TLS',
    language: 'Java',
    folder: 'java-sdk',
    prepare: mavenPackage,
    run: ['bash', 'check-tls.sh'],
    steps: tlsSteps,
    needsTls: true,
    notes: 'with a trust store that `keytool` creates',
  },
  {
    name: 'boto3',
    language: 'Python',
    folder: 'boto3',
    prepare: pipInstall,
    run: [python, 'check.py'],
    steps: commonSteps,
  },
  {
    name: 'AWS SDK for Rust',
    language: 'Rust',
    folder: 'rust-sdk',
    prepare: [['cargo', 'build', '--quiet', '--target-dir', '$OUTPUT/target']],
    run: ['$OUTPUT/target/debug/check'],
    steps: commonSteps,
  },
  {
    name: 'AWS SDK for Rust over TLS',
    language: 'Rust',
    folder: 'rust-sdk',
    prepare: [['cargo', 'build', '--quiet', '--features', 'tls', '--target-dir', '$OUTPUT/target-tls']],
    run: ['bash', 'check-tls.sh'],
    steps: tlsSteps,
    needsTls: true,
    notes: 'with rustls and `SSL_CERT_FILE`',
  },
  {
    name: 'AWS CLI v2',
    language: 'shell',
    folder: 'aws-cli',
    prepare: [],
    run: ['bash', 'check.sh', '/usr/bin/aws'],
    steps: commonSteps.filter((step) => step !== 'RotateKeyOnDemand'),
    notes: 'Debian package `awscli`; this version does not support `rotate-key-on-demand`, and needs `--endpoint-url`',
  },
  {
    name: 'AWS CLI v1',
    language: 'shell',
    folder: 'aws-cli',
    prepare: pipInstall,
    run: ['bash', 'check.sh', '$OUTPUT/venv/bin/aws'],
    steps: commonSteps,
  },
  {
    name: 'AWS Encryption SDK for Python',
    language: 'Python',
    folder: 'encryption-sdk-python',
    prepare: pipInstall,
    run: [python, 'check.py'],
    steps: [
      'encrypt and decrypt with a KMS keyring',
      'encrypt with two KMS keys, decrypt with the second',
      'decrypt with a discovery keyring',
      'reject a wrong encryption context',
    ],
  },
  {
    name: 'SOPS',
    language: 'Go',
    folder: 'sops',
    prepare: goBuild('github.com/getsops/sops/v3/cmd/sops'),
    run: ['bash', 'check.sh', '$OUTPUT/program'],
    steps: [
      'encrypt a file',
      'decrypt a file',
      'rotate the data key of a file',
      'add a second key to a file',
      'reject a key that is pending deletion',
    ],
  },
  {
    name: 'OpenTofu, state encryption',
    language: 'Go',
    folder: 'opentofu',
    prepare: goBuild('github.com/opentofu/opentofu/cmd/tofu'),
    run: ['bash', 'check.sh', '$OUTPUT/program'],
    steps: ['apply with an encrypted state', 'plan with the state', 'reject a disabled key'],
    notes: 'key provider `aws_kms`, without the AWS provider',
  },
  {
    name: 'Tink',
    language: 'Go',
    folder: 'tink-go',
    prepare: goBuild(),
    run: ['$OUTPUT/program'],
    steps: ['AEAD with a KMS key', 'envelope AEAD', 'encrypted keyset', 'reject wrong associated data'],
  },
  {
    name: 'awskms seal of HashiCorp Vault',
    language: 'Go',
    folder: 'vault-seal',
    prepare: goBuild(),
    run: ['$OUTPUT/program'],
    steps: [
      'configure the seal',
      'encrypt and decrypt',
      'decrypt after a rotation',
      'report an error for a disabled key',
    ],
    notes: 'Go module `hashicorp/go-kms-wrapping/wrappers/awskms`',
  },
  {
    name: 'PyMongo, client-side field level encryption',
    language: 'Python',
    folder: 'pymongo',
    prepare: pipInstall,
    run: [python, 'check.py'],
    steps: [
      'create a data key',
      'encrypt and decrypt a field',
      'decrypt a field with a new client, after a rotation',
      'reject a certificate that is not trusted',
      'report an error for a disabled key',
    ],
    needsTls: true,
    notes: 'over TLS, with libmongocrypt and boto3; the key vault is in memory instead of MongoDB',
  },
  {
    name: 'Sigstore, library of cosign',
    language: 'Go',
    folder: 'sigstore',
    prepare: goBuild(),
    run: ['$OUTPUT/program'],
    steps: [
      'create a key with an alias',
      'sign, verify with the public key',
      'verify with a new client',
      'reject a changed message',
    ],
    needsTls: true,
    notes: 'over TLS; Go module `sigstore/sigstore/pkg/signature/kms/aws`',
  },
];

export const missingClients: readonly MissingClient[] = [
  {
    name: 'mongodb-client-encryption for Node.js',
    reason: 'its native library is not in the npm package; PyMongo uses the same library, libmongocrypt',
  },
  {
    name: 'Terraform AWS provider',
    reason:
      'the Go module registry has no current version; `test/emulator/clients/terraform.test.ts` makes the calls of the provider',
  },
  {
    name: "OpenBao's `awskms` seal",
    reason:
      "the Go module registry does not have OpenBao's modules; the results contain the seal of HashiCorp Vault instead",
  },
];
