/** Creates the error for invalid parameters. It has no stack, because osls prints the stack of unknown errors. */
export function createParameterError(problems: readonly string[]): Error {
  const message = ['These parameters are invalid:', ...problems.map((problem) => `  ${problem}`)].join('\n');
  return Object.assign(new Error(message), { stack: message });
}
