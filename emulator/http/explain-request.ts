import * as z from 'zod/mini';
import { kmsInput } from '../../shared/declaration/kms-input.ts';
import type { Operation } from '../../shared/declaration/operation.ts';
import { suggestName } from '../../shared/errors/closest-name.ts';
import { KmsError } from '../core/kms-error.ts';
import { parseBody } from './parse-body.ts';

/** The request that `explain` explains. */
export interface ExplainRequest {
  /** The operation, such as `Encrypt`. */
  readonly operation: string;
  /** The operation's input. In JSON, bytes are base64 and times are seconds since 1970. Default: no members. */
  readonly input?: Readonly<Record<string, unknown>>;
  /** The caller: an access key id or an ARN. Default: the root user of account 000000000000. */
  readonly principal?: string;
  /** Default: `us-east-1`. */
  readonly region?: string;
}

const schema = z.strictObject({
  operation: z.string(),
  input: z.optional(z.record(z.string(), z.unknown())),
  principal: z.optional(z.string()),
  region: z.optional(z.string()),
});

const example = '{"operation": "Encrypt", "input": {…}, "principal": "ARN or access key id", "region": "us-east-1"}';

/** Parses the body of a control API request. Throws TypeError if it is not valid. */
export function parseExplainRequest(body: string): ExplainRequest {
  return parseBody(schema, body, example) as ExplainRequest;
}

/** Throws KmsError if KMS has no operation with this name. */
export async function checkOperationName(name: string): Promise<void> {
  const { awsOperations } = await import('../../functions/all-operations.ts');
  const names = awsOperations.map((operation) => operation.name);
  if (names.some((each) => each === name)) return;
  throw new KmsError('UnknownOperationException', `KMS has no operation ${name}.${suggestName(name, names)}`);
}

/** Throws KmsError if the operation does not have a member. KMS ignores such members, but here they are mistakes. */
export function checkMemberNames(operation: Operation, members: object): void {
  const known = Object.keys(kmsInput(operation)._zod.def.shape);
  const unknown = Object.keys(members).find((name) => !known.includes(name));
  if (unknown === undefined) return;
  const hint = suggestName(unknown, known);
  throw new KmsError('ValidationException', `${operation.name} has no member \`${unknown}\`.${hint}`);
}
