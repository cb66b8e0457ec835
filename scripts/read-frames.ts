/** Replaces positions in a bundle with positions in the sources. Run `npm run frames -- --help` for the options. */
import { existsSync, readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { text } from 'node:stream/consumers';
import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };

const program = new Command('npm run frames --')
  .version(packageJson.version)
  .description(
    'Reads stack frames of a deployed function from standard input, such as the `cause.frames` of a log line. Prints them with positions in the source files.',
  )
  .requiredOption('--function <name>', 'name of the function, such as encrypt')
  .option('--map <file>', "source map of the function's release (default: .build/source-maps/FUNCTION.map)")
  .parse();

const { function: functionName, map } = program.opts<{ function: string; map?: string }>();
const file = map ?? `.build/source-maps/${functionName}.map`;
if (!existsSync(file)) program.error(`error: ${file} does not exist. Package the same release, or use --map.`);
const sourceMap = new SourceMap(JSON.parse(readFileSync(file, 'utf8')));
process.stdout.write(replacePositions(await text(process.stdin)));

/** Replaces each `…/handler.cjs:LINE:COLUMN`. Keeps a position that the source map does not contain. */
function replacePositions(frames: string): string {
  return frames.replaceAll(/[^\s"(]*handler\.cjs:(\d+):(\d+)/g, (position, line: string, column: string) => {
    const origin = sourceMap.findOrigin(Number(line), Number(column));
    if (!('fileName' in origin) || origin.fileName === undefined) return position;
    const source = origin.fileName.replace(/^(\.\.\/)+/, '');
    return `${source}:${origin.lineNumber}:${origin.columnNumber}`;
  });
}
