import type { Deployment } from './deployment.ts';

/** Builds the tags for resources that support tags. serverless.yml sets the same tags on resources that osls creates. */
export function buildTags({ stage }: Pick<Deployment, 'stage'>): Record<string, string> {
  return { service: 'kms-functions', stage };
}

export function buildTagList(deployment: Pick<Deployment, 'stage'>): { Key: string; Value: string }[] {
  return Object.entries(buildTags(deployment)).map(([Key, Value]) => ({ Key, Value }));
}
