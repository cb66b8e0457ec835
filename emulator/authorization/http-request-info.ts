import type { IncomingHttpHeaders } from 'node:http';

/** The HTTP request for a KMS call. */
export interface HttpRequestInfo {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly sourceIp: string | undefined;
}
