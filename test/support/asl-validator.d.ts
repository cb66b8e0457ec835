/** The part of asl-validator that this project uses. The package contains no types. */
declare module 'asl-validator' {
  function validate(definition: object): { readonly isValid: boolean; readonly errorsText: () => string };
  export = validate;
}
