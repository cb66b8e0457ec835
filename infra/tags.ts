import type { Deployment } from './deployment.ts';

/** On everything that takes tags; serverless.yml gives functions and gateway the same. */
export function tagMap({ stage }: Pick<Deployment, 'stage'>): Record<string, string> {
  return { service: 'kms-functions', stage };
}

export function tagsOf(deployment: Pick<Deployment, 'stage'>): { Key: string; Value: string }[] {
  return Object.entries(tagMap(deployment)).map(([Key, Value]) => ({ Key, Value }));
}
