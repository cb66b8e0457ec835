import { defaultAccount } from '../../../emulator/core/credential.ts';
import type { Reply } from '../front.ts';
import type { LocalSettings } from '../local-settings.ts';
import type { LocalUrls } from '../route-hints.ts';
import type { LocalRoute } from '../routes.ts';
import { buildTryCommand, canUseSampleKeys } from '../try-command.ts';
import { html } from './html.ts';
import { buildPage, buildTextReply } from './page-layout.ts';

interface Server {
  readonly name: string;
  readonly url: string;
  readonly purpose: string;
}

interface Command {
  readonly title: string;
  readonly command: string;
}

/** The guides that a new user needs first. */
const guides = [
  ['/docs/guides/calling.md', 'Call the functions', 'over HTTP, by direct invocation, and with invoke local'],
  ['/docs/guides/client.md', 'Use the typed client', 'from TypeScript and JavaScript'],
  ['/docs/guides/emulator.md', 'Use the emulator', 'connect SDKs and tools, and write a seed'],
  ['/docs/guides/testing.md', 'Test with the emulator', 'test runners, clock, snapshots and throttling'],
  ['/docs/guides/deploying.md', 'Deploy', 'from an empty AWS account to the first call'],
  ['/docs/reference/operations.md', 'Operations', 'every operation with its function and routes'],
] as const;

/** Builds the landing page: HTML for browsers, and text for other programs. */
export function buildLandingPage(
  urls: LocalUrls,
  routes: readonly LocalRoute[],
  settings: LocalSettings,
  isForBrowser: boolean,
): Reply {
  const servers = listServers(urls);
  const isOpen = settings.auth === 'open' && canUseSampleKeys(settings);
  const commands = isOpen ? listCommands(urls, routes) : listCallerCommands(urls, settings);
  return isForBrowser ? buildHtml(urls, servers, commands, isOpen) : buildText(urls, servers, commands);
}

function listServers({ api, lambda, emulator }: LocalUrls): Server[] {
  return [
    { name: 'API', url: api, purpose: 'The HTTP API, with a route for every operation.' },
    { name: 'Lambda', url: lambda, purpose: 'Direct invocation of the functions.' },
    { name: 'KMS emulator', url: emulator, purpose: 'AWS KMS for AWS SDKs, the AWS CLI and other tools.' },
  ];
}

/** Lists commands that work as shown in a fresh clone. */
function listCommands({ api, lambda, emulator }: LocalUrls, routes: readonly LocalRoute[]): Command[] {
  const describe = routes.find(({ method, path }) => method === 'GET' && path === '/keys/{KeyId}');
  const json = "-H 'content-type: application/json'";
  return [
    {
      title: 'Encrypt “hello”, in base64',
      command: `curl -s ${api}/keys/alias.example/encrypt ${json} -d '{"Plaintext":"aGVsbG8="}'`,
    },
    { title: 'Create a key', command: `curl -s ${api}/keys ${json} -d '{"Description":"my first key"}'` },
    { title: 'List the keys', command: `curl -s ${api}/keys` },
    {
      title: 'Invoke a function directly',
      command: `curl -s ${lambda}/2015-03-31/functions/${describe?.functionName}/invocations -d '{"KeyId":"alias/example"}'`,
    },
    buildEmulatorCommand(emulator),
  ];
}

/** Lists commands that work with parameters that limit callers, or without the sample keys. */
function listCallerCommands({ api, emulator }: LocalUrls, settings: LocalSettings): Command[] {
  const command = buildTryCommand(api, settings);
  const title = canUseSampleKeys(settings) ? 'Encrypt “hello”, in base64' : 'Create a key';
  return [...(command === undefined ? [] : [{ title, command }]), buildEmulatorCommand(emulator)];
}

function buildEmulatorCommand(emulator: string): Command {
  return {
    title: 'Call the KMS emulator',
    command: `curl -s ${emulator} --aws-sigv4 aws:amz:us-east-1:kms --user ${defaultAccount}:test -H 'x-amz-target: TrentService.ListKeys' -H 'content-type: application/x-amz-json-1.1' -d '{}'`,
  };
}

function buildText({ api, emulator }: LocalUrls, servers: readonly Server[], commands: readonly Command[]): Reply {
  const lines = [
    'kms-functions runs on this machine.',
    '',
    ...servers.map(({ name, url, purpose }) => `${`${name}:`.padEnd(14)}${url.padEnd(24)}${purpose}`),
    '',
    `API page:     ${api}/docs`,
    `Console:      ${emulator} (in a browser)`,
    `Guides:       ${api}/docs/README.md`,
    '',
    ...commands.flatMap(({ title, command }) => [`# ${title}`, command]),
    '',
  ];
  return buildTextReply(200, 'text/plain', lines.join('\n'), { vary: 'accept' });
}

function buildHtml(
  { emulator }: LocalUrls,
  servers: readonly Server[],
  commands: readonly Command[],
  isOpen: boolean,
): Reply {
  const introduction = isOpen
    ? html`These commands work as shown. Bytes are in base64, and a key named <code>alias/example</code> exists.`
    : html`The parameters of this stage limit callers or keys. <a href="/docs/guides/rehearsing.md">Rehearse a deployment</a> shows how to choose a caller.`;
  const body = html`<main class="page">
<h1>kms-functions runs on this machine</h1>
<p class="lead">AWS KMS as Lambda functions behind an HTTP API, and an emulator that replaces AWS KMS. No request leaves this machine.</p>
<ul class="cards">
<li class="card"><a class="card-link" href="/docs">API page</a><p>Read about every operation, and try it in the browser.</p></li>
<li class="card"><a class="card-link" href="${emulator}">Console</a><p>Manage the emulator’s keys, and follow its requests.</p></li>
<li class="card"><a class="card-link" href="/docs/README.md">Documentation</a><p>Guides and reference pages.</p></li>
</ul>
<h2>Servers</h2>
<dl class="servers">
${servers.map(({ name, url, purpose }) => html`<div><dt>${name}</dt><dd><code>${url}</code></dd><dd class="purpose">${purpose}</dd></div>\n`)}</dl>
<h2>Try it</h2>
<p>${introduction}</p>
${commands.map(
  ({ title, command }) =>
    html`<h3 class="command-title">${title}</h3>\n<div class="code"><pre><code data-command>${command}</code></pre><button type="button" class="copy" data-copy>Copy</button></div>\n`,
)}
<h2>Guides</h2>
<ul class="links">
${guides.map(([url, title, topic]) => html`<li><a href="${url}">${title}</a>: ${topic}</li>\n`)}</ul>
</main>`;
  return buildPage(200, { title: 'kms-functions', body }, emulator);
}
