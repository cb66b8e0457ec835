import { memberNames, type Operation } from '../shared/declaration/operation.ts';
import { UnreadableAnswerError } from './errors.ts';

/** What the pages of all lists have. */
interface Page {
  readonly NextMarker?: string | undefined;
  readonly Truncated?: boolean | undefined;
}

/** The entries of a page's list: `Keys` of ListKeys, `Grants` of ListGrants. */
export type ItemOf<Output> = {
  [Member in keyof Output]-?: NonNullable<Output[Member]> extends readonly (infer Item)[] ? Item : never;
}[keyof Output];

/** The pages of a list, asked for one by one as they are read. Can be read again, from the start. */
export interface Pages<Output> extends AsyncIterable<Output> {
  /** The entries of all pages, one by one. */
  items(): AsyncIterable<ItemOf<Output>>;
}

export function isPaged(operation: Operation): boolean {
  return memberNames(operation).includes('Marker') && 'NextMarker' in operation.output()._zod.def.shape;
}

/** Pages from the first, or from `input.Marker`. `ask` is called with each page's input. */
export function paginate<Output extends object>(input: object, ask: (input: object) => Promise<Output>): Pages<Output> {
  async function* pages(): AsyncGenerator<Output, void> {
    let marker: string | undefined;
    do {
      const page = await ask(marker === undefined ? input : { ...input, Marker: marker });
      yield page;
      const { Truncated, NextMarker } = page as Page;
      if (Truncated && NextMarker === marker)
        throw new UnreadableAnswerError('it has more pages and does not say where');
      marker = Truncated ? NextMarker : undefined;
    } while (marker !== undefined);
  }
  return {
    [Symbol.asyncIterator]: pages,
    async *items() {
      for await (const page of pages()) {
        for (const member of Object.values(page)) if (Array.isArray(member)) yield* member;
      }
    },
  };
}
