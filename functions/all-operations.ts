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

/** An operation in `allOperations`. */
export type DeclaredOperation = Operation<InputSchema, OutputSchema, OperationName>;

/** An operation in `awsOperations`. */
export type KmsOperation = AwsOperation<InputSchema, OutputSchema, AwsOperationName>;

/**
 * Lists all operations, sorted by name. Without sorting, the order of the exports would differ between Node.js and test
 * runners.
 */
export const allOperations: readonly DeclaredOperation[] = Object.values(declarations).toSorted((a, b) =>
  a.name < b.name ? -1 : 1,
);

/** Lists the operations that AWS KMS has, sorted by name. */
export const awsOperations = allOperations.filter(isAwsOperation) as readonly KmsOperation[];
