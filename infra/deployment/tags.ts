import type { Deployment } from './deployment.ts';

/** Builds the tags for all resources that support tags. serverless.yml adds the same tags to the resources of osls. */
export function buildTags({ stage }: Pick<Deployment, 'stage'>): Record<string, string> {
  return { service: 'kms-functions', stage };
}

export function buildTagList(deployment: Pick<Deployment, 'stage'>): { Key: string; Value: string }[] {
  return Object.entries(buildTags(deployment)).map(([Key, Value]) => ({ Key, Value }));
}
