import { securityHeaders } from '../../../shared/http/http-response.ts';
import type { Reply } from '../front.ts';
import { type Html, html } from './html.ts';

/** Blocks inline content and other origins. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface PageContent {
  readonly title: string;
  /** The navigation entry that the page belongs to. */
  readonly section?: Section;
  readonly body: Html;
  /** The name of the page's script below `/docs/`. */
  readonly script?: string;
}

const sections = { '/docs': 'API', '/docs/README.md': 'Documentation' } as const;
type Section = keyof typeof sections;

/** Builds a page with the navigation. The empty icon prevents browsers from requesting `/favicon.ico`. */
export function buildPage(status: number, content: PageContent, consoleUrl: string): Reply {
  const entries = (Object.keys(sections) as Section[]).map(
    (url) => html`<a href="${url}"${current(url === content.section)}>${sections[url]}</a>`,
  );
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${content.title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/page.css">
<script src="/docs/${content.script ?? 'copy-buttons.js'}" type="module"></script>
</head>
<body>
<header class="bar">
<a class="brand" href="/">kms-functions</a>
<nav aria-label="Pages">${entries}<a href="${consoleUrl}">Console</a></nav>
</header>
${content.body}
</body>
</html>
`;
  return buildTextReply(status, 'text/html', page.text, {
    'content-security-policy': contentSecurityPolicy,
    'referrer-policy': 'no-referrer',
    vary: 'accept',
  });
}

function current(isCurrent: boolean): Html {
  return isCurrent ? html` aria-current="page"` : html``;
}

export function buildTextReply(
  status: number,
  type: string,
  body: string,
  headers: Record<string, string> = {},
): Reply {
  return { status, headers: { ...securityHeaders, ...headers, 'content-type': `${type}; charset=utf-8` }, body };
}

/** Returns whether a browser asks for a page. Other programs send an `Accept` header without `text/html`. */
export function acceptsHtml(accept: string | undefined): boolean {
  return (accept ?? '').split(',').some((range) => {
    const [type = '', ...parameters] = range.trim().split(/\s*;\s*/);
    return type.toLowerCase() === 'text/html' && !parameters.some((parameter) => /^q=0(\.0+)?$/i.test(parameter));
  });
}
