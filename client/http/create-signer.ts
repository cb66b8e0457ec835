import type { Signer } from './authorize.ts';

/** AWS credentials, in the form that `fromNodeProviderChain()` from `@aws-sdk/credential-providers` provides. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly expiration?: Date | undefined;
}

/**
 * Creates the AWS signer for API Gateway. Imports the signer module dynamically, so that clients with a token never
 * load it.
 */
export async function createSigner(
  region: string,
  credentials: Credentials | (() => Promise<Credentials>),
): Promise<Signer> {
  const [{ SignatureV4 }, { WebSha256 }] = await Promise.all([
    import('@smithy/signature-v4'),
    import('./web-sha256.ts'),
  ]);
  const provider = async () => {
    const { accessKeyId, secretAccessKey, sessionToken, expiration } =
      typeof credentials === 'function' ? await credentials() : credentials;
    return {
      accessKeyId,
      secretAccessKey,
      ...(sessionToken === undefined ? {} : { sessionToken }),
      ...(expiration === undefined ? {} : { expiration }),
    };
  };
  return new SignatureV4({ service: 'execute-api', region, credentials: provider, sha256: WebSha256 });
}
