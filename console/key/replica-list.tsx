import type { MultiRegionConfiguration } from '@aws-sdk/client-kms';
import { Card } from '../components/card.tsx';
import { linkTo } from '../state/route.ts';

/** Lists the related multi-Region keys. A link also switches the console's Region. */
export function ReplicaList({ configuration }: { readonly configuration: MultiRegionConfiguration }) {
  const { PrimaryKey, ReplicaKeys = [] } = configuration;
  const related = [PrimaryKey, ...ReplicaKeys].flatMap((key) => key ?? []);
  return (
    <Card title="Related multi-Region keys">
      <ul class="plain">
        {related.map(({ Arn = '', Region = '' }) => (
          <li key={Arn}>
            <a href={`${linkTo('keys', Arn.split('/')[1] ?? '')}?region=${Region}`}>{Region}</a>
            <span class="muted"> {Arn === PrimaryKey?.Arn ? 'primary' : 'replica'}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
