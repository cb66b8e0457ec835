import { useState } from 'preact/hooks';
import { CodeSamplePanel } from './code-sample-panel.tsx';
import type { ApiOperation, OpenApiDocument, Parameter } from './open-api-document.ts';
import { buildRequest, createDraft, type RequestDraft } from './request-draft.ts';
import { type SentResponse, sendRequest } from './send-request.ts';

interface Properties {
  readonly openApi: OpenApiDocument;
  readonly operation: ApiOperation;
}

/** Sends a request with the values of the sample event, and shows the response and the code for the same request. */
export function TryIt({ openApi, operation }: Properties) {
  const [draft, setDraft] = useState(() => createDraft(operation));
  const [response, setResponse] = useState<SentResponse>();
  const [isSending, setSending] = useState(false);
  const { target } = buildRequest(operation, draft);
  const isMain = ({ required, example }: Parameter) => required || example !== undefined;
  const main = operation.parameters.filter(isMain);
  const optional = operation.parameters.filter((parameter) => !isMain(parameter));

  async function send(event: Event) {
    event.preventDefault();
    setSending(true);
    setResponse(await sendRequest(buildRequest(operation, draft)));
    setSending(false);
  }

  return (
    <section class="try" aria-labelledby="try">
      <h2 id="try">Try it</h2>
      <form onSubmit={send}>
        <p class="target">
          <span class={`method ${operation.method.toLowerCase()}`}>{operation.method}</span> <code>{target}</code>
        </p>
        {main.map((parameter) => (
          <ParameterField key={parameter.name} parameter={parameter} draft={draft} change={setDraft} />
        ))}
        {draft.body === undefined ? null : (
          <label class="field">
            <span>Body</span>
            <textarea
              name="body"
              rows={Math.min(Math.max(draft.body.split('\n').length, 3), 12)}
              spellcheck={false}
              value={draft.body}
              onInput={(event) => setDraft({ ...draft, body: event.currentTarget.value })}
            />
          </label>
        )}
        <details class="optional">
          <summary>Optional parameters</summary>
          {optional.map((parameter) => (
            <ParameterField key={parameter.name} parameter={parameter} draft={draft} change={setDraft} />
          ))}
        </details>
        <p class="actions">
          <button type="submit" class="primary" disabled={isSending}>
            Send
          </button>
          <button type="button" onClick={() => setDraft(createDraft(operation))}>
            Restore sample
          </button>
        </p>
      </form>
      <div role="status" class="result">
        {response === undefined ? null : <Result response={response} />}
      </div>
      <CodeSamplePanel openApi={openApi} operation={operation} draft={draft} />
    </section>
  );
}

interface FieldProperties {
  readonly parameter: Parameter;
  readonly draft: RequestDraft;
  readonly change: (draft: RequestDraft) => void;
}

function ParameterField({ parameter: { name, in: location, required }, draft, change }: FieldProperties) {
  return (
    <label class="field">
      <span>
        {name} <small>{location}</small>
      </span>
      <input
        name={name}
        required={required}
        autocomplete="off"
        spellcheck={false}
        value={draft.parameters[name] ?? ''}
        onInput={(event) =>
          change({ ...draft, parameters: { ...draft.parameters, [name]: event.currentTarget.value } })
        }
      />
    </label>
  );
}

function Result({
  response: { status, statusText, isOk, milliseconds, type, body },
}: {
  readonly response: SentResponse;
}) {
  return (
    <>
      <h3>
        <span class={isOk ? 'success' : 'failure'}>{status === 0 ? 'No response' : `${status} ${statusText}`}</span>{' '}
        <small>
          {milliseconds} ms{type === '' ? '' : `, ${type}`}
        </small>
      </h3>
      <div class="code">
        <pre>
          <code>{body}</code>
        </pre>
      </div>
    </>
  );
}
