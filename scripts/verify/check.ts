import type { KmsFunctionsClientError } from '../../client/index.ts';
import type { Run } from './run.ts';

/** A check of one fact about a deployed stage. The title is the fact. */
export interface Check {
  /** The name by which other checks refer to this check. */
  readonly name: string;
  readonly title: string;
  /** The functions that the check calls. The check is skipped if any of these functions is not deployed. */
  readonly functions?: readonly string[];
  /** The checks that must pass first, because this check uses the resources that they create. */
  readonly after?: readonly string[];
  /** Returns the reason for skipping the check in this stage, or `undefined` if the check can run. */
  readonly skip?: (run: Run) => string | undefined;
  /** Returns the check's finding. Throws if the fact is not true. */
  readonly run: (run: Run) => Promise<string>;
}

/** Reports that a checked fact is not true. */
export class CheckFailure extends Error {}

/** Throws a CheckFailure unless the condition is met. `message` describes what was found instead. */
export function expectThat(condition: boolean, message: string): asserts condition {
  if (!condition) throw new CheckFailure(message);
}

/** Expects the service to reject a call with one of the codes. Returns the code and the status. */
export async function expectRefusal(call: Promise<unknown>, codes: readonly string[]): Promise<string> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  expectThat(outcome !== undefined, `The call succeeded. Expected ${codes.join(' or ')}.`);
  const { name } = outcome as Error;
  expectThat(codes.includes(name), `Expected ${codes.join(' or ')}, but got: ${describeError(outcome)}`);
  return describeCode(outcome);
}

/** Describes an error in one line, with its code and status. */
export function describeError(error: unknown): string {
  if (error instanceof CheckFailure) return error.message;
  if (!(error instanceof Error)) return String(error);
  return `${describeCode(error)}: ${error.message}`.replaceAll(/\s+/g, ' ');
}

function describeCode(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { status } = error as Partial<KmsFunctionsClientError>;
  return status === undefined ? error.name : `${error.name} (${status})`;
}

const localReason = 'only on AWS';

/** Returns the reason for skipping a check that stage `local` cannot run. `what` is missing in stage `local`. */
export function onlyAtAws(what: string): (run: Run) => string | undefined {
  return ({ stage }) => (stage.isLocal ? `${localReason}: stage local has no ${what}` : undefined);
}
