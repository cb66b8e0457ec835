/** The items of a variable that holds a list, separated by commas. */
export function environmentList(value: string | undefined): string[] {
  return (value ?? '').split(',').filter((item) => item !== '');
}
