/** The response that API Gateway expects from a function, in payload versions 1.0 and 2.0. */
export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly isBase64Encoded: boolean;
}

/** Headers that every response contains. Caches must not store responses, and browsers must not guess content types. */
export const securityHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'strict-transport-security': 'max-age=63072000',
} as const;

/** Builds a JSON response. */
export function buildJsonResponse(statusCode: number, body: unknown): HttpResponse {
  return {
    statusCode,
    headers: { ...securityHeaders, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    isBase64Encoded: false,
  };
}
