import { KmsError } from './kms-error.ts';

/** The caller's access key id and account, and the Region that the request is for. */
export interface Caller {
  readonly accessKeyId: string;
  readonly region: string;
  readonly account: string;
}

export const defaultAccount = '000000000000';

const credentialPattern =
  /^AWS4-HMAC-SHA256\s+(?:.*,\s*)?Credential=([^/,\s]+)\/\d{8}\/([a-z0-9-]{1,32})\/kms\/aws4_request(?:,|\s|$)/;

/**
 * Reads the caller from a Signature Version 4 `Authorization` header
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html). Does not verify the
 * signature. If the access key id consists of 12 digits, it is also the caller's account id. Throws KmsError if the
 * header does not contain a KMS credential scope.
 */
export function parseCaller(authorization: string | undefined): Caller {
  if (authorization === undefined || authorization === '') {
    throw new KmsError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  }
  const [, accessKeyId, region] = credentialPattern.exec(authorization) ?? [];
  if (accessKeyId === undefined || region === undefined) {
    throw new KmsError(
      'IncompleteSignatureException',
      "Authorization header requires 'Credential' parameter with a credential scope of kms. Authorization header requires 'SignedHeaders' parameter.",
    );
  }
  return { accessKeyId, region, account: /^\d{12}$/.test(accessKeyId) ? accessKeyId : defaultAccount };
}
