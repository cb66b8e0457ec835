import { Fragment } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ApiOperation, OpenApiDocument } from './open-api-document.ts';
import { searchOperations } from './search-operations.ts';

interface Properties {
  readonly openApi: OpenApiDocument;
  readonly operations: readonly ApiOperation[];
  readonly selected: ApiOperation | undefined;
}

/** Lists the operations by group, with a search field. Search results are in one list, the best matches first. */
export function OperationList({ openApi, operations, selected }: Properties) {
  const [query, setQuery] = useState('');
  const field = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLDivElement>(null);
  const found = searchOperations(operations, query);
  const isSearching = query.trim() !== '';

  // An effect runs after the first frame, in which a key may already be pressed.
  useLayoutEffect(() => {
    const focus = (event: KeyboardEvent) => {
      const isTyping = event.target instanceof Element && event.target.closest('input, textarea') !== null;
      if (event.key !== '/' || isTyping) return;
      event.preventDefault();
      field.current?.focus();
    };
    addEventListener('keydown', focus);
    return () => removeEventListener('keydown', focus);
  }, []);
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [selected?.id]);

  /** Moves the focus through the search field and the links. */
  function move(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined || list.current === null) return;
    event.preventDefault();
    const stops = [field.current, ...list.current.querySelectorAll<HTMLElement>('a')];
    const next = stops[stops.indexOf(document.activeElement as HTMLElement) + step];
    next?.focus();
  }

  return (
    <aside class="operations" onKeyDown={move}>
      <search>
        <input
          ref={field}
          type="search"
          aria-label="Search operations"
          placeholder="Search operations"
          autocomplete="off"
          spellcheck={false}
          value={query}
          onInput={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && found[0] !== undefined) location.hash = found[0].id;
          }}
        />
      </search>
      <div ref={list} class="operation-groups">
        {isSearching ? (
          <section aria-label="Search results">
            <p class="count" role="status">
              {found.length === 0 ? 'No operation matches.' : `${found.length} of ${operations.length} operations`}
            </p>
            <Links operations={found} selected={selected} />
          </section>
        ) : (
          openApi.tags.map(({ name }) => (
            <section key={name}>
              <h2>{name}</h2>
              <Links operations={operations.filter(({ group }) => group === name)} selected={selected} />
            </section>
          ))
        )}
      </div>
    </aside>
  );
}

function Links({ operations, selected }: Pick<Properties, 'operations' | 'selected'>) {
  return (
    <ul>
      {operations.map(({ id, name, variant, method, path }) => (
        <li key={id}>
          <a href={`#${id}`} title={`${method} ${path}`} aria-current={id === selected?.id ? 'page' : undefined}>
            <span class="name">
              <BreakableName name={name} />
              {variant === '' ? null : <small> {variant}</small>}
            </span>
            <span class={`method ${method.toLowerCase()}`}>{method}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

/** Lets a long name continue on the next line between two of its words. */
function BreakableName({ name }: { readonly name: string }) {
  return (
    <>
      {name.split(/(?=[A-Z][a-z])/).map((word) => (
        <Fragment key={word}>
          <wbr />
          {word}
        </Fragment>
      ))}
    </>
  );
}
