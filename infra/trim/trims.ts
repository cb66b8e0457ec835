/** A module of a package that gives way, in a bundle, to less. */
export interface Trim {
  /** The end of its path. */
  readonly module: string;
  /** Why a function can do without. An export that is called all the same throws, and says this. */
  readonly because: string;
  /** The file of this folder that has the exports that are called, or what is made of the module's own text. */
  readonly by?: string | ((source: string) => string);
}

const kms = '@aws-sdk/client-kms';
const awsCore = '@aws-sdk/core/dist-es/submodules';
const core = '@smithy/core/dist-es/submodules';
const powertools = '@aws-lambda-powertools';

/** `test/infra/trim.test.ts` holds what must stay true for this. */
export const trims: readonly Trim[] = [
  // Settings and credentials come from the environment, which is asked first.
  ...because('Lambda has no shared config files and no instance metadata', 'no-config-files.ts', [
    '@aws-sdk/credential-provider-node/dist-es/index.js',
    `${core}/config/node-config-provider/fromSharedConfigFiles.js`,
    `${core}/config/config-resolver/regionConfig/getInstanceMetadataRegion.js`,
    `${core}/config/defaults-mode/resolveDefaultsModeConfig.js`,
  ]),

  // KMS's protocol is one JSON document each way.
  ...because('no operation of KMS has it', 'not-in-kms.ts', [
    '@smithy/signature-v4/dist-es/HeaderFormatter.js',
    `${core}/protocols/HttpBindingNormalizedSchema.js`,
    `${core}/protocols/json/needsReviver.js`,
    `${core}/protocols/json/jsonReviver.js`,
    `${core}/endpoints/middleware-endpoint/service-customizations/s3.js`,
  ]),
  ...because('no operation of KMS has it', withoutEventStreams, [`${core}/event-streams/index.js`]),
  ...because('nothing here takes the request body for a string', 'plain-bytes.ts', [
    `${core}/protocols/json/codec-v2/JsonBytesStringAdapter.js`,
  ]),
  ...because("KMS's times are seconds since 1970; Date itself reads the other forms", 'dates.ts', [
    `${core}/serde/date-utils.js`,
  ]),

  // The errors that KMS models differ in name alone, and the SDK takes that from the answer: one that is not registered
  // is a KMSServiceException with its code as name, which is all that is read here.
  ...because('no error is looked up', withoutErrors, [`${kms}/dist-es/schemas/schemas_0.js`]),

  ...because("shared/kms/client.ts retries in mode 'standard'", undefined, [
    `${core}/retry/util-retry/AdaptiveRetryStrategy.js`,
  ]),
  ...because('Node has SHA-256 itself', 'sha256.ts', [`${core}/checksum/sha256/Sha256Node.js`]),
  ...because('an error is made with each call, its stack and all, and thrown away', withoutSpareError, [
    `${core}/retry/middleware-retry/retryMiddleware.js`,
  ]),
  ...because('the client has no extensions', 'no-extensions.ts', [`${kms}/dist-es/runtimeExtensions.js`]),

  // `record-call` writes the one line of a call.
  ...because('the SDK logs nothing here', 'no-sdk-log.ts', [
    `${awsCore}/client/middleware-logger/loggerMiddleware.js`,
    `${core}/client/smithy-client/schemaLogFilter.js`,
    `${awsCore}/client/emitWarningIfUnsupportedVersion.js`,
    `${awsCore}/client/middleware-user-agent/check-features.js`,
  ]),
  ...because('the environment of a function does not change', withOneLook, [
    `${powertools}/commons/lib/esm/envUtils.js`,
  ]),
  ...because('no line of the log is buffered', undefined, [`${powertools}/logger/lib/esm/logBuffer.js`]),
  ...because('only the version is read, for the user agent', versionOf, [`${kms}/package.json`]),

  ...because('the endpoint rules of KMS call no others', onlyCalledByRules, [
    `${core}/endpoints/util-endpoints/utils/endpointFunctions.js`,
  ]),
  ...because('the endpoint rules of KMS call no others', onlyPartition, [`${awsCore}/client/util-endpoints/aws.js`]),
  ...because("a partition's pattern finds its Regions", withoutRegionNames, [
    `${awsCore}/client/util-endpoints/lib/aws/partitions.js`,
  ]),
];

function because(reason: string, by: Trim['by'], modules: readonly string[]): Trim[] {
  return modules.map((module) => ({ module, because: reason, ...(by === undefined ? {} : { by }) }));
}

/** The SDK loads it whole, and so would keep one function for each of its exports. */
function withoutEventStreams(): string {
  return 'export function EventStreamSerde() { throw new Error("left out of this bundle: event streams"); }';
}

function withoutErrors(source: string): string {
  return source.replaceAll(/^n0_registry\.registerError\(.*\);$/gm, '');
}

function withoutSpareError(source: string): string {
  return source.replace('let lastError = new Error();', 'let lastError;');
}

/** Whether several calls share a function's process is asked some twenty times in a call. */
function withOneLook(source: string): string {
  const asked = /const shouldUseInvokeStore = (\(\) => \{[^}]*\}[^}]*\});/;
  return source.replace(asked, 'const usesInvokeStore = ($1)();\nconst shouldUseInvokeStore = () => usesInvokeStore;');
}

function versionOf(source: string): string {
  return JSON.stringify({ version: (JSON.parse(source) as { version: string }).version });
}

function onlyCalledByRules(): string {
  return 'import { booleanEquals, getAttr, isSet } from "../lib"; export const endpointFunctions = { booleanEquals, getAttr, isSet };';
}

function onlyPartition(): string {
  return 'import { partition } from "./lib/aws/partition"; export const awsEndpointFunctions = { partition };';
}

interface Partition {
  readonly regionRegex: string;
  regions: Record<string, object>;
}

/** Of the listed Regions only those that their partition's own pattern does not find, such as `aws-global`. */
function withoutRegionNames(source: string): string {
  const text = source.slice(source.indexOf('{'), source.lastIndexOf('}') + 1);
  const info = JSON.parse(text) as { partitions: Partition[] };
  for (const partition of info.partitions) {
    const pattern = new RegExp(partition.regionRegex);
    const others = Object.keys(partition.regions).filter((region) => !pattern.test(region));
    partition.regions = Object.fromEntries(others.map((region) => [region, {}]));
  }
  return `export const partitionsInfo = ${JSON.stringify(info)};`;
}
