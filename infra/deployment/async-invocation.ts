import type { Operation } from '../../shared/declaration/operation.ts';
import { functionName } from '../../shared/declaration/operation.ts';
import { functionId } from './logical-ids.ts';

/**
 * Turns off retries of asynchronous invocations for the operations that a retry could execute twice. By default, Lambda
 * retries an invocation twice after an error
 * (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html). Direct invokers call `$LATEST`; API
 * Gateway invokes the alias, and always waits for the response.
 */
export function buildAsyncInvocation(operations: readonly Operation[]): Record<string, object> {
  const unsafe = operations.filter(({ retrySafety }) => retrySafety !== 'safe');
  return Object.fromEntries(
    unsafe.map((operation) => [
      `${operation.name}AsyncInvocation`,
      {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: { Ref: functionId(functionName(operation)) },
          Qualifier: '$LATEST',
          MaximumRetryAttempts: 0,
        },
      },
    ]),
  );
}
