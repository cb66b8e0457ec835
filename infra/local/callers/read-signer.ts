/** The identity that API Gateway adds to an event as `requestContext.authorizer.iam`. */
export interface SignerIdentity {
  readonly accessKey: string;
  readonly accountId: string;
  readonly callerId: string;
  readonly cognitoIdentity: null;
  readonly principalOrgId: null;
  readonly userArn: string;
  readonly userId: string;
}

/** Returns the signer of a request with this `Authorization` header, or `undefined` if the emulator rejects the signer. */
export type ReadSigner = (authorization: string | undefined) => Promise<SignerIdentity | undefined>;

/** Requests for the API are signed for this service, with one credential. */
const credentialPattern =
  /^AWS4-HMAC-SHA256\s+(?!.*Credential=.*Credential=)(?:.*,\s*)?Credential=([^/,\s]+)\/(\d{8})\/([a-z0-9-]{1,32})\/execute-api\/aws4_request(?:,|\s|$)/;

/** A caller may send any number of access key ids. */
const maxSigners = 1_000;

/**
 * Creates a function that reads the signer of a request as the IAM authorizer of an HTTP API does
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control-iam.html), except that it does not
 * verify the signature. The Region in the credential must be the Region of the API
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/signature-v4-troubleshooting.html). The emulator maps access key ids to
 * principals.
 */
export function createSignerReader(emulator: string, apiRegion: string): ReadSigner {
  const signers = new Map<string, SignerIdentity>();
  return async (authorization) => {
    const [, accessKey = '', day, region] = credentialPattern.exec(authorization ?? '') ?? [];
    if (region !== apiRegion) return undefined;
    const known = signers.get(accessKey);
    if (known !== undefined) return known;
    const signer = await getCallerIdentity(emulator, accessKey, `${day}/${region}`);
    if (signers.size >= maxSigners) signers.clear();
    if (signer !== undefined) signers.set(accessKey, signer);
    return signer;
  };
}

/** Calls STS in the emulator with the caller's access key id. */
async function getCallerIdentity(
  emulator: string,
  accessKey: string,
  scope: string,
): Promise<SignerIdentity | undefined> {
  const response = await fetch(emulator, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      authorization: `AWS4-HMAC-SHA256 Credential=${accessKey}/${scope}/sts/aws4_request, SignedHeaders=host, Signature=00`,
    },
    body: 'Action=GetCallerIdentity&Version=2011-06-15',
  });
  const xml = await response.text();
  if (!response.ok) return undefined;
  const read = (name: string) => unescapeXml(new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? '');
  const userId = read('UserId');
  return {
    accessKey,
    accountId: read('Account'),
    callerId: userId,
    cognitoIdentity: null,
    principalOrgId: null,
    userArn: read('Arn'),
    userId,
  };
}

function unescapeXml(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}
