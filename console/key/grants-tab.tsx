import { type GrantListEntry, paginateListGrants, RevokeGrantCommand } from '@aws-sdk/client-kms';
import { useState } from 'preact/hooks';
import { Card } from '../components/card.tsx';
import { ConfirmButton } from '../components/confirm-button.tsx';
import { EmptyState } from '../components/empty-state.tsx';
import { Facts } from '../components/facts.tsx';
import { Loading } from '../components/loading.tsx';
import { TimeText } from '../components/time-text.tsx';
import { applyChange } from '../state/apply-change.ts';
import { kms, kmsReads } from '../state/kms.ts';
import { useLoad } from '../state/use-load.ts';
import { CreateGrantDialog } from './create-grant-dialog.tsx';
import type { KeyTabProps } from './key-page.tsx';

export function GrantsTab({ keyId, metadata }: KeyTabProps) {
  const grants = useLoad(() => listGrants(keyId), [keyId]);
  const [isCreating, setCreating] = useState(false);
  return (
    <Card
      title="Grants"
      actions={
        <button type="button" class="primary" onClick={() => setCreating(true)}>
          Create grant
        </button>
      }
    >
      <Loading loaded={grants}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState title="No grants">
              <p>A grant allows a principal to use this key without a change to its policy.</p>
            </EmptyState>
          ) : (
            <ul class="entries">
              {list.map((grant) => (
                <GrantEntry key={grant.GrantId} keyId={keyId} grant={grant} />
              ))}
            </ul>
          )
        }
      </Loading>
      {isCreating && <CreateGrantDialog keyId={keyId} metadata={metadata} onClose={() => setCreating(false)} />}
    </Card>
  );
}

async function listGrants(KeyId: string): Promise<readonly GrantListEntry[]> {
  const grants: GrantListEntry[] = [];
  for await (const page of paginateListGrants({ client: kmsReads(), pageSize: 100 }, { KeyId })) {
    grants.push(...(page.Grants ?? []));
  }
  return grants;
}

function GrantEntry({ keyId, grant }: { readonly keyId: string; readonly grant: GrantListEntry }) {
  const { GrantId = '', Name, GranteePrincipal, RetiringPrincipal, Operations = [], Constraints, CreationDate } = grant;
  return (
    <li>
      <div class="entry-head">
        <strong>{Name || 'Grant without a name'}</strong>
        <ConfirmButton
          isSmall
          action="Revoke"
          target={Name || GrantId}
          title="Revoke this grant?"
          onConfirm={() =>
            applyChange(kms().send(new RevokeGrantCommand({ KeyId: keyId, GrantId })), 'The grant was revoked.')
          }
        >
          <p>
            <code>{GranteePrincipal}</code> loses the permissions that only this grant allows.
          </p>
        </ConfirmButton>
      </div>
      <Facts
        facts={{
          Grantee: <code>{GranteePrincipal}</code>,
          Operations: Operations.join(', '),
          Constraints: Constraints && <code>{JSON.stringify(Constraints)}</code>,
          'Retiring principal': RetiringPrincipal && <code>{RetiringPrincipal}</code>,
          Created: <TimeText time={CreationDate} />,
          'Grant id': <code>{GrantId}</code>,
        }}
      />
    </li>
  );
}
