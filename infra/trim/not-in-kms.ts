/** No operation of KMS has a prefix of its host name, which is asked for with each call. */
export function getHttpOperationBindings(): readonly never[] {
  return [];
}

/** Nor numbers beyond those of JavaScript, which would need a parser of their own. */
export function needsReviver(): boolean {
  return false;
}

/** Of event streams: made with each signer, used with none. */
export class HeaderFormatter {
  format(): never {
    throw new Error('left out of this bundle: signatures of event streams');
  }
}
