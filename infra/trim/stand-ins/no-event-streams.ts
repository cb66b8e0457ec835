/** Replaces the event stream header formatter. The signer creates it but uses it only for event streams. */
export class HeaderFormatter {
  format(): never {
    throw new Error('event streams are not in this bundle');
  }
}
