import type { KMSClient } from '@aws-sdk/client-kms';
import { afterAll, beforeAll } from 'vitest';
import { type Emulator, startEmulator } from '../../emulator/index.ts';
import { parseSeed } from '../../emulator/seed/read-seed.ts';
import { awsOperations } from '../../functions/all-operations.ts';
import { clientFor } from './emulator.ts';
import { type Location, type Packaged, resolveReferences } from './template.ts';

/** An emulator in which the roles of a packaged template are principals, in one or more accounts. */
export interface TemplateRoles {
  emulator: Emulator;
  /** Returns a client with the role of this operation's function, or another declared name. */
  as(name: string, account: string, region?: string): KMSClient;
  /** Returns a client with the root user of an account. */
  asRoot(account: string, region?: string): KMSClient;
}

export const formatRoleArn = (name: string, account: string) => `arn:aws:iam::${account}:role/${name}`;

/** Access key ids consist of letters and digits. */
const accessKeyId = (name: string, account: string) => `ROLE${account}${name}`;

/** Starts an emulator for the tests of a file. `others` are principals without permissions of their own. */
export function useTemplateRoles(
  packaged: Packaged,
  places: readonly Location[],
  others: readonly string[] = [],
): TemplateRoles {
  const clients: KMSClient[] = [];
  const connect = (accessKey: string, region: string) => {
    const client = clientFor(used.emulator.endpoint, { account: accessKey, region });
    clients.push(client);
    return client;
  };
  const used = {
    as: (name, account, region = 'us-east-1') => connect(accessKeyId(name, account), region),
    asRoot: (account, region = 'us-east-1') => connect(account, region),
  } as TemplateRoles;
  beforeAll(async () => {
    const Principals = places.flatMap((place) => [
      ...awsOperations.map(({ name }) => buildPrincipal(name, place, readPolicies(packaged, name, place))),
      ...others.map((name) => buildPrincipal(name, place, [])),
    ]);
    used.emulator = await startEmulator({ seed: parseSeed({ Version: 1, Keys: [], Principals }) });
  });
  afterAll(async () => {
    for (const client of clients) client.destroy();
    await used.emulator.close();
  });
  return used;
}

function buildPrincipal(name: string, { account }: Location, Policies: readonly object[]): object {
  return { AccessKeyId: accessKeyId(name, account), Arn: formatRoleArn(name, account), Policies };
}

function readPolicies({ resources }: Packaged, name: string, place: Location): object[] {
  const policies: readonly { PolicyDocument: object }[] = resources.get(`${name}Role`)?.Properties.Policies;
  return resolveReferences(policies, place).map(({ PolicyDocument }) => PolicyDocument);
}
