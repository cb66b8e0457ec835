/** Creates an error that lists all problems. Its stack is the message, because osls prints the stack of unknown errors. */
export function createParameterError(problems: readonly string[]): Error {
  const message = ['The deployment parameters are invalid:', ...problems.map((problem) => `  ${problem}`)].join('\n');
  return Object.assign(new Error(message), { stack: message });
}
