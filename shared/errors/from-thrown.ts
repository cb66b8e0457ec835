import { isErrorCode } from './catalogue.ts';
import { KmsFunctionsError } from './kms-functions-error.ts';
import { withoutEchoes } from './redact-request-values.ts';

interface ServiceFault {
  readonly name: string;
  readonly message: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $retryable?: { readonly throttling?: boolean };
}

const throttlingCodes = new Set(['Throttling', 'TooManyRequestsException', 'RequestLimitExceeded', 'SlowDown']);
const timeoutNames = new Set(['TimeoutError', 'AbortError', 'RequestTimeout', 'RequestTimeoutException']);
/** What Node's sockets and resolver say where there is nobody to talk to. */
const socketCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNABORTED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/**
 * The role of a function allows its operation on keys with the service's tag and nothing else, so what its policy does not allow is
 * a key without that tag, or with one so new that it does not count yet: up to five minutes, at AWS
 * (https://docs.aws.amazon.com/kms/latest/developerguide/abac.html). An explicit deny, and a key policy's refusal, read
 * otherwise (https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).
 */
function isOutsideService({ name, message }: Error): boolean {
  if (process.env.KMS_FUNCTIONS_KEY_SCOPE !== 'service' || name !== 'AccessDeniedException') return false;
  return message.includes('because no identity-based policy allows');
}

/** Our typed error for whatever was thrown on the way to KMS or back. `input` is what was sent, to keep it out of the detail. */
export function fromThrown(thrown: unknown, input: unknown): KmsFunctionsError {
  if (thrown instanceof KmsFunctionsError) return thrown;
  if (!(thrown instanceof Error)) return new KmsFunctionsError('InternalError', undefined, { cause: thrown });
  const cause = { cause: thrown };
  const fault = thrown as ServiceFault & { readonly code?: unknown };
  // The SDK calls a reset connection a TimeoutError, too: the socket's own word goes first.
  if (typeof fault.code === 'string' && socketCodes.has(fault.code)) {
    return new KmsFunctionsError('KmsUnreachableError', undefined, cause);
  }
  if (timeoutNames.has(fault.name) || fault.code === 'ETIMEDOUT') {
    return new KmsFunctionsError('TimeoutError', undefined, cause);
  }
  if (fault.$retryable?.throttling || throttlingCodes.has(fault.name)) {
    return new KmsFunctionsError('ThrottlingException', undefined, cause);
  }
  if (isOutsideService(fault)) return new KmsFunctionsError('TagNotBoundError', undefined, cause);
  const status = fault.$metadata?.httpStatusCode;
  if (status !== undefined && isErrorCode(fault.name)) {
    const { status: ours } = new KmsFunctionsError(fault.name).entry;
    const detail = ours < 500 && fault.message !== '' ? withoutEchoes(fault.message, input) : undefined;
    // A bare `UnknownError` is what the SDK makes of an answer without a body.
    return new KmsFunctionsError(fault.name, detail === 'UnknownError' ? undefined : detail, cause);
  }
  // An answer that cannot be read is KMS's failure as much as one that says so.
  if (status !== undefined && (status >= 500 || fault instanceof SyntaxError)) {
    return new KmsFunctionsError('KMSInternalException', undefined, cause);
  }
  return new KmsFunctionsError('InternalError', undefined, cause);
}
