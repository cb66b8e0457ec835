import { suggestName } from '../../shared/errors/closest-name.ts';

/** A client may send any number of access key ids. */
const maxWarnings = 20;

/**
 * Creates a function that warns once about each access key id that no principal has. The error that the client receives is
 * AWS's error, which does not say what is wrong.
 */
export function createUndeclaredWarning(principals: ReadonlyMap<string, unknown>): (accessKeyId: string) => void {
  const warned = new Set<string>();
  return (accessKeyId) => {
    if (warned.has(accessKeyId) || warned.size >= maxWarnings) return;
    warned.add(accessKeyId);
    process.emitWarning(
      `A request has the access key id ${accessKeyId}, which no principal in the seed has, so the emulator rejected it.${suggestName(accessKeyId, [...principals.keys()])} To act as an account's root user, use the account id as access key id.`,
      { code: 'KMS_EMULATOR_UNDECLARED_PRINCIPAL' },
    );
  };
}
