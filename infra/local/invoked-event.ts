import type { IncomingHttpHeaders } from 'node:http';
import { isHttpEvent } from '../../shared/http/http-request.ts';
import type { HttpResponse } from '../../shared/http/http-response.ts';
import type { Authorizer } from '../gateway/authorizer.ts';
import { createAuthorize } from './callers/authorize.ts';
import type { LocalSettings } from './local-settings.ts';

/** What `invoke local` needs to treat an HTTP event as API Gateway treats a request. */
export interface InvokedFunction {
  readonly settings: Pick<LocalSettings, 'region' | 'auth' | 'issuer' | 'audience'>;
  readonly authorizer: Authorizer | undefined;
  readonly emulator: string;
}

/**
 * Adds the caller to an HTTP event, and returns the event, or the response of API Gateway to a caller that it rejects. An event
 * that already contains a caller stays as it is.
 */
export async function authorizeEvent(
  event: unknown,
  { settings, authorizer, emulator }: InvokedFunction,
): Promise<{ readonly event: unknown; readonly isGateway: boolean; readonly response?: HttpResponse }> {
  if (settings.auth === 'open' || !isHttpEvent(event)) return { event, isGateway: false };
  const { headers = {}, requestContext } = event as { headers?: Record<string, string>; requestContext: object };
  if ('authorizer' in requestContext) return { event, isGateway: true };
  const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const authorize = createAuthorize(settings, emulator);
  const { identity, refusal } = await authorize(authorizer, { headers: lowerCase as IncomingHttpHeaders });
  if (refusal === undefined) {
    return { event: { ...event, requestContext: { ...requestContext, authorizer: identity } }, isGateway: true };
  }
  const { status, message, headers: own } = refusal;
  const response = {
    statusCode: status,
    headers: { 'content-type': 'application/json', ...own },
    body: JSON.stringify({ message }),
    isBase64Encoded: false,
  };
  return { event, isGateway: true, response };
}
