import type { KeyMetadata } from '@aws-sdk/client-kms';
import type { Call } from '../../../shared/call/call.ts';
import { isPendingDeletion } from '../../../shared/declaration/key-states.ts';
import type { OperationInput } from '../../../shared/declaration/operation.ts';
import { type InputError, KmsFunctionsError } from '../../../shared/errors/kms-functions-error.ts';
import { awaitAll } from '../../../shared/handler/await-all.ts';
import type { scheduleKeyDeletion } from '../schedule-key-deletion/operation.ts';
import { type FirstItems, readAliases, readGrants } from './dependents.ts';
import { findRefusal, formatDays, type KeyUse } from './judge-use.ts';
import { readLastUse } from './last-use.ts';
import { authorizeKey, type KeyInRegion, listRelatedKeys, readMetadata } from './related-keys.ts';

/** The part of the call's time that the check may take. The rest is for the request itself. */
const timeShare = 0.5;
const maxAliasNames = 5;

/** A deletion that the service checks first. */
interface GuardedDeletion {
  /** Returns `true` for a key whose material cannot be used any more, or for which KMS rejects the request. */
  readonly needsNoCheck: (metadata: KeyMetadata) => boolean;
  /** Returns the keys whose use counts, the key of the request first. */
  readonly listKeys: (metadata: KeyMetadata, call: Call) => KeyInRegion[];
}

export const keyDeletion: GuardedDeletion = {
  needsNoCheck: ({ KeyState }) => isPendingDeletion(KeyState),
  listKeys: listRelatedKeys,
};

/**
 * The deletion of imported material. Related multi-Region keys keep theirs
 * (https://docs.aws.amazon.com/kms/latest/APIReference/API_DeleteImportedKeyMaterial.html).
 */
export const materialDeletion: GuardedDeletion = {
  needsNoCheck: ({ Origin, KeyState }) => Origin !== 'EXTERNAL' || KeyState === 'PendingImport',
  listKeys: (metadata, call) => listRelatedKeys(metadata, call).slice(0, 1),
};

/**
 * Throws a `KeyInUseError` if one of the keys was used recently, or if its use is unknown. A check that fails also prevents
 * the deletion. Runs after the caller is authorized, and before the request is sent.
 */
export async function guardDeletion(call: Call, { needsNoCheck, listKeys }: GuardedDeletion): Promise<void> {
  const { deletionGuardDays: days } = call.config;
  const { KeyId, Force } = call.input as OperationInput<typeof scheduleKeyDeletion>;
  if (days === 0 || Force === true) return;
  const check: Call = { ...call, deadline: call.deadline.createShorter(call.deadline.leftMs * timeShare) };
  const metadata = await describe(check, KeyId);
  if (needsNoCheck(metadata)) return;
  // The call itself is authorized for its own key, which is the first.
  const keys = listKeys(metadata, call);
  const uses = await awaitAll(keys.map((key, index) => readUse(check, key, index === 0)));
  const nowMs = Date.now();
  const refusals = uses.flatMap((use) => findRefusal(use, days, nowMs) ?? []);
  if (refusals.length === 0) return;
  const dependents = await awaitAll(uses.map((use) => describeDependents(check, use)));
  throw createKeyInUseError([...refusals, ...dependents.flat()], days);
}

async function describe(check: Call, KeyId: string): Promise<KeyMetadata> {
  try {
    return await readMetadata(check, KeyId);
  } catch (error) {
    // KMS rejects the deletion of such a key for the same reason.
    if (error instanceof KmsFunctionsError && error.entry.status < 500 && error.code !== 'ThrottlingException')
      throw error;
    throw createCheckError(error, '');
  }
}

async function readUse(check: Call, key: KeyInRegion, isAuthorized: boolean): Promise<KeyUse> {
  if (!key.isReachable) return key;
  try {
    if (!isAuthorized) await authorizeKey(check, key.arn);
    return { ...key, lastUse: await readLastUse(check, key.arn) };
  } catch (error) {
    if (error instanceof KmsFunctionsError && error.code === 'CallerNotAllowedError')
      return { ...key, error: error.code };
    throw createCheckError(error, ` in ${key.region}`);
  }
}

function createCheckError(cause: unknown, place: string): unknown {
  if (!(cause instanceof KmsFunctionsError)) return cause;
  return new KmsFunctionsError(
    'ServiceUnavailableException',
    `The service could not check when the key was last used${place}, because KMS returned ${cause.code}. The key is unchanged. To omit the check, set Force to true.`,
    { cause },
  );
}

/** Describes what refers to a key. Aliases and grants alone do not prevent a deletion, because an unused key may have them. */
async function describeDependents(check: Call, use: KeyUse): Promise<string[]> {
  if (use.lastUse === undefined) return [];
  return awaitAll([
    describeItems('alias', use, readAliases(check, use.arn), (names) => {
      const shown = names.slice(0, maxAliasNames).join(', ');
      return names.length > maxAliasNames ? `: ${shown}, …` : `: ${shown}`;
    }),
    describeItems('grant', use, readGrants(check, use.arn)),
  ]).then((texts) => texts.filter((text) => text !== ''));
}

async function describeItems<Item>(
  noun: 'alias' | 'grant',
  { region }: KeyUse,
  list: Promise<FirstItems<Item>>,
  show: (items: readonly Item[]) => string = () => '',
): Promise<string> {
  const plural = noun === 'alias' ? 'aliases' : 'grants';
  try {
    const { items, isTruncated } = await list;
    if (items.length === 0) return '';
    const count = `${isTruncated ? 'at least ' : ''}${items.length} ${items.length === 1 ? noun : plural}`;
    return `has ${count} in ${region}${show(items)}`;
  } catch (error) {
    if (!(error instanceof KmsFunctionsError)) throw error;
    return `may have ${plural} in ${region}, which the service could not list`;
  }
}

function createKeyInUseError(reasons: readonly string[], days: number): KmsFunctionsError {
  const errors: InputError[] = reasons.map((detail) => ({ pointer: '/KeyId', detail }));
  const advice = `Disable the key, wait for ${formatDays(days)}, and repeat the request if nothing fails. To omit the check, set Force to true.`;
  return new KmsFunctionsError('KeyInUseError', `The key ${reasons.join('; it ')}. ${advice}`, { errors });
}
