import {
  type AwsOperation,
  type InputSchema,
  isAwsOperation,
  type Operation,
  type OutputSchema,
} from '../shared/declaration/operation.ts';
import * as declarations from './operations.ts';

type Declarations = typeof declarations;
type Declared = Declarations[keyof Declarations];

/** The name of an operation: `Encrypt`, `CreateKey`, … */
export type OperationName = Declared['name'];

/** The name of an operation that AWS KMS has. */
export type AwsOperationName = Exclude<Declared, { readonly isOwn: true }>['name'];

/** An operation in the list. */
export type DeclaredOperation = Operation<InputSchema, OutputSchema, OperationName>;

/** An operation in the list that AWS KMS has. */
export type KmsOperation = AwsOperation<InputSchema, OutputSchema, AwsOperationName>;

/** All operations, sorted by name, because a module lists its exports in a different order in Node.js than in a test runner. */
export const allOperations: readonly DeclaredOperation[] = Object.values(declarations).toSorted((a, b) =>
  a.name < b.name ? -1 : 1,
);

/** The operations that AWS KMS has, sorted by name. */
export const awsOperations = allOperations.filter(isAwsOperation) as readonly KmsOperation[];
