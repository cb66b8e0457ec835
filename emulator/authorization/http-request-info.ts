import type { IncomingHttpHeaders } from 'node:http';

/** The HTTP request that carried a call of KMS. */
export interface HttpRequestInfo {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly sourceIp: string | undefined;
}
