import { parseCsvRecord } from '../../cli/bulk/csv.ts';

// biome-ignore lint/suspicious/noExplicitAny: a definition and its data are JSON.
type Json = any;

/** The services that an execution uses. */
export interface ExecutionServices {
  readonly s3: string;
  readonly invoke: (functionName: string, payload: Json) => Promise<Json>;
}

export interface Execution {
  readonly name: string;
  readonly input: Json;
  /** The outputs of the batches that succeeded, by name. A redrive continues with them. */
  readonly done: Map<string, Json>;
  /** The largest number of batches at the same time. */
  mostBatches: number;
}

/**
 * Executes a state machine step by step, as the specification describes (https://states-language.net/). Reads and writes
 * real objects. Supports the fields that our definition uses, and throws for others. Does not show what only AWS can show:
 * the limits of Step Functions, the format of its reader for unusual CSV files, and the permissions of its role.
 */
export async function execute(definition: Json, execution: Execution, services: ExecutionServices): Promise<Json> {
  const context = { Execution: { Name: execution.name, StartTime: new Date(0).toISOString() } };
  return runStates(
    definition,
    execution.input,
    context,
    (state, data) => runMap(state, data, context, execution, services),
    services,
  );
}

async function runStates(
  { StartAt, States }: Json,
  input: Json,
  context: Json,
  map: (state: Json, data: Json) => Promise<Json>,
  services: ExecutionServices,
): Promise<Json> {
  let data = input;
  for (let name: string = StartAt; ; ) {
    const state = States[name];
    if (state.Type === 'Choice') {
      const choice = state.Choices.find(({ Variable, StringMatches }: Json) =>
        new RegExp(`^${StringMatches.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(
          evaluate(Variable, data, context),
        ),
      );
      name = choice?.Next ?? state.Default;
      continue;
    }
    const result =
      state.Type === 'Pass'
        ? fill(state.Parameters, data, context)
        : state.Type === 'Map'
          ? await map(state, data)
          : await runTask(state, data, context, services);
    data = state.ResultPath === undefined ? result : { ...data, [state.ResultPath.slice(2)]: result };
    if (state.OutputPath !== undefined) data = evaluate(state.OutputPath, data, context);
    if (state.End) return data;
    name = state.Next;
  }
}

async function runTask(state: Json, data: Json, context: Json, services: ExecutionServices): Promise<Json> {
  if (!/:states:::lambda:invoke$/.test(state.Resource)) throw new Error(`${state.Resource} is not supported.`);
  const { FunctionName, Payload } = fill(state.Parameters, data, context);
  if (JSON.stringify(Payload).length > 262_144) throw new Error('States.DataLimitExceeded');
  const attempts = 1 + state.Retry[0].MaxAttempts;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { Payload: await services.invoke(FunctionName, JSON.parse(JSON.stringify(Payload))) };
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}

async function runMap(
  state: Json,
  data: Json,
  context: Json,
  execution: Execution,
  services: ExecutionServices,
): Promise<Json> {
  const { Bucket, Key } = fill(state.ItemReader.Parameters, data, context);
  const text = await (await get(`${services.s3}/${Bucket}/${Key}`)).text();
  const items = readItems(text, state.ItemReader.ReaderConfig);
  const BatchInput = fill(state.ItemBatcher.BatchInput, data, context);
  const batches = group(items, state.ItemBatcher).map((Items, index) => ({
    name: `${execution.name}-batch-${index}`,
    input: { BatchInput, Items },
  }));
  const tolerated = evaluate(state.ToleratedFailurePercentagePath, data, context);
  let running = 0;
  let failed = 0;
  const entries = batches.entries();
  const work = async () => {
    for (const [, { name, input }] of entries) {
      if (execution.done.has(name)) continue;
      if (failed > 0 && (failed / batches.length) * 100 > tolerated) return;
      running += 1;
      execution.mostBatches = Math.max(execution.mostBatches, running);
      const own = { Execution: { Name: name, StartTime: context.Execution.StartTime } };
      try {
        execution.done.set(name, await runStates(state.ItemProcessor, input, own, unsupported, services));
      } catch {
        failed += 1;
      }
      running -= 1;
    }
  };
  await Promise.all(Array.from({ length: Math.min(state.MaxConcurrency, batches.length) }, work));
  if ((failed / Math.max(1, batches.length)) * 100 > tolerated)
    throw new Error('States.ExceedToleratedFailureThreshold');
  const writer = fill(state.ResultWriter.Parameters, data, context);
  const prefix = `${writer.Prefix}/map-run`;
  const results = [...execution.done.values()].map((output) => `${JSON.stringify(output)}\n`).join('');
  const manifest = {
    ResultFiles: { FAILED: [], PENDING: [], SUCCEEDED: [{ Key: `${prefix}/SUCCEEDED_0.jsonl`, Size: results.length }] },
  };
  await put(`${services.s3}/${writer.Bucket}/${prefix}/SUCCEEDED_0.jsonl`, results);
  await put(`${services.s3}/${writer.Bucket}/${prefix}/manifest.json`, JSON.stringify(manifest));
  return { MapRunArn: 'map-run', ResultWriterDetails: { Bucket: writer.Bucket, Key: `${prefix}/manifest.json` } };
}

function unsupported(): Promise<never> {
  throw new Error('A batch contains no Map.');
}

/** Splits items as ItemBatcher does: by number, and by the bytes of the input. */
function group(items: readonly Json[], { MaxItemsPerBatch, MaxInputBytesPerBatch }: Json): Json[][] {
  const batches: Json[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const size = JSON.stringify(item).length + 1;
    if (bytes + size > MaxInputBytesPerBatch || (batches.at(-1)?.length ?? 0) >= MaxItemsPerBatch) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)?.push(item);
    bytes += size;
  }
  return batches;
}

function readItems(text: string, { InputType }: Json): Json[] {
  const lines = text.split(/\r?\n/).filter((line) => line !== '');
  if (InputType === 'JSONL') return lines.map((line) => JSON.parse(line));
  const [names = [], ...rows] = lines.map((line) => parseCsvRecord(line) ?? []);
  return rows.map((row) => Object.fromEntries(names.map((name, index) => [name, row[index] ?? ''])));
}

/** Replaces the members whose names end with `.$` by the values of their expressions. */
function fill(template: Json, data: Json, context: Json): Json {
  if (Array.isArray(template) || typeof template !== 'object' || template === null) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) =>
      name.endsWith('.$')
        ? [name.slice(0, -2), evaluate(value as string, data, context)]
        : [name, fill(value, data, context)],
    ),
  );
}

function evaluate(expression: string, data: Json, context: Json): Json {
  const merge = /^States\.JsonMerge\(States\.StringToJson\('(.*)'\), \$, false\)$/.exec(expression);
  if (merge !== null) return { ...JSON.parse(merge[1] ?? ''), ...data };
  const format = /^States\.Format\('(.*)\{\}(.*)', (.*)\)$/.exec(expression);
  if (format !== null) return `${format[1]}${evaluate(format[3] ?? '', data, context)}${format[2]}`;
  const [root, ...path] = expression.split('.');
  if (root !== '$' && root !== '$$') throw new Error(`${expression} is not supported.`);
  return path.reduce(
    (value: Json, name) => {
      if (value?.[name] === undefined) throw new Error(`States.Runtime: ${expression} selects nothing.`);
      return value[name];
    },
    root === '$' ? data : context,
  );
}

/** moto requires credentials, but does not check the signature. */
const credential =
  'AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0';
const headers = { authorization: credential };

/** Reads an object. */
export async function get(url: string): Promise<Response> {
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`States.ItemReaderFailed: ${response.status}`);
  return response;
}

/** Writes an object, or creates a bucket. */
export async function put(url: string, body: string): Promise<void> {
  const response = await fetch(url, { method: 'PUT', headers, body });
  if (!response.ok) throw new Error(`States.ResultWriterFailed: ${response.status}`);
}
