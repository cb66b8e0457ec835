import type { IncomingHttpHeaders } from 'node:http';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { HttpRequestInfo } from '../authorization/http-request-info.ts';
import { getUserId } from '../authorization/principal.ts';
import { parseCaller } from '../core/credential.ts';
import { KmsError } from '../core/kms-error.ts';
import type { RequestEntry } from './requests/request-entry.ts';

const version = '2011-06-15';
const namespace = `https://sts.amazonaws.com/doc/${version}/`;

/** Returns whether a request uses the AWS Query protocol, as STS does. KMS requests contain JSON. */
export function isStsRequest({ 'content-type': type = '' }: IncomingHttpHeaders): boolean {
  return type.startsWith('application/x-www-form-urlencoded');
}

/**
 * Responds to an STS request. Supports only GetCallerIdentity, with which the AWS CLI, boto3 and Terraform find their
 * account. The call needs no permissions
 * (https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html).
 */
export function respondAsSts(
  http: HttpRequestInfo,
  authorizer: Authorizer,
  entry: RequestEntry,
): { readonly status: number; readonly body: string } {
  try {
    return { status: 200, body: getCallerIdentity(http, authorizer, entry) };
  } catch (error) {
    if (!(error instanceof KmsError)) throw error;
    const code = queryCodes[error.code] ?? error.code;
    entry.fail(code, error.message);
    return { status: statuses[error.code] ?? 400, body: formatError(code, error.message, entry.requestId) };
  }
}

/** STS returns 403 for requests that it cannot authenticate, unlike KMS. */
const statuses: Readonly<Record<string, number>> = {
  InvalidSignatureException: 403,
  MissingAuthenticationTokenException: 403,
  UnrecognizedClientException: 403,
};

/** Names in the AWS Query protocol (https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html). */
const queryCodes: Readonly<Record<string, string>> = {
  IncompleteSignatureException: 'IncompleteSignature',
  InvalidSignatureException: 'SignatureDoesNotMatch',
  MissingAuthenticationTokenException: 'MissingAuthenticationToken',
  UnknownOperationException: 'InvalidAction',
  UnrecognizedClientException: 'InvalidClientTokenId',
};

function getCallerIdentity(http: HttpRequestInfo, authorizer: Authorizer, entry: RequestEntry): string {
  const action = new URLSearchParams(http.body).get('Action') ?? '';
  if (action !== '') entry.operation = action;
  entry.caller = parseCaller(http.headers.authorization, 'sts');
  const principal = authorizer.identify(entry.caller, http);
  entry.principal = principal;
  if (action !== 'GetCallerIdentity') {
    throw new KmsError('UnknownOperationException', `Could not find operation ${action} for version ${version}`);
  }
  const { arn, account } = principal;
  const result = `<Arn>${escapeXml(arn)}</Arn><UserId>${escapeXml(getUserId(principal))}</UserId><Account>${account}</Account>`;
  const metadata = `<ResponseMetadata><RequestId>${entry.requestId}</RequestId></ResponseMetadata>`;
  return `<GetCallerIdentityResponse xmlns="${namespace}"><GetCallerIdentityResult>${result}</GetCallerIdentityResult>${metadata}</GetCallerIdentityResponse>`;
}

function formatError(code: string, message: string, requestId: string): string {
  const error = `<Type>Sender</Type><Code>${code}</Code><Message>${escapeXml(message)}</Message>`;
  return `<ErrorResponse xmlns="${namespace}"><Error>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
