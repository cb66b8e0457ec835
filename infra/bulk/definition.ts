/** The values that CloudFormation inserts into the definition. */
export const substitutions = {
  bucket: reference('Bucket'),
  worker: reference('Worker'),
};

function reference(name: string): string {
  return `\${${name}}`;
}

/** How many items the workers process at the same time, and where. */
export interface Workload {
  /** The partition of the Region, such as `aws`. */
  readonly partition: string;
  readonly maxConcurrency: number;
  readonly batchItems: number;
}

/**
 * The largest input of a batch. An input of Step Functions has at most 262,144 bytes
 * (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). The rest is for the members of the batch.
 */
const maxBatchBytes = 240_000;

/** The values of optional members of an execution's input. */
const defaults = { dryRun: false, toleratedFailurePercentage: 0 };

/**
 * Builds the definition of the state machine (https://states-language.net/). It reads a list from the bucket, re-encrypts
 * its items in batches, and writes a summary.
 */
export function buildDefinition(workload: Workload): object {
  return {
    Comment: 'Re-encrypts the ciphertexts of a list in S3 under another key.',
    StartAt: 'AddDefaults',
    States: {
      AddDefaults: {
        Type: 'Pass',
        Parameters: {
          'input.$': `States.JsonMerge(States.StringToJson('${JSON.stringify(defaults)}'), $, false)`,
        },
        OutputPath: '$.input',
        Next: 'ChooseFormat',
      },
      ChooseFormat: {
        Type: 'Choice',
        Choices: ['*.csv', '*.CSV'].map((StringMatches) => ({
          Variable: '$.list',
          StringMatches,
          Next: 'ReEncryptCsv',
        })),
        Default: 'ReEncryptJsonLines',
      },
      ReEncryptCsv: buildMap('ReEncryptCsvBatch', { InputType: 'CSV', CSVHeaderLocation: 'FIRST_ROW' }, workload),
      ReEncryptJsonLines: buildMap('ReEncryptJsonLinesBatch', { InputType: 'JSONL' }, workload),
      Summarize: {
        ...invokeWorker(
          {
            summarize: {
              'run.$': '$$.Execution.Name',
              'startedAt.$': '$$.Execution.StartTime',
              'list.$': '$.list',
              'from.$': '$.from',
              'key.$': '$.key',
              'dryRun.$': '$.dryRun',
              'manifest.$': '$.results.ResultWriterDetails.Key',
            },
          },
          workload.partition,
        ),
        End: true,
      },
    },
  };
}

/** A Distributed Map (https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html). */
function buildMap(
  batchState: string,
  ReaderConfig: object,
  { partition, maxConcurrency, batchItems }: Workload,
): object {
  return {
    Type: 'Map',
    ItemReader: {
      Resource: `arn:${partition}:states:::s3:getObject`,
      ReaderConfig,
      Parameters: { Bucket: substitutions.bucket, 'Key.$': '$.list' },
    },
    ItemBatcher: {
      MaxItemsPerBatch: batchItems,
      MaxInputBytesPerBatch: maxBatchBytes,
      BatchInput: { 'run.$': '$$.Execution.Name', 'from.$': '$.from', 'key.$': '$.key', 'dryRun.$': '$.dryRun' },
    },
    MaxConcurrency: maxConcurrency,
    ToleratedFailurePercentagePath: '$.toleratedFailurePercentage',
    ItemProcessor: {
      // The executions of the batches are standard workflows, because a redrive repeats only those that failed.
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      // The names of all states of a state machine are unique.
      StartAt: batchState,
      States: {
        [batchState]: {
          ...invokeWorker(
            { 'batch.$': '$$.Execution.Name', 'input.$': '$.BatchInput', 'items.$': '$.Items' },
            partition,
          ),
          End: true,
        },
      },
    },
    ResultWriter: {
      Resource: `arn:${partition}:states:::s3:putObject`,
      Parameters: { Bucket: substitutions.bucket, 'Prefix.$': "States.Format('runs/{}/batches', $$.Execution.Name)" },
      // Only the output of each batch, one per line (https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html).
      WriterConfig: { Transformation: 'COMPACT', OutputType: 'JSONL' },
    },
    ResultPath: '$.results',
    Next: 'Summarize',
  };
}

/** A task that invokes the worker, and repeats the invocation after a temporary error. */
function invokeWorker(Payload: object, partition: string): object {
  return {
    Type: 'Task',
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Parameters: { FunctionName: substitutions.worker, Payload },
    OutputPath: '$.Payload',
    Retry: [
      { ErrorEquals: ['States.ALL'], IntervalSeconds: 5, MaxAttempts: 6, BackoffRate: 2, JitterStrategy: 'FULL' },
    ],
  };
}
