import { GetPublicKeyCommand } from '@aws-sdk/client-kms';
import { Card } from '../components/card.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { Loading } from '../components/loading.tsx';
import { kmsReads } from '../state/kms.ts';
import { useLoad } from '../state/use-load.ts';
import { encodeBytes } from '../trials/bytes.ts';

export function PublicKeyCard({ keyId }: { readonly keyId: string }) {
  const key = useLoad(() => readPublicKey(keyId), [keyId]);
  return (
    <Card
      title="Public key"
      actions={key.value === undefined ? undefined : <CopyButton text={key.value} name="public key" />}
    >
      <Loading loaded={key}>{(pem) => <pre class="code">{pem}</pre>}</Loading>
    </Card>
  );
}

/** Returns the public key in PEM. */
async function readPublicKey(KeyId: string): Promise<string> {
  const { PublicKey = new Uint8Array() } = await kmsReads().send(new GetPublicKeyCommand({ KeyId }));
  const lines = encodeBytes(PublicKey, 'base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----'].join('\n');
}
