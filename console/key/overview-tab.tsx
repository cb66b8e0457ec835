import { DisableKeyCommand, EnableKeyCommand, GetKeyLastUsageCommand } from '@aws-sdk/client-kms';
import { Card } from '../components/card.tsx';
import { ConfirmButton } from '../components/confirm-button.tsx';
import { ErrorNote } from '../components/error-note.tsx';
import { Facts } from '../components/facts.tsx';
import { TimeText } from '../components/time-text.tsx';
import { formatUsage } from '../keys/format-usage.ts';
import { applyChange } from '../state/apply-change.ts';
import { kms, kmsReads } from '../state/kms.ts';
import { useAction } from '../state/use-action.ts';
import { useLoad } from '../state/use-load.ts';
import { splitWords } from '../text/split-words.ts';
import { DeletionCard } from './deletion-card.tsx';
import { DescriptionForm } from './description-form.tsx';
import type { KeyTabProps } from './key-page.tsx';
import { PublicKeyCard } from './public-key-card.tsx';
import { ReplicaList } from './replica-list.tsx';

export function OverviewTab({ metadata, keyId }: KeyTabProps) {
  const { KeySpec = '', MultiRegionConfiguration } = metadata;
  const isAsymmetric = !/^(SYMMETRIC|HMAC)/.test(KeySpec);
  return (
    <>
      <Card title="Details">
        <KeyFacts metadata={metadata} keyId={keyId} />
      </Card>
      <DescriptionForm keyId={keyId} description={metadata.Description ?? ''} />
      {MultiRegionConfiguration !== undefined && <ReplicaList configuration={MultiRegionConfiguration} />}
      {isAsymmetric && <PublicKeyCard keyId={keyId} />}
      <UseCard metadata={metadata} keyId={keyId} />
      <DeletionCard metadata={metadata} keyId={keyId} />
    </>
  );
}

function KeyFacts({ metadata, keyId }: Pick<KeyTabProps, 'metadata' | 'keyId'>) {
  const lastUse = useLoad(() => kmsReads().send(new GetKeyLastUsageCommand({ KeyId: keyId })), [keyId]);
  const { KeyLastUsage } = lastUse.value ?? {};
  const algorithms = [
    ...(metadata.EncryptionAlgorithms ?? []),
    ...(metadata.SigningAlgorithms ?? []),
    ...(metadata.MacAlgorithms ?? []),
    ...(metadata.KeyAgreementAlgorithms ?? []),
  ];
  return (
    <Facts
      facts={{
        'Key id': <code>{keyId}</code>,
        'Key spec': <code>{metadata.KeySpec}</code>,
        'Key usage': formatUsage(metadata.KeyUsage),
        Algorithms: algorithms.length === 0 ? undefined : <code>{algorithms.join(', ')}</code>,
        Account: <code>{metadata.AWSAccountId}</code>,
        Origin: <code>{metadata.Origin}</code>,
        Manager: metadata.KeyManager === 'AWS' ? 'AWS' : 'Customer',
        Created: <TimeText time={metadata.CreationDate} />,
        'Last use':
          KeyLastUsage?.Timestamp === undefined ? (
            'Never used'
          ) : (
            <>
              {KeyLastUsage.Operation}, <TimeText time={KeyLastUsage.Timestamp} />
            </>
          ),
        'Material expires': metadata.ValidTo && <TimeText time={metadata.ValidTo} />,
        'Current material': metadata.CurrentKeyMaterialId && <code>{metadata.CurrentKeyMaterialId}</code>,
      }}
    />
  );
}

function UseCard({ metadata, keyId }: Pick<KeyTabProps, 'metadata' | 'keyId'>) {
  const { KeyState = '' } = metadata;
  const enable = useAction(() =>
    applyChange(kms().send(new EnableKeyCommand({ KeyId: keyId })), 'The key is now enabled.'),
  );
  if (KeyState !== 'Enabled' && KeyState !== 'Disabled') return null;
  const isEnabled = KeyState === 'Enabled';
  return (
    <Card
      title={`The key is ${splitWords(KeyState).toLowerCase()}`}
      actions={
        isEnabled ? (
          <ConfirmButton
            action="Disable key"
            title="Disable this key?"
            onConfirm={() =>
              applyChange(kms().send(new DisableKeyCommand({ KeyId: keyId })), 'The key is now disabled.')
            }
          >
            <p>Requests that use the key will fail until you enable it again.</p>
          </ConfirmButton>
        ) : (
          <button type="button" class="primary" disabled={enable.isRunning} onClick={() => void enable.run()}>
            Enable key
          </button>
        )
      }
    >
      <p class="muted">
        {isEnabled
          ? 'Disable the key to see how your program handles DisabledException.'
          : 'Requests that use the key return DisabledException.'}
      </p>
      <ErrorNote error={enable.error} />
    </Card>
  );
}
