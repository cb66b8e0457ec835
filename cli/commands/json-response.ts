import { toJson } from '../../client/calls/json-values.ts';
import { allOperations, type OperationName } from '../../functions/all-operations.ts';

/** Converts a response to AWS's JSON form, in which bytes are base64 and times are ISO 8601. */
export async function toJsonResponse(name: OperationName, response: object): Promise<unknown> {
  const operation = allOperations.find((each) => each.name === name);
  return toJson(operation?.output(), response);
}
