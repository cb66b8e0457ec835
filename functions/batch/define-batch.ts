import * as z from 'zod/mini';
import {
  type AwsOperation,
  type Batch,
  defineOwnOperation,
  type Example,
  type InputSchema,
  type ItemSize,
  keyMembers,
  maxEventBytes,
  memberNames,
  memberSchema,
  type OperationInput,
  type OperationOutput,
  type OutputSchema,
  type OwnOperation,
  type Route,
} from '../../shared/declaration/operation.ts';
import { type Schema, unwrap } from '../../shared/declaration/schema-metadata.ts';
import { text } from '../../shared/declaration/shapes.ts';
import { countLargestResult, maxResponseBytes } from './response-size.ts';

/** The statuses that a caller can choose for a response with at least one failed item. */
const partialFailureStatuses = [200, 207, 400] as const;

/** The status for a response with at least one failed item (https://www.rfc-editor.org/rfc/rfc4918.html#section-13). */
export const defaultPartialFailureStatus = 207;

/**
 * The member of an AWS request that a batch does not accept. Its attestation document has up to 262,144 bytes, and each
 * response would contain a ciphertext instead of a plaintext.
 */
type Rejected = 'Recipient';
export const rejectedMember: Rejected = 'Recipient';

/** The members of an AWS request that identify its keys. */
type KeyMember = 'KeyId' | 'SourceKeyId' | 'DestinationKeyId';

type Simplify<T> = { [Name in keyof T]: T[Name] };

/** The members that an item can replace: those that are neither its data nor a key. */
type Shared<In, Data extends string> = Omit<In, Data | KeyMember | Rejected>;

/** An item of a batch, in the form that the handler and the client use. */
export type BatchItem<In, Data extends string> = Simplify<
  { Reference?: string | undefined } & Pick<In, Data & keyof In> & Partial<Shared<In, Data>>
>;

export type BatchInput<In, Data extends string> = Simplify<
  Pick<In, KeyMember & keyof In> &
    Partial<Shared<In, Data>> & {
      Items: BatchItem<In, Data>[];
      PartialFailureStatus?: (typeof partialFailureStatuses)[number] | undefined;
    }
>;

/** The problem of an item. The members have the meaning that they have in a problem document. */
export interface ItemError {
  code: string;
  detail: string;
  retryable: boolean;
  errors?: { pointer: string; detail: string }[] | undefined;
}

/** The result of an item: the AWS response or a problem. */
export type BatchResult<Out> = Simplify<{ Reference?: string | undefined; Error?: undefined } & Out> | FailedResult;

export interface FailedResult {
  Reference?: string | undefined;
  Error: ItemError;
}

type Shape<T> = {
  [Name in keyof T]-?: undefined extends T[Name]
    ? z.ZodMiniOptional<z.ZodMiniType<Exclude<T[Name], undefined>>>
    : z.ZodMiniType<T[Name]>;
};

/** What distinguishes one batch from another. */
export interface BatchDeclaration<Aws extends AwsOperation, Name extends string, Data extends string> {
  readonly name: Name;
  /** The AWS operation that is performed for each item. */
  readonly of: Aws;
  readonly summary: string;
  readonly path: Route['path'];
  readonly data: readonly Data[];
  readonly countResultBytes: (item: ItemSize) => number;
  readonly example: Example;
}

/** Declares an operation that performs an AWS operation for each of its items. */
export function defineBatch<Aws extends AwsOperation, const Name extends string, const Data extends string>({
  name,
  of,
  summary,
  path,
  data,
  countResultBytes,
  example,
}: BatchDeclaration<Aws, Name, Data>): OwnOperation<
  z.ZodMiniObject<Shape<BatchInput<OperationInput<Aws>, Data>>>,
  z.ZodMiniObject<{ Results: z.ZodMiniType<BatchResult<OperationOutput<Aws>>[]> }>,
  Name
> & { readonly batch: Batch<Aws> } {
  const maxItems = Math.floor(
    maxResponseBytes / countLargestResult(countResultBytes({ bytes: () => 0, value: () => undefined })),
  );
  const operation = defineOwnOperation({
    name,
    isOwn: true,
    group: 'batch',
    summary,
    routes: [{ method: 'POST', path, status: 200 }],
    input: createInput(of, data, maxItems),
    output: () => createOutput(of),
    sensitive: of.sensitive,
    maxRequestBytes: maxEventBytes,
    // The codes of the errors of items.
    errors: [...of.errors, 'NotAttemptedError'],
    permissions: of.permissions,
    tenancy: 'steps',
    retrySafety: 'safe',
    timeLimit: 'long',
    batch: { of, data, countResultBytes, maxItems },
    example,
  });
  return operation as never;
}

function createInput(of: AwsOperation, data: readonly string[], maxItems: number): InputSchema {
  const keys = keyMembers(of);
  const pick = (isIncluded: (name: string) => boolean) =>
    Object.fromEntries(
      memberNames(of)
        .filter((name) => name !== rejectedMember && isIncluded(name))
        .map((name) => [name, memberSchema(of, name)]),
    );
  const shared = toOptional(pick((name) => !data.includes(name) && !keys.includes(name)));
  const item = z.strictObject({
    Reference: z.optional(reference()),
    ...pick((name) => data.includes(name)),
    ...shared,
  });
  return z.strictObject({
    ...pick((name) => keys.includes(name)),
    Items: z.array(item).check(z.minLength(1), z.maxLength(maxItems)),
    ...shared,
    PartialFailureStatus: z.optional(z.literal(partialFailureStatuses)),
  });
}

function createOutput(of: AwsOperation): OutputSchema {
  const error = z.object({
    code: z.string(),
    detail: z.string(),
    retryable: z.boolean(),
    errors: z.optional(z.array(z.object({ pointer: z.string(), detail: z.string() }))),
  });
  const { [rejectedMember]: _, ...members } = of.output()._zod.def.shape;
  const result = z.object({
    Reference: z.optional(reference()),
    ...toOptional(members),
    Error: z.optional(error),
  });
  return z.object({ Results: z.array(result) });
}

/** A text of the caller's choice, which identifies an item in the response. */
export const reference = () => text(1, 256);

function toOptional(shape: Readonly<Record<string, Schema>>): Record<string, Schema> {
  return Object.fromEntries(Object.entries(shape).map(([name, schema]) => [name, z.optional(unwrap(schema))]));
}
