import type { Deployment } from './deployment.ts';

/** Tags for every resource that accepts tags. serverless.yml sets the same tags on the resources that osls creates. */
export function buildTags({ stage }: Pick<Deployment, 'stage'>): Record<string, string> {
  return { service: 'kms-functions', stage };
}

export function buildTagList(deployment: Pick<Deployment, 'stage'>): { Key: string; Value: string }[] {
  return Object.entries(buildTags(deployment)).map(([Key, Value]) => ({ Key, Value }));
}
