import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { revision } from './revision.ts';
import { secretAccessKey, session } from './session.ts';

export interface Loaded<Value> {
  /** The last value. It stays while a newer value loads. */
  readonly value: Value | undefined;
  readonly error: unknown;
  readonly reload: () => void;
}

/**
 * Loads a value, and loads it again after each change in the emulator. If `inputs`, the caller or the Region changes, the
 * old value disappears.
 */
export function useLoad<Value>(load: () => Promise<Value>, inputs: readonly unknown[]): Loaded<Value> {
  const { accessKeyId, region } = session.value;
  const scope = JSON.stringify([accessKeyId, region, secretAccessKey.value, ...inputs]);
  const [state, setState] = useState<{ scope: string; value?: Value; error?: unknown }>({ scope });
  const newest = useRef(0);
  const latestLoad = useRef(load);
  latestLoad.current = load;
  const reload = useCallback(() => {
    newest.current += 1;
    const turn = newest.current;
    latestLoad.current().then(
      (value) => turn === newest.current && setState({ scope, value }),
      (error: unknown) => turn === newest.current && setState({ scope, error }),
    );
  }, [scope]);
  const current = revision.value;
  useEffect(reload, [reload, current]);
  const isCurrent = state.scope === scope;
  return { value: isCurrent ? state.value : undefined, error: isCurrent ? state.error : undefined, reload };
}
