import { render } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';
import { type ApiOperation, type OpenApiDocument, readOperations } from './open-api-document.ts';
import { OperationList } from './operation-list.tsx';
import { OperationScreen } from './operation-screen.tsx';

/** Returns the operation that the URL's fragment names by its id, or by its method and path. */
function findByFragment(operations: readonly ApiOperation[]): ApiOperation | undefined {
  const fragment = decodeURIComponent(location.hash.slice(1));
  return operations.find(({ id, method, path }) => id === fragment || `${method}${path}` === fragment);
}

function ApiPage({ openApi }: { readonly openApi: OpenApiDocument }) {
  const operations = readOperations(openApi);
  const [selected, select] = useState(() => findByFragment(operations));
  // An effect runs after the first frame, in which a link may already be followed.
  useLayoutEffect(() => {
    const follow = () => select(findByFragment(operations));
    addEventListener('hashchange', follow);
    return () => removeEventListener('hashchange', follow);
  }, []);
  useEffect(() => {
    document.title = `${selected === undefined ? '' : `${selected.name} · `}API · kms-functions`;
    scrollTo(0, 0);
  }, [selected?.id]);
  return (
    <div class={`api ${selected === undefined ? 'shows-list' : 'shows-operation'}`}>
      <OperationList openApi={openApi} operations={operations} selected={selected} />
      <main class="operation">
        {selected === undefined ? (
          <Introduction count={operations.length} />
        ) : (
          <OperationScreen key={selected.id} openApi={openApi} operation={selected} />
        )}
      </main>
    </div>
  );
}

function Introduction({ count }: { readonly count: number }) {
  return (
    <div class="introduction">
      <h1>API</h1>
      <p class="lead">Select one of {count} operations to read about it and to try it. Press / to search.</p>
      <ul>
        <li>Names, limits and responses match the AWS KMS API. Bytes are in base64.</li>
        <li>
          In a path, write each <code>/</code> of a key identifier as <code>.</code>: <code>alias/team/app</code>{' '}
          becomes <code>alias.team.app</code>.
        </li>
        <li>
          Errors are problem details (<a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457</a>) with the AWS error
          code.
        </li>
        <li>This server requires no authentication. A deployed stage requires AWS signatures or tokens.</li>
        <li>
          Machine-readable: <a href="/openapi.json">openapi.json</a> (OpenAPI 3.1)
        </li>
      </ul>
    </div>
  );
}

async function start(root: HTMLElement): Promise<void> {
  const response = await fetch('/openapi.json');
  const openApi = (await response.json()) as OpenApiDocument;
  root.replaceChildren();
  render(<ApiPage openApi={openApi} />, root);
}

const root = document.getElementById('api-page');
if (root !== null) {
  start(root).catch(() => {
    root.textContent = 'The API page cannot load. Is npm start still running?';
  });
}
