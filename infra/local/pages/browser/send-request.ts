import type { BuiltRequest } from './request-draft.ts';

/** A response as the page shows it. Status 0 means that the server did not respond. */
export interface SentResponse {
  readonly status: number;
  readonly statusText: string;
  readonly isOk: boolean;
  readonly milliseconds: number;
  readonly type: string;
  readonly body: string;
}

export async function sendRequest({ method, target, headers, body }: BuiltRequest): Promise<SentResponse> {
  const startMs = performance.now();
  const read = () => Math.round(performance.now() - startMs);
  try {
    const response = await fetch(target, { method, headers, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    return {
      status: response.status,
      statusText: response.statusText,
      isOk: response.ok,
      milliseconds: read(),
      type: response.headers.get('content-type') ?? '',
      body: indentJson(text),
    };
  } catch {
    const body = 'The server did not respond. Is npm start still running?';
    return { status: 0, statusText: '', isOk: false, milliseconds: read(), type: '', body };
  }
}

function indentJson(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
