import {
  GetKeyRotationStatusCommand,
  type GetKeyRotationStatusCommandOutput,
  paginateListKeyRotations,
  type RotationsListEntry,
} from '@aws-sdk/client-kms';
import { Badge } from '../components/badge.tsx';
import { Card } from '../components/card.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { Loading } from '../components/loading.tsx';
import { TimeText } from '../components/time-text.tsx';
import { kmsReads } from '../state/kms.ts';
import { useLoad } from '../state/use-load.ts';
import { splitWords } from '../text/split-words.ts';
import type { KeyTabProps } from './key-page.tsx';
import { RotationCard } from './rotation-card.tsx';

export function RotationTab({ keyId, metadata }: KeyTabProps) {
  const rotation = useLoad(() => readRotation(keyId), [keyId]);
  if (metadata.KeySpec !== 'SYMMETRIC_DEFAULT' || metadata.Origin === 'AWS_CLOUDHSM') {
    return (
      <EmptyState title="KMS does not rotate this key">
        <p>Only symmetric encryption keys support rotation.</p>
      </EmptyState>
    );
  }
  return (
    <Loading loaded={rotation}>
      {({ status, rotations }) => (
        <>
          <RotationCard keyId={keyId} status={status} isImported={metadata.Origin === 'EXTERNAL'} />
          <MaterialsCard rotations={rotations} />
        </>
      )}
    </Loading>
  );
}

interface Rotation {
  readonly status: GetKeyRotationStatusCommandOutput;
  readonly rotations: readonly RotationsListEntry[];
}

async function readRotation(KeyId: string): Promise<Rotation> {
  const status = await kmsReads().send(new GetKeyRotationStatusCommand({ KeyId }));
  const rotations: RotationsListEntry[] = [];
  const input = { KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' } as const;
  for await (const { Rotations = [] } of paginateListKeyRotations({ client: kmsReads(), pageSize: 1000 }, input)) {
    rotations.push(...Rotations);
  }
  return { status, rotations };
}

function MaterialsCard({ rotations }: { readonly rotations: readonly RotationsListEntry[] }) {
  return (
    <Card title="Key materials">
      <p class="muted">
        Encrypt uses the current material. Decrypt uses the material that encrypted the data, so old ciphertexts stay
        valid.
      </p>
      <div class="table-frame">
        <table>
          <thead>
            <tr>
              <th scope="col">Material</th>
              <th scope="col">State</th>
              <th scope="col">Rotated</th>
            </tr>
          </thead>
          <tbody>
            {rotations.toReversed().map((rotation) => (
              <MaterialRow key={rotation.KeyMaterialId} rotation={rotation} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function MaterialRow({ rotation }: { readonly rotation: RotationsListEntry }) {
  const { KeyMaterialId = '', KeyMaterialState = '', RotationDate, RotationType } = rotation;
  const isCurrent = KeyMaterialState === 'CURRENT';
  return (
    <tr>
      <th scope="row">
        <code class="material" title={KeyMaterialId}>
          {KeyMaterialId}
        </code>
      </th>
      <td>
        <Badge tone={isCurrent ? 'good' : 'neutral'} text={formatState(KeyMaterialState)} />
      </td>
      <td>
        {RotationDate === undefined ? (
          <span class="muted">First material</span>
        ) : (
          <>
            <TimeText time={RotationDate} />
            <span class="sub">{RotationType === 'ON_DEMAND' ? 'on demand' : 'automatic'}</span>
          </>
        )}
      </td>
    </tr>
  );
}

/** Formats a state: `NON_CURRENT` becomes `Non current`. */
function formatState(state: string): string {
  const words = state.toLowerCase().replaceAll('_', ' ');
  return splitWords(words.charAt(0).toUpperCase() + words.slice(1));
}
