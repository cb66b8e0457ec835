import * as z from 'zod/mini';
import { putUnknownMembersFirst, toInputErrors } from '../../shared/errors/input-errors.ts';

/**
 * Parses the JSON body of a control API request. Throws TypeError if it is not valid, with the member that is wrong, the
 * known member that the caller probably meant, and an example.
 */
export function parseBody<T extends z.core.$ZodObject>(schema: T, body: string, example: string): z.output<T> {
  const json = parseJson(body);
  const parsed = z.safeParse(schema, json);
  if (parsed.success) return parsed.data;
  const [error] = toInputErrors(putUnknownMembersFirst(parsed.error.issues), schema, json);
  const problem = error === undefined || error.pointer === '' ? '' : `${error.pointer} ${error.detail} `;
  throw new TypeError(`${closeSentence(problem)}The body must be ${example}.`);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function closeSentence(text: string): string {
  return text.replace(/(?<![?.]) $/, '. ');
}
