export interface RawResponse {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

export const authorization = (accessKeyId = 'test', region = 'us-east-1') =>
  `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/${region}/kms/aws4_request, SignedHeaders=host, Signature=00`;

/** Sends a request to the emulator like an SDK, but without validation or a valid signature. */
export async function rawCall(
  endpoint: string,
  operation: string | undefined,
  body: unknown,
  init: RequestInit & { headers?: Record<string, string> } = {},
): Promise<RawResponse> {
  const response = await fetch(endpoint, {
    method: 'POST',
    body:
      typeof body === 'string' || body instanceof Uint8Array
        ? (body as NonNullable<RequestInit['body']>)
        : JSON.stringify(body),
    ...init,
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      authorization: authorization(),
      ...(operation === undefined ? {} : { 'x-amz-target': `TrentService.${operation}` }),
      ...init.headers,
    },
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: text === '' ? {} : JSON.parse(text) };
}
