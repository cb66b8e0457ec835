import { Card } from '../components/card.tsx';
import { CopyButton } from '../components/copy-button.tsx';
import { session } from '../state/session.ts';

/** Shows the environment variables that every recent AWS SDK reads. */
export function ConnectCard() {
  const { accessKeyId, region } = session.value;
  const lines = [
    `export AWS_ENDPOINT_URL_KMS=${location.origin}`,
    `export AWS_REGION=${region} AWS_DEFAULT_REGION=${region}`,
    `export AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=local`,
  ].join('\n');
  return (
    <Card title="Connect a program" actions={<CopyButton text={lines} name="variables" />}>
      <p class="muted">Every recent AWS SDK and the AWS CLI read these variables.</p>
      <pre class="code">{lines}</pre>
    </Card>
  );
}
