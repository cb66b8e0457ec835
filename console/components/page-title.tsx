import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

/** True after the first page. The browser already places the focus on the first page. */
let hasNavigated = false;

/** The heading of a page. After a navigation it takes the focus, so that screen readers read the new page. */
export function PageTitle({ title }: { readonly title: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · KMS emulator`;
  }, [title]);
  // An effect runs after the first frame, and would take the focus from a field that was selected in that frame.
  useLayoutEffect(() => {
    if (hasNavigated) heading.current?.focus();
    hasNavigated = true;
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {title}
    </h1>
  );
}
