/** A client of KMS, and the program that tests it. */
export interface Client {
  readonly name: string;
  readonly language: string;
  /** The folder in `clients/` that contains the program. */
  readonly folder: string;
  /** The commands that install or build the program. `OUTPUT` is the client's folder for build output. */
  readonly prepare: readonly Command[];
  readonly run: Command;
  /** The steps that the program must report. */
  readonly steps: readonly string[];
  /** Calls the emulator over TLS. The client trusts the certificate through the variables that it reads. */
  readonly needsTls?: true;
  readonly notes?: string;
}

export type Command = readonly [string, ...string[]];

/** A client that could not be tested, and the reason. */
export interface MissingClient {
  readonly name: string;
  readonly reason: string;
}

/** The calls that every SDK and the AWS CLI make. */
export const commonSteps: readonly string[] = [
  'GetCallerIdentity',
  'CreateKey, DescribeKey',
  'Encrypt, Decrypt with context',
  'GenerateDataKey',
  'Sign, Verify, GetPublicKey',
  'GenerateMac, VerifyMac',
  'CreateGrant, ListGrants, RevokeGrant',
  'TagResource, ListResourceTags, UntagResource',
  'CreateAlias, DeleteAlias',
  'EnableKeyRotation, GetKeyRotationStatus',
  'RotateKeyOnDemand',
  'ListKeys in pages',
  'NotFoundException',
  'InvalidCiphertextException',
  'DisabledException',
  'AccessDeniedException',
  'ScheduleKeyDeletion',
];
