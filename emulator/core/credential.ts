import { KmsError } from './kms-error.ts';

/** The caller's access key id and account, and the Region that the request is for. */
export interface Caller {
  readonly accessKeyId: string;
  readonly region: string;
  readonly account: string;
}

export const defaultAccount = '000000000000';

/** Returns whether an access key id consists of 12 digits. Such an id represents the root user of the account with this id. */
export function isAccountId(accessKeyId: string): boolean {
  return /^\d{12}$/.test(accessKeyId);
}

const credentialPattern =
  /^AWS4-HMAC-SHA256\s+(?:.*,\s*)?Credential=([^/,\s]+)\/\d{8}\/([a-z0-9-]{1,32})\/([^/,\s]+)\/aws4_request(?:,|\s|$)/;

/**
 * Reads the caller from a Signature Version 4 `Authorization` header
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). Does not verify the
 * signature. If the access key id consists of 12 digits, it is also the caller's account id. Throws KmsError if the
 * header does not contain a credential scope for the service.
 */
export function parseCaller(authorization: string | undefined, service: 'kms' | 'sts' | 'tagging' = 'kms'): Caller {
  if (authorization === undefined || authorization === '') {
    throw new KmsError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  if (authorization.indexOf('Credential=') !== authorization.lastIndexOf('Credential=')) {
    throw new KmsError('IncompleteSignatureException', "Authorization header requires one 'Credential' parameter.");
  }
  const [, accessKeyId, region, scopeService] = credentialPattern.exec(authorization) ?? [];
  if (accessKeyId === undefined || region === undefined) {
    throw new KmsError(
      'IncompleteSignatureException',
      `Authorization header requires 'Credential' parameter with a credential scope of ${service}. Authorization header requires 'SignedHeaders' parameter.`,
    );
  }
  if (scopeService !== service) {
    // AWS's message ends with a space, as in other services that use JSON 1.1.
    throw new KmsError('InvalidSignatureException', `Credential should be scoped to correct service: '${service}'. `);
  }
  return { accessKeyId, region, account: isAccountId(accessKeyId) ? accessKeyId : defaultAccount };
}
