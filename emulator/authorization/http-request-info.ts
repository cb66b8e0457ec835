import type { IncomingHttpHeaders } from 'node:http';

/** A request as it came over the wire. */
export interface HttpRequestInfo {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly sourceIp: string | undefined;
}
