import type { KmsFunctionsError } from './kms-functions-error.ts';

/**
 * Creates the error that a direct invocation throws. The Lambda runtime logs an error with its stack, cause and own
 * properties, and returns its name, message and stack to the caller. This error therefore contains only a name and a
 * message. The message starts with the error code.
 */
export function createDirectError(error: KmsFunctionsError): Error {
  const message = `${error.code}: ${error.message}`;
  // Some local runtimes report the constructor's name. Lambda reports the error's `name`.
  const { [error.code]: NamedError } = { [error.code]: class extends Error {} } as Record<string, ErrorConstructor>;
  const direct = new (NamedError as ErrorConstructor)(message);
  Object.defineProperty(Object.getPrototypeOf(direct), 'name', { value: error.code });
  direct.stack = message;
  return direct;
}
