import { memberNames, type Operation } from '../shared/declaration/operation.ts';
import { UnreadableResponseError } from './errors.ts';

/** The paging members of a response. */
interface Page {
  readonly NextMarker?: string | undefined;
  readonly Truncated?: boolean | undefined;
}

/** An entry in a page's list, such as an entry in `Keys` for ListKeys or in `Grants` for ListGrants. */
export type PageItem<Output> = {
  [Member in keyof Output]-?: NonNullable<Output[Member]> extends readonly (infer Item)[] ? Item : never;
}[keyof Output];

/** The pages of a list. The client requests each page only when it is read. Every iteration starts with the first page. */
export interface Pages<Output> extends AsyncIterable<Output> {
  /** Iterates over the entries of all pages. */
  items(): AsyncIterable<PageItem<Output>>;
}

/** Returns `true` if the operation returns its results in pages. */
export function isPaged(operation: Operation): boolean {
  return memberNames(operation).includes('Marker') && 'NextMarker' in operation.output()._zod.def.shape;
}

/** Iterates over the pages, starting at `input.Marker` or at the first page. Calls `requestPage` with each page's input. */
export function paginate<Output extends object>(
  input: object,
  requestPage: (input: object) => Promise<Output>,
): Pages<Output> {
  async function* iteratePages(): AsyncGenerator<Output, void> {
    let marker: string | undefined;
    do {
      const page = await requestPage(marker === undefined ? input : { ...input, Marker: marker });
      yield page;
      const { Truncated, NextMarker } = page as Page;
      if (Truncated && NextMarker === marker) {
        throw new UnreadableResponseError('the list has more pages, but NextMarker is missing or unchanged');
      }
      marker = Truncated ? NextMarker : undefined;
    } while (marker !== undefined);
  }
  return {
    [Symbol.asyncIterator]: iteratePages,
    async *items() {
      for await (const page of iteratePages()) {
        for (const member of Object.values(page)) if (Array.isArray(member)) yield* member;
      }
    },
  };
}
