import { dropRegionNames, keepVersion, type Load, leaveOut, mergeErrorClasses, replaceWith, standIn } from './load.ts';

/** A package module that bundles omit or replace with a smaller module. */
export interface Replacement {
  /** Path below `node_modules/`. */
  readonly module: string;
  readonly load: Load;
}

const kms = '@aws-sdk/client-kms';
const otherClients = ['@aws-sdk/client-dynamodb', '@aws-sdk/client-resource-groups-tagging-api'];
const awsClient = '@aws-sdk/core/dist-es/submodules/client';
const core = '@smithy/core/dist-es/submodules';

/**
 * Replacements for all functions. In Lambda, configuration and credentials come from the environment, and Node.js provides
 * SHA-256. docs/decisions/0033-trimmed-packages.md lists how much each replacement saves.
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

/** Replacements for functions whose services send requests and responses as JSON documents, as KMS and DynamoDB do. */
export const replacementsForJson: readonly Replacement[] = [
  // KMS has no event streams, and no members in headers or paths.
  { module: `${core}/event-streams/index.js`, load: leaveOut },
  { module: '@smithy/signature-v4/dist-es/HeaderFormatter.js', load: standIn('no-event-streams.ts') },
  { module: `${core}/protocols/HttpBindingNormalizedSchema.js`, load: standIn('no-http-bindings.ts') },

  // KMS timestamps are seconds since 1970, and its numbers are safe integers.
  { module: `${core}/serde/date-utils.js`, load: standIn('epoch-timestamps.ts') },
  { module: `${core}/protocols/json/needsReviver.js`, load: standIn('safe-numbers.ts') },
  { module: `${core}/protocols/json/jsonReviver.js`, load: standIn('safe-numbers.ts') },

  // Only client middleware could call string methods on a request body.
  { module: `${core}/protocols/json/codec-v2/JsonBytesStringAdapter.js`, load: standIn('request-bytes.ts') },

  { module: `${awsClient}/util-endpoints/lib/aws/partitions.js`, load: dropRegionNames },

  // No function buffers log lines, and logger.ts has its own formatter.
  { module: '@aws-lambda-powertools/logger/lib/esm/logBuffer.js', load: leaveOut },
  { module: '@aws-lambda-powertools/logger/lib/esm/formatter/PowertoolsLogFormatter.js', load: leaveOut },

  // S3 has rules for the names of buckets.
  { module: `${core}/endpoints/middleware-endpoint/service-customizations/s3.js`, load: leaveOut },

  // record-call.ts logs the calls.
  { module: `${awsClient}/middleware-logger/loggerMiddleware.js`, load: standIn('no-sdk-logs.ts') },
  { module: `${core}/client/smithy-client/schemaLogFilter.js`, load: standIn('no-sdk-logs.ts') },

  // shared/kms/request-handler.ts sends the requests.
  { module: '@smithy/node-http-handler/dist-es/index.js', load: standIn('no-http-handler.ts') },

  // shared/kms/client.ts uses the retry mode `standard` and no extensions.
  { module: `${core}/retry/util-retry/AdaptiveRetryStrategy.js`, load: leaveOut },
  { module: `${kms}/dist-es/runtimeExtensions.js`, load: standIn('no-extensions.ts') },

  // The user agent contains the client version but does not report which SDK features are in use.
  { module: `${kms}/package.json`, load: keepVersion },
  { module: `${awsClient}/middleware-user-agent/check-features.js`, load: standIn('no-feature-report.ts') },

  // The 48 classes differ only in their names.
  { module: `${kms}/dist-es/models/errors.js`, load: mergeErrorClasses },
];

/** Replacements for functions that only call KMS. */
export const replacementsForKms: readonly Replacement[] = [
  // shared/kms/client.ts uses shared/kms/sha256.ts.
  { module: `${core}/checksum/sha256/Sha256Node.js`, load: leaveOut },

  // The KMS endpoint rules use only these functions, and use a partition's pattern to find a Region.
  {
    module: `${core}/endpoints/util-endpoints/utils/endpointFunctions.js`,
    load: replaceWith(`
      import { booleanEquals, getAttr, isSet } from '../lib';
      export const endpointFunctions = { booleanEquals, getAttr, isSet };`),
  },
  {
    module: `${awsClient}/util-endpoints/aws.js`,
    load: replaceWith(`
      import { customEndpointFunctions } from '@smithy/core/endpoints';
      import { partition } from './lib/aws/partition';
      export const awsEndpointFunctions = { partition };
      customEndpointFunctions.aws = awsEndpointFunctions;`),
  },
];

/** Replacements for functions that also call DynamoDB and the Resource Groups Tagging API. */
export const replacementsForIdempotency: readonly Replacement[] = otherClients.flatMap((client) => [
  { module: `${client}/dist-es/runtimeExtensions.js`, load: standIn('no-extensions.ts') },
  { module: `${client}/package.json`, load: keepVersion },
]);
