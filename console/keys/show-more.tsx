import { useEffect, useRef } from 'preact/hooks';

interface Props {
  readonly remaining: number;
  readonly onShow: () => void;
}

/** Shows more rows when it scrolls into view, or when it is pressed. */
export function ShowMore({ remaining, onShow }: Props) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onShow(), { rootMargin: '200px' });
    if (button.current !== null) observer.observe(button.current);
    return () => observer.disconnect();
  }, [onShow]);
  return (
    <p class="more">
      <button ref={button} type="button" onClick={onShow}>
        Show more ({remaining.toLocaleString('en')})
      </button>
    </p>
  );
}
