import { KmsError } from './kms-error.ts';

/** Throws DryRunOperationException if the request is a dry run. Call it after all checks and before any change. */
export function throwIfDryRun(isDryRun: boolean | undefined): void {
  if (isDryRun) {
    throw new KmsError('DryRunOperationException', 'The request would have succeeded, but the DryRun option is set.');
  }
}
