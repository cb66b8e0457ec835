import { describeMembers, describeSchema } from './describe-schema.ts';
import { InlineCode } from './inline-code.tsx';
import { MemberList } from './member-list.tsx';
import type { ApiError, ApiOperation, OpenApiDocument } from './open-api-document.ts';
import { TryIt } from './try-it.tsx';

interface Properties {
  readonly openApi: OpenApiDocument;
  readonly operation: ApiOperation;
}

/** Shows one operation: the request, the response and the errors, next to a form that sends the request. */
export function OperationScreen({ openApi, operation }: Properties) {
  const { name, variant, method, path, summary, description, referenceUrl } = operation;
  return (
    <>
      <a class="back" href="#all">
        All operations
      </a>
      <header class="operation-header">
        <h1>
          {name}
          {variant === '' ? null : <small> {variant}</small>}
        </h1>
        <p class="route">
          <span class={`method ${method.toLowerCase()}`}>{method}</span> <code>{path}</code>
        </p>
        <p class="lead">{summary}</p>
        <p class="note">
          <InlineCode text={description} />
          {referenceUrl === undefined ? null : (
            <>
              {' '}
              See <a href={referenceUrl}>{name} in the AWS KMS API Reference</a>.
            </>
          )}
        </p>
      </header>
      <div class="columns">
        <div class="description">
          <Request openApi={openApi} operation={operation} />
          <Response openApi={openApi} operation={operation} />
          <Errors errors={operation.errors} />
        </div>
        <TryIt openApi={openApi} operation={operation} />
      </div>
    </>
  );
}

function Request({ openApi, operation: { parameters, body } }: Properties) {
  const described = parameters
    .filter((parameter) => parameter.in !== 'header')
    .map((parameter) => ({
      ...describeSchema(openApi, parameter.schema),
      name: parameter.name,
      isRequired: parameter.required,
      location: parameter.in,
      ...(parameter.description === undefined ? {} : { description: parameter.description }),
    }));
  const inBody =
    body === undefined ? [] : describeMembers(openApi, body.schema).map((member) => ({ ...member, location: 'body' }));
  const members = [...described, ...inBody];
  return (
    <section aria-labelledby="request">
      <h2 id="request">Request</h2>
      {members.length === 0 ? <p>The request has no members.</p> : <MemberList members={members} />}
    </section>
  );
}

function Response({ openApi, operation: { success } }: Properties) {
  const members = describeMembers(openApi, success.schema);
  return (
    <section aria-labelledby="response">
      <h2 id="response">
        Response <small>{success.status}</small>
      </h2>
      {members.length === 0 ? <p>The response is an empty object.</p> : <MemberList members={members} />}
    </section>
  );
}

function Errors({ errors }: { readonly errors: readonly ApiError[] }) {
  return (
    <section aria-labelledby="errors">
      <details>
        <summary>
          <h2 id="errors">
            Errors <small>{errors.length}</small>
          </h2>
        </summary>
        <table class="errors">
          <tbody>
            {errors.map(({ status, code, meaning }) => (
              <tr key={`${status} ${code}`}>
                <td>{status}</td>
                <td>{code === '' ? '{"message": "…"}' : <code>{code}</code>}</td>
                <td>{meaning}.</td>
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </section>
  );
}
