import { chosenOperations } from './choose.ts';
import { type FunctionEntry, functionEntry } from './function-entry.ts';
import { type LocalFunctionEntry, localFunctions } from './local/functions.ts';
import { logGroup, logGroupName } from './log-group.ts';
import { roleName, roleOf } from './role.ts';

/** What osls hands to a function that a variable names. */
interface Variables {
  readonly resolveVariable: (address: string) => Promise<string>;
}

const localStage = 'local';

/** `local` has all operations; a deployed stage those of `--param operations=…`. */
async function operationsOf({ resolveVariable }: Variables) {
  const stage = await resolveVariable('sls:stage');
  const isLocal = stage === localStage;
  const choice = isLocal ? 'all' : await resolveVariable('param:operations, "default"');
  return { stage, isLocal, operations: chosenOperations(choice) };
}

/** A deployed stage has functions of operations only. */
export async function functions(variables: Variables): Promise<Record<string, FunctionEntry | LocalFunctionEntry>> {
  const { isLocal, operations } = await operationsOf(variables);
  const entries = Object.fromEntries(operations.map((operation) => functionEntry(operation, isLocal)));
  return isLocal ? { ...entries, ...localFunctions } : entries;
}

/** The roles and the log group that the functions name. */
export async function resources(variables: Variables): Promise<{ Resources: Record<string, unknown> }> {
  const { stage, operations } = await operationsOf(variables);
  const roles = operations.map((operation) => [roleName(operation), roleOf(operation, stage)]);
  return { Resources: { [logGroupName]: logGroup(stage), ...Object.fromEntries(roles) } };
}

/** What every function finds in its environment. */
export async function environment({ resolveVariable }: Variables): Promise<Record<string, unknown>> {
  const stage = await resolveVariable('sls:stage');
  const isLocal = stage === localStage;
  return {
    KMS_FUNCTIONS_STAGE: stage,
    ALLOWED_ACCOUNT_IDS: isLocal ? '000000000000' : { Ref: 'AWS::AccountId' },
    ...(isLocal ? { POWERTOOLS_METRICS_DISABLED: 'true' } : {}),
  };
}
