export type Tone = 'good' | 'bad' | 'warning' | 'neutral' | 'accent';

/** A short status. Its text always says what its color shows. */
export function Badge({ tone, text }: { readonly tone: Tone; readonly text: string }) {
  return <span class={`badge ${tone}`}>{text}</span>;
}
