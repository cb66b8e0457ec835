/** Runs the command line in this process: its arguments, streams, variables and signals. */
import { Interrupted } from './exit-codes.ts';
import { main } from './main.ts';

const controller = new AbortController();
// A second signal ends the process at once.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => controller.abort(new Interrupted(signal)));
}
// Without a listener, a reader that has ended would end the process with a stack trace.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

const { stdout, stderr, env, argv } = process;
const terminal = {
  // Opens standard input only for commands that read it.
  get stdin() {
    return process.stdin;
  },
  stdout,
  stderr,
  env,
  signal: controller.signal,
};
// Every write to the streams has completed, so nothing is lost. Open connections and standard input would delay the end.
process.exit(await main(argv.slice(2), terminal));
