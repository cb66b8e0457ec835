/** Finds the key that a call created. Run `npm run find-key -- --help` for the options. */
import { KMSClient, ListKeysCommand, ListResourceTagsCommand } from '@aws-sdk/client-kms';
import { Command } from 'commander';
import packageJson from '../package.json' with { type: 'json' };
import { requestTagKey } from '../shared/config/resource-names.ts';

const concurrency = 10;
const emulator = {
  endpoint: 'http://localhost:4599',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
};

const program = new Command('npm run find-key --')
  .version(packageJson.version)
  .description('Prints the ARN of the key that a call to CreateKey or ReplicateKey created.')
  .argument('<request-id>', 'the `requestId` of the response or of the audit record')
  .option('--region <region>', "the key's Region; for a replica, its own Region", process.env.AWS_REGION ?? 'us-east-1')
  .option('--local', 'look in the emulator that npm start runs, not in AWS')
  .parse();

const { region, local } = program.opts<{ region: string; local?: true }>();
const [requestId = ''] = program.args;
const client = new KMSClient({ region, ...(local ? emulator : {}) });
const arn = await findKey().catch((error: Error) => {
  const place = local ? `the emulator at ${emulator.endpoint} (\`npm start\` starts it)` : `the keys in ${region}`;
  return program.error(`error: cannot read ${place}: ${error.message || error.name}`);
});
if (arn === undefined) program.error(`error: no key in ${region} has the tag ${requestTagKey}=${requestId}.`);
console.log(arn);

/** Reads the tags of all keys in the Region, until it finds the key. */
async function findKey(): Promise<string | undefined> {
  let Marker: string | undefined;
  do {
    const page = await client.send(new ListKeysCommand({ Marker, Limit: 1_000 }));
    const keys = page.Keys ?? [];
    for (let start = 0; start < keys.length; start += concurrency) {
      const part = keys.slice(start, start + concurrency);
      const found = await Promise.all(part.map(({ KeyId = '' }) => isCreatedByRequest(KeyId)));
      const index = found.indexOf(true);
      if (index >= 0) return part[index]?.KeyArn;
    }
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  return undefined;
}

/** Returns `false` for a key whose tags the caller may not read, such as a key whose policy allows only others. */
async function isCreatedByRequest(KeyId: string): Promise<boolean> {
  try {
    const { Tags = [] } = await client.send(new ListResourceTagsCommand({ KeyId }));
    return Tags.some(({ TagKey, TagValue }) => TagKey === requestTagKey && TagValue === requestId);
  } catch (error) {
    if (error instanceof Error && /^(AccessDenied|NotFound)Exception$/.test(error.name)) return false;
    throw error;
  }
}
