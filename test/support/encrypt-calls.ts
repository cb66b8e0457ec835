/**
 * Calls the encrypt function's bundle, as in Lambda, as often as the second argument says. Prints the results as JSON.
 * Usage: `node encrypt-calls.ts BUNDLE CALLS`.
 */
import { createRequire } from 'node:module';

const [, , bundle = '', calls = '1'] = process.argv;
type Handler = (event: unknown, context: unknown) => Promise<unknown>;
const { handler } = createRequire(import.meta.url)(bundle) as { handler: Handler };
const endMs = Date.now() + 4_000;
const context = { awsRequestId: 'tls', functionName: 'encrypt', getRemainingTimeInMillis: () => endMs - Date.now() };
const results: unknown[] = [];
for (let index = 0; index < Number(calls); index += 1) {
  try {
    results.push(await handler({ KeyId: 'alias/example', Plaintext: 'aGVsbG8=' }, context));
  } catch (error) {
    results.push({ error: (error as Error).name });
  }
}
process.stdout.write(`\nresults ${JSON.stringify(results)}\n`);
process.exit();
