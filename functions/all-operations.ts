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

/** `Encrypt`, `CreateKey`, …: the name of every operation. */
export type OperationName = Declared['name'];

/** The names of the operations that AWS KMS has. */
export type AwsOperationName = Exclude<Declared, { readonly isOwn: true }>['name'];

/** An operation of the list. */
export type DeclaredOperation = Operation<InputSchema, OutputSchema, OperationName>;

/** An operation of the list that AWS KMS has. */
export type KmsOperation = AwsOperation<InputSchema, OutputSchema, AwsOperationName>;

/** Every operation, by name: a module lists its exports in another order in Node than in a test runner. */
export const allOperations: readonly DeclaredOperation[] = Object.values(declarations).toSorted((a, b) =>
  a.name < b.name ? -1 : 1,
);

/** The operations that AWS KMS has, by name. */
export const awsOperations = allOperations.filter(isAwsOperation) as readonly KmsOperation[];
