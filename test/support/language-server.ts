import { spawn } from 'node:child_process';
import { pathToFileURL } from 'node:url';

/** Runs the TypeScript language server like an editor (https://microsoft.github.io/language-server-protocol/). */
export interface LanguageServer {
  /** Opens a file with `content`. Returns a function that reads the editor's hover text for the first match of `text`. */
  open(file: string, content: string): (text: string) => Promise<string>;
  close(): void;
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly result?: unknown;
}

export async function startLanguageServer(folder: string): Promise<LanguageServer> {
  const tsc = `${process.cwd()}/node_modules/typescript/bin/tsc`;
  const child = spawn(process.execPath, [tsc, '--lsp', '--stdio'], { cwd: folder, stdio: ['pipe', 'pipe', 'ignore'] });
  const waiting = new Map<number, (result: unknown) => void>();
  let nextId = 1;
  const send = (message: object) => {
    const body = JSON.stringify({ jsonrpc: '2.0', ...message });
    child.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const ask = (method: string, params: object) =>
    new Promise<unknown>((resolve) => {
      waiting.set(nextId, resolve);
      send({ id: nextId++, method, params });
    });
  readMessages(child.stdout, ({ id, method, result }) => {
    // The server's own requests, such as for settings, get an empty response.
    if (method !== undefined && id !== undefined) send({ id, result: null });
    else if (id !== undefined) waiting.get(id)?.(result);
  });
  const rootUri = pathToFileURL(folder).href;
  await ask('initialize', { processId: process.pid, rootUri, capabilities: {} });
  send({ method: 'initialized', params: {} });
  return {
    open: (file, content) => {
      const uri = `${rootUri}/${file}`;
      const textDocument = { uri, languageId: 'typescript', version: 1, text: content };
      send({ method: 'textDocument/didOpen', params: { textDocument } });
      return async (text) => {
        const before = content.slice(0, content.indexOf(text)).split('\n');
        const position = { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
        return JSON.stringify(await ask('textDocument/hover', { textDocument: { uri }, position }));
      };
    },
    close: () => child.kill(),
  };
}

function readMessages(stream: NodeJS.ReadableStream, take: (message: Message) => void): void {
  let rest = Buffer.alloc(0);
  stream.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (;;) {
      const headEnd = rest.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const [, length = 0] = /Content-Length: (\d+)/i.exec(rest.toString('latin1', 0, headEnd)) ?? [];
      const end = headEnd + 4 + Number(length);
      if (rest.length < end) return;
      take(JSON.parse(rest.toString('utf8', headEnd + 4, end)));
      rest = rest.subarray(end);
    }
  });
}
