/** Replaces the formatter of event stream headers, which the signer creates but only uses for event streams. */
export class HeaderFormatter {
  format(): never {
    throw new Error('event streams are not in this bundle');
  }
}
