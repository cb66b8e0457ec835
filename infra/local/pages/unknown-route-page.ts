import type { Reply } from '../front.ts';
import type { LocalUrls, RouteHint } from '../route-hints.ts';
import { html } from './html.ts';
import { buildPage } from './page-layout.ts';

/** Builds the page that a browser shows for an unknown route. */
export function buildUnknownRoutePage(
  method: string,
  path: string,
  hint: RouteHint | undefined,
  urls: LocalUrls,
): Reply {
  const routes = hint?.routes ?? [];
  const body = html`<main class="page">
<h1>Not found</h1>
<p class="lead">The API has no route <code>${method} ${path}</code>.</p>
${hint === undefined ? '' : html`<p>${hint.sentence}</p>`}
${
  routes.length === 0
    ? ''
    : html`<ul class="links">${routes.map(
        (route) =>
          html`<li><a href="/docs#${route.method}${route.path}"><code>${route.method} ${route.path}</code></a></li>`,
      )}</ul>`
}
<p>See <a href="/docs">all operations</a>, or go to the <a href="/">start page</a>.</p>
<p class="note">Programs receive status 404 and <code>{"message":"Not Found"}</code>, as from a deployed API.</p>
</main>`;
  return buildPage(404, { title: 'Not found', body }, urls.emulator);
}
