import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import type { Reply } from '../front.ts';
import { Html, html } from './html.ts';
import { buildPage, buildTextReply } from './page-layout.ts';

/** The documentation files that the server may read: the folder `docs/`, and Markdown files next to it. */
const servedPath = /^\/(?:docs\/(?:[a-z-]+\/)?[\w-]+(?:\.schema)?\.(?:md|json|png)|[A-Z]+\.md)$/;
const types: Readonly<Record<string, string>> = { json: 'application/json', png: 'image/png' };

/** Returns a documentation file by its path in the repository. Converts Markdown to a page. */
export async function readDocumentation(path: string, consoleUrl: string): Promise<Reply | undefined> {
  if (!servedPath.test(path)) return undefined;
  const extension = path.split('.').at(-1) ?? '';
  const content = await readFile(new URL(`../../..${path}`, import.meta.url)).catch(() => undefined);
  if (content === undefined) return undefined;
  if (extension !== 'md') return { ...buildTextReply(200, types[extension] ?? '', ''), body: content };
  const text = content.toString('utf8');
  const [, title = 'Documentation'] = /^# (.+)$/m.exec(text) ?? [];
  const body = html`<main class="page prose">${await renderMarkdown(text, path)}</main>`;
  return buildPage(200, { title: `${title} · kms-functions`, section: '/docs/README.md', body }, consoleUrl);
}

/** Loads the Markdown parser on first use. Raw HTML in Markdown is escaped. */
async function renderMarkdown(text: string, path: string): Promise<Html> {
  const { default: MarkdownIt } = await import('markdown-it');
  const parser = new MarkdownIt({ html: false });
  const ids = new Map<string, number>();
  parser.core.ruler.push('page', ({ tokens }) => {
    for (const [index, token] of tokens.entries()) {
      if (token.type === 'heading_open') token.attrSet('id', nameHeading(tokens[index + 1]?.content ?? '', ids));
      for (const link of token.children ?? []) {
        if (link.type === 'link_open') removeBrokenLink(link, path);
      }
    }
  });
  // Wide tables scroll on their own, so that the page does not scroll sideways.
  parser.renderer.rules.table_open = () => '<div class="table" tabindex="0"><table>';
  parser.renderer.rules.table_close = () => '</table></div>';
  const { fence } = parser.renderer.rules;
  parser.renderer.rules.fence = (tokens, index, ...rest) => {
    const code = fence?.(tokens, index, ...rest) ?? '';
    const isDiagram = tokens[index]?.info.trim() === 'mermaid';
    return isDiagram ? `<details><summary>Diagram (Mermaid source)</summary>${code}</details>` : code;
  };
  return new Html(parser.render(text));
}

/** Names a heading as GitHub does, so that links to headings work. */
function nameHeading(text: string, ids: Map<string, number>): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(/\s/g, '-');
  const count = ids.get(name) ?? 0;
  ids.set(name, count + 1);
  return count === 0 ? name : `${name}-${count}`;
}

interface LinkToken {
  attrGet(name: string): string | number | null;
  attrs: [name: string, value: string | number][] | null;
}

/** Removes the target of a link to a file that this server does not contain, such as source code. */
function removeBrokenLink(link: LinkToken, path: string): void {
  const [target = ''] = String(link.attrGet('href') ?? '').split('#');
  if (target === '' || /^[a-z]+:/.test(target)) return;
  if (!servedPath.test(posix.join(posix.dirname(path), target))) link.attrs = null;
}
