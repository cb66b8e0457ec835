/** The ending that `seal` adds to the name of a file, and `open` removes. */
export const sealedEnding = '.sealed';
