import { parseArn } from '../../../shared/declaration/arn.ts';
import { type Check, expectThat } from '../check.ts';
import type { CreatedKey } from '../created-resources.ts';
import type { Run } from '../run.ts';
import { checkTags, createKey } from './keys.ts';
import { buildPolicy } from './policies.ts';

export const replicaChecks: readonly Check[] = [
  {
    name: 'replica',
    title: 'Replicas: ReplicateKey creates a tagged replica in the other Region, with a policy',
    functions: ['createKey', 'replicateKey'],
    after: ['usable'],
    skip: (run) => (findOtherRegion(run) === undefined ? 'the stage has one Region' : undefined),
    run: async (run) => {
      const ReplicaRegion = findOtherRegion(run) ?? '';
      const { id } = await createKey(run, 'primary', { MultiRegion: true });
      const { ReplicaKeyMetadata } = await run.http.replicateKey({
        KeyId: id,
        ReplicaRegion,
        Policy: buildPolicy(run),
        Tags: run.created.tags,
      });
      const replica = run.created.keys.find(({ arn }) => arn === ReplicaKeyMetadata?.Arn);
      expectThat(replica !== undefined, 'ReplicateKey returned no key.');
      expectThat(parseArn(replica.arn)?.region === ReplicaRegion, `The replica is ${replica.arn}.`);
      return describeReplica(run, replica);
    },
  },
];

function findOtherRegion({ stage }: Run): string | undefined {
  return stage.config.regions.find((region) => region !== stage.region);
}

async function describeReplica(run: Run, replica: CreatedKey): Promise<string> {
  await checkTags(run, replica);
  return replica.arn;
}
