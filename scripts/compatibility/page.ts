import { type Client, commonSteps } from './client.ts';
import { clients, missingClients } from './clients.ts';
import { type ClientResult, readClientResults } from './results.ts';

const intro = `# Compatibility

This page lists the KMS clients that we ran against the emulator. \`npm run compatibility\` runs one program for each
client and writes this page. Each program calls a new emulator, whose URL is in \`AWS_ENDPOINT_URL\`. The programs, with
the exact version of each client, are in \`scripts/compatibility/clients\`. [Use the
emulator](../guides/emulator.md#connect-an-sdk-or-tool) explains how to connect a client.
`;

/** Builds the compatibility page from the results of the last runs. */
export function compatibilityPage(): string {
  const results = readClientResults();
  const rows = clients.flatMap((client) => {
    const result = results.find(({ name }) => name === client.name);
    return result ? [writeRow(client, result)] : [];
  });
  const notRun = clients.filter(({ name }) => !results.some((result) => result.name === name));
  const missing = [...notRun.map(({ name }) => ({ name, reason: 'no result yet' })), ...missingClients];
  return [
    intro,
    '## Results\n',
    '[Common calls](#common-calls) lists the steps that several clients share.\n',
    ...tableHead,
    ...rows,
    '',
    ...executableSection(),
    '## Common calls\n',
    'The SDKs and the AWS CLI run these steps. In a step with the name of an error, the client must map the error to its',
    'own type or code.\n',
    ...commonSteps.map((step) => `- ${step}`),
    '',
    '## Not run\n',
    '| client | reason |',
    '| --- | --- |',
    ...missing.map(({ name, reason }) => `| ${name} | ${reason} |`),
    '',
  ].join('\n');
}

/** Lists the clients that called the single-file executable. */
function executableSection(): string[] {
  const rows = readClientResults('executable').flatMap((result) => {
    const client = clients.find(({ name }) => name === result.name);
    return client ? [writeRow(client, result)] : [];
  });
  if (rows.length === 0) return [];
  return [
    '## Results with the single-file executable\n',
    'These clients called the [executable](../guides/emulator.md#run-without-node), which ran without Node.js and without',
    'environment variables.\n',
    ...tableHead,
    ...rows,
    '',
  ];
}

const tableHead = [
  '| client | version | language | what ran | result | date |',
  '| --- | --- | --- | --- | --- | --- |',
];

function writeRow({ name, language, steps, notes }: Client, { version, date, failure }: ClientResult): string {
  const what = describeSteps(steps);
  const client = notes === undefined ? name : `${name} (${notes})`;
  return `| ${client} | ${version} | ${language} | ${what} | ${failure ? `failed: ${failure}` : 'passed'} | ${date} |`;
}

function describeSteps(steps: readonly string[]): string {
  const omitted = commonSteps.filter((step) => !steps.includes(step));
  if (omitted.length === commonSteps.length) return steps.join('; ');
  const common = omitted.length === 0 ? 'common calls' : `common calls, without ${omitted.join('; ')}`;
  return [common, ...steps.filter((step) => !commonSteps.includes(step))].join('; ');
}
