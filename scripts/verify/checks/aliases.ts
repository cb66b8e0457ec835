import { type Check, expectThat } from '../check.ts';
import { getKey } from '../run.ts';

export const aliasChecks: readonly Check[] = [
  {
    name: 'alias',
    title: 'Aliases: a new alias resolves to its key',
    functions: ['createAlias', 'describeKey'],
    after: ['usable'],
    run: async (run) => {
      const { id } = getKey(run, 'create');
      const AliasName = run.created.aliasName(run.tenant === undefined ? '' : `${run.tenant}/`);
      await run.http.createAlias({ AliasName, TargetKeyId: id });
      const { KeyMetadata } = await run.http.describeKey({ KeyId: AliasName });
      expectThat(KeyMetadata?.KeyId === id, `The alias points to ${KeyMetadata?.KeyId}, not to ${id}.`);
      return AliasName;
    },
  },
];
