import { useState } from 'preact/hooks';

export interface Action<Inputs extends readonly unknown[]> {
  /** Runs the action. Returns whether it succeeded. */
  readonly run: (...inputs: Inputs) => Promise<boolean>;
  readonly isRunning: boolean;
  readonly error: unknown;
  readonly clearError: () => void;
}

/** Tracks the state of an action, so that its form can disable its button and show an error. */
export function useAction<Inputs extends readonly unknown[]>(
  perform: (...inputs: Inputs) => Promise<unknown>,
): Action<Inputs> {
  const [isRunning, setRunning] = useState(false);
  const [error, setError] = useState<unknown>();
  const run = async (...inputs: Inputs) => {
    setRunning(true);
    setError(undefined);
    try {
      await perform(...inputs);
      return true;
    } catch (caught) {
      setError(caught);
      return false;
    } finally {
      setRunning(false);
    }
  };
  return { run, isRunning, error, clearError: () => setError(undefined) };
}
