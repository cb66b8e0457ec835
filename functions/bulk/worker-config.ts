/** The environment variables of the worker. `infra/bulk/worker.ts` sets them. */
export const workerVariables = {
  bucket: 'KMS_FUNCTIONS_BULK_BUCKET',
  reEncryptFunction: 'KMS_FUNCTIONS_BULK_FUNCTION',
  minBatchMs: 'KMS_FUNCTIONS_BULK_MIN_BATCH_MS',
} as const;

export interface WorkerConfig {
  readonly bucket: string;
  /** The name of the function for ReEncryptBatch. */
  readonly reEncryptFunction: string;
  /** The shortest time for a batch. */
  readonly minBatchMs: number;
  /** The longest time for the requests of a batch. */
  readonly limitMs: number;
}

/** The worker's timeout, in seconds. A throttled batch is repeated for most of this time. */
export const workerTimeoutSeconds = 300;
const reserveMs = 20_000;

export function readWorkerConfig(environment: NodeJS.ProcessEnv = process.env): WorkerConfig {
  const read = (name: string) => {
    const value = environment[name];
    if (value === undefined) throw new TypeError(`The variable ${name} is not set.`);
    return value;
  };
  return {
    bucket: read(workerVariables.bucket),
    reEncryptFunction: read(workerVariables.reEncryptFunction),
    minBatchMs: Number(read(workerVariables.minBatchMs)),
    limitMs: workerTimeoutSeconds * 1_000 - reserveMs,
  };
}

/** The Region, and the endpoints if they are not AWS's. */
export interface AwsSettings {
  readonly region: string;
  readonly s3Endpoint: string | undefined;
  readonly lambdaEndpoint: string | undefined;
}

export function readAwsSettings(environment: NodeJS.ProcessEnv = process.env): AwsSettings {
  const {
    AWS_REGION: region = '',
    AWS_ENDPOINT_URL_S3: s3Endpoint,
    AWS_ENDPOINT_URL_LAMBDA: lambdaEndpoint,
  } = environment;
  return { region, s3Endpoint, lambdaEndpoint };
}
