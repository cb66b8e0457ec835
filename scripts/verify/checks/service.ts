import { type Check, expectThat } from '../check.ts';

type Health = { readonly status?: string; readonly version?: string };

export const serviceChecks: readonly Check[] = [
  {
    name: 'health',
    title: 'Health: GET /health reports that the service reaches KMS',
    run: async ({ http }) => readHealth(await http.health({})),
  },
  {
    name: 'direct health',
    title: 'Health: a direct invocation reports the same status',
    skip: ({ stage }) => (stage.config.tenancy?.direct === 'refuse' ? 'direct invokers have no tenant' : undefined),
    run: async ({ direct }) => readHealth(await direct.health({})),
  },
];

function readHealth({ status, version }: Health): string {
  expectThat(status === 'ok', `The status is ${status}, not ok.`);
  return `version ${version}`;
}
