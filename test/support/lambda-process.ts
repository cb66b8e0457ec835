import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { gatewayAlias } from '../../shared/config/resource-names.ts';
import { isHttpEvent } from '../../shared/http/http-request.ts';
import { runNode } from './child.ts';

const preload = fileURLToPath(new URL('aws-at-emulator.cjs', import.meta.url));

/** The properties of a function in the template. */
export interface LambdaSettings {
  readonly FunctionName: string;
  readonly Handler: string;
  readonly MemorySize: number;
  readonly Timeout: number;
  readonly Environment: { readonly Variables: Readonly<Record<string, string>> };
}

export interface LambdaInvocation {
  readonly result: unknown;
  /** The host of each request that the function sent. */
  readonly hosts: readonly string[];
  /** The function's log records. Each is a line of JSON. */
  readonly log: readonly Readonly<Record<string, unknown>>[];
  readonly peakMemoryMb: number;
}

/** Unpacks an artifact as Lambda does, into a directory without other files. */
export function unpack(zip: Uint8Array, directory: string): void {
  for (const [name, bytes] of Object.entries(unzipSync(zip))) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), bytes);
  }
}

/**
 * Runs an unpacked artifact in a separate process, as the Lambda runtime does. The environment contains only the variables
 * from the template and from Lambda (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html).
 */
export async function invokeUnpacked(
  { FunctionName, Handler, MemorySize, Timeout, Environment }: LambdaSettings,
  directory: string,
  event: unknown,
  emulator: string,
): Promise<LambdaInvocation> {
  const [file = '', name = ''] = [Handler.slice(0, Handler.lastIndexOf('.')), Handler.split('.').at(-1)];
  // API Gateway invokes the function through a separate alias.
  const qualifier = isHttpEvent(event) ? `:${gatewayAlias}` : '';
  const source = `
    const { ${name}: handler } = require('./${file}.cjs');
    const endMs = Date.now() + ${Timeout * 1000};
    const context = {
      awsRequestId: '8f0e1f6e-0000-4000-8000-000000000000',
      functionName: '${FunctionName}',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:${FunctionName}${qualifier}',
      memoryLimitInMB: '${MemorySize}',
      getRemainingTimeInMillis: () => endMs - Date.now(),
    };
    handler(${JSON.stringify(event)}, context).then((result) => {
      // On Linux, maxRSS includes the memory of the process that started this one (getrusage(2), execve(2)).
      const status = process.platform === 'linux' ? require('node:fs').readFileSync('/proc/self/status', 'utf8') : '';
      const peakKb = /VmHWM:\\s+(\\d+)/.exec(status)?.[1] ?? process.resourceUsage().maxRSS;
      const peakMemoryMb = peakKb / 1024;
      process.stdout.write('\\nresult ' + JSON.stringify({ result, peakMemoryMb }), () => process.exit());
    });`;
  const variables = {
    ...Environment.Variables,
    _HANDLER: Handler,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_SESSION_TOKEN: 'test',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: FunctionName,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(MemorySize),
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    LAMBDA_TASK_ROOT: directory,
    TZ: ':UTC',
  };
  const args = ['--require', preload, '--eval', source];
  const { stdout, stderr } = await runNode(args, { ...variables, TEST_EMULATOR: emulator }, directory);
  const [log = '', output] = stdout.split('\nresult ');
  if (output === undefined) throw new Error(`${FunctionName} returned no result:\n${stdout}\n${stderr}`);
  return {
    ...(JSON.parse(output) as { result: unknown; peakMemoryMb: number }),
    hosts: [...stderr.matchAll(/^asked (.+)$/gm)].map(([, host = '']) => host),
    // The Powertools logger writes errors to standard error.
    log: `${log}\n${stderr}`
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
}
