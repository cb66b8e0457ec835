/** Reports an option that the emulator cannot use. */
export class OptionError extends Error {
  override name = 'OptionError';
}
