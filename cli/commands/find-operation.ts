import { allOperations, type DeclaredOperation } from '../../functions/all-operations.ts';
import { suggestName } from '../../shared/errors/closest-name.ts';
import { UsageError } from '../exit-codes.ts';

/** Returns the operation with this name. Accepts `CreateKey`, `createKey` and `create-key`. */
export function findOperation(name: string): DeclaredOperation {
  const plain = simplify(name);
  const operation = allOperations.find((each) => simplify(each.name) === plain);
  if (operation !== undefined) return operation;
  const suggestion = suggestName(
    name,
    allOperations.map((each) => each.name),
  );
  throw new UsageError(
    `There is no operation ${name}.${suggestion || ' `kms-functions operations` lists the operations.'}`,
  );
}

function simplify(name: string): string {
  return name.replaceAll('-', '').toLowerCase();
}
