import {
  DeleteAliasCommand,
  DescribeKeyCommand,
  type KMSClient,
  ListAliasesCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms';
import { parseArn } from '../../shared/declaration/arn.ts';
import { CheckFailure, describeError } from './check.ts';
import type { CreatedKey } from './created-resources.ts';
import type { Run } from './run.ts';

/** The shortest waiting period that KMS accepts (https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html). */
const pendingWindowDays = 7;

/**
 * Deletes the aliases and schedules the deletion of the keys that the run created. First calls the stage. If a call to
 * the stage has no effect, calls KMS with the caller's own permissions. In that case, fails unless the stage is allowed
 * to reject the call.
 */
export async function cleanUp(run: Run): Promise<string> {
  await run.created.settle();
  const problems: string[] = [];
  for (const name of run.created.aliases) problems.push(...(await removeAlias(run, name)));
  // Replicas are created after their primary key, and KMS deletes a primary key only after its replicas.
  for (const key of run.created.keys.toReversed()) problems.push(...(await removeKey(run, key)));
  if (run.created.lostResponses > 0) {
    const [{ TagKey, TagValue } = { TagKey: '', TagValue: '' }] = run.created.tags;
    problems.push(`A request to create a key got no response. Look for a key with the tag ${TagKey}=${TagValue}.`);
  }
  if (problems.length > 0) throw new CheckFailure(problems.join(' '));
  return `${run.created.keys.length} keys are deleted in ${pendingWindowDays} days`;
}

async function removeAlias(run: Run, name: string): Promise<string[]> {
  const kms = run.stage.kms(run.stage.region);
  const problem = run.stage.functions.has('deleteAlias')
    ? await catchProblem(run.http.deleteAlias({ AliasName: name }))
    : undefined;
  // An alias that does not exist was never created, because an earlier check failed.
  if (!(await hasAlias(run, kms, name))) return [];
  const fallback = await catchProblem(kms.send(new DeleteAliasCommand({ AliasName: name })));
  if (fallback !== undefined) return [`The alias ${name} remains. Delete it. ${fallback}`];
  return problem === undefined ? [`DeleteAlias succeeded, but ${name} remained.`] : [`DeleteAlias failed: ${problem}`];
}

async function hasAlias({ created }: Run, kms: KMSClient, name: string): Promise<boolean> {
  for (const { id } of created.keys) {
    try {
      const { Aliases = [] } = await kms.send(new ListAliasesCommand({ KeyId: id }));
      if (Aliases.some(({ AliasName }) => AliasName === name)) return true;
    } catch {
      // Without permission to look up the alias, tries to delete it.
      return true;
    }
  }
  return false;
}

async function removeKey(run: Run, { id, arn }: CreatedKey): Promise<string[]> {
  const { region } = run.stage;
  const keyRegion = parseArn(arn)?.region ?? region;
  const kms = run.stage.kms(keyRegion);
  const KeyId = keyRegion === region ? id : arn;
  const input = { KeyId, PendingWindowInDays: pendingWindowDays };
  const problem = run.stage.functions.has('scheduleKeyDeletion')
    ? await catchProblem(run.http.scheduleKeyDeletion({ ...input, Force: true }, { timeoutMs: 30_000 }))
    : mayRefuse;
  if (problem === undefined && (await isPendingDeletion(kms, KeyId))) return [];
  const fallback = await catchProblem(kms.send(new ScheduleKeyDeletionCommand(input)));
  if (fallback !== undefined || !(await isPendingDeletion(kms, KeyId))) {
    return [`The key ${arn} remains. Schedule its deletion. ${fallback ?? problem ?? ''}`];
  }
  if (problem === mayRefuse) return [];
  const reported = problem === undefined ? 'succeeded, but the key remained' : `failed: ${problem}`;
  return [`ScheduleKeyDeletion ${reported}. The key is now pending deletion.`];
}

/** A stage with a longer minimum waiting period, or without the function, does not schedule the deletion. */
const mayRefuse = 'AccessDeniedException';

async function catchProblem(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    return (error as Error).name === mayRefuse ? mayRefuse : describeError(error);
  }
}

async function isPendingDeletion(kms: KMSClient, KeyId: string): Promise<boolean> {
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }));
  // A primary key waits for the deletion of its replicas.
  return ['PendingDeletion', 'PendingReplicaDeletion'].includes(KeyMetadata?.KeyState ?? '');
}
