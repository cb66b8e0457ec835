import { useState } from 'preact/hooks';
import { formatClientCode, formatCurl } from './code-samples.ts';
import type { ApiOperation, OpenApiDocument } from './open-api-document.ts';
import type { RequestDraft } from './request-draft.ts';

interface Properties {
  readonly openApi: OpenApiDocument;
  readonly operation: ApiOperation;
  readonly draft: RequestDraft;
}

const languages = ['curl', 'Client'] as const;

/** Shows code that sends the same request, with a button that copies the code. */
export function CodeSamplePanel({ openApi, operation, draft }: Properties) {
  const [language, choose] = useState<(typeof languages)[number]>('curl');
  const [label, setLabel] = useState('Copy');
  const { origin } = location;
  const code =
    language === 'curl' ? formatCurl(origin, operation, draft) : formatClientCode(origin, openApi, operation, draft);

  async function copy() {
    setLabel(
      await navigator.clipboard.writeText(code ?? '').then(
        () => 'Copied',
        () => 'Not copied',
      ),
    );
    setTimeout(() => setLabel('Copy'), 2000);
  }

  return (
    <section class="samples" aria-labelledby="code">
      <div class="samples-header">
        <h2 id="code">Code</h2>
        <div class="choices">
          {languages.map((name) => (
            <button
              key={name}
              type="button"
              class="choice"
              aria-pressed={name === language}
              onClick={() => choose(name)}
            >
              {name}
            </button>
          ))}
        </div>
        <button type="button" class="copy-code" onClick={copy}>
          {label}
        </button>
      </div>
      <div class="code">
        <pre>
          <code>{code ?? 'The body must be a JSON object.'}</code>
        </pre>
      </div>
    </section>
  );
}
