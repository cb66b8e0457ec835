import { keepVersion, type Load, leaveOut, mergeErrorClasses, standIn } from './load.ts';

/** A module of a package that a bundle contains in a smaller form, or not at all. */
export interface Replacement {
  /** Path below `node_modules/`. */
  readonly module: string;
  readonly load: Load;
}

const kms = '@aws-sdk/client-kms';
const awsClient = '@aws-sdk/core/dist-es/submodules/client';
const core = '@smithy/core/dist-es/submodules';

/**
 * Replacements for every function in Lambda. Its configuration and credentials come from the environment, and Node.js has
 * SHA-256. What each replacement saves: docs/decisions/0033-trimmed-packages.md.
 */
export const replacementsForLambda: readonly Replacement[] = [
  { module: '@aws-sdk/credential-provider-node/dist-es/index.js', load: standIn('environment-only.ts') },
  { module: `${core}/config/node-config-provider/fromSharedConfigFiles.js`, load: standIn('environment-only.ts') },
  {
    module: `${core}/config/config-resolver/regionConfig/getInstanceMetadataRegion.js`,
    load: standIn('environment-only.ts'),
  },
  { module: `${core}/config/defaults-mode/resolveDefaultsModeConfig.js`, load: standIn('environment-only.ts') },
  { module: `${core}/checksum/sha256/Sha256Js.js`, load: leaveOut },
];

/** Replacements for functions that only call KMS, whose protocol is a JSON document in each direction. */
export const replacementsForKms: readonly Replacement[] = [
  // KMS has no event streams, and no members in headers or paths.
  { module: `${core}/event-streams/index.js`, load: leaveOut },
  { module: '@smithy/signature-v4/dist-es/HeaderFormatter.js', load: standIn('no-event-streams.ts') },
  { module: `${core}/protocols/HttpBindingNormalizedSchema.js`, load: standIn('no-http-bindings.ts') },

  // shared/kms/client.ts uses the retry mode `standard` and no extensions.
  { module: `${core}/retry/util-retry/AdaptiveRetryStrategy.js`, load: leaveOut },
  { module: `${kms}/dist-es/runtimeExtensions.js`, load: standIn('no-extensions.ts') },

  // The user agent contains the version of the client. It does not report which features of the SDK are in use.
  { module: `${kms}/package.json`, load: keepVersion },
  { module: `${awsClient}/middleware-user-agent/check-features.js`, load: standIn('no-feature-report.ts') },

  // 48 classes that differ in their name only.
  { module: `${kms}/dist-es/models/errors.js`, load: mergeErrorClasses },
];
