import { useEffect, useState } from 'preact/hooks';
import type { Explanation } from '../../emulator/authorization/explain.ts';
import { ExplanationView } from '../requests/explanation-view.tsx';
import { findRecord } from '../state/request-log.ts';

interface Props {
  readonly error: unknown;
  readonly onRetry?: () => void;
}

/** Shows an error with AWS's code and message, and explains a denial. Shows nothing without an error. */
export function ErrorNote({ error, onRetry }: Props) {
  const { code, message, requestId } = describeError(error);
  const explanation = useExplanation(code, requestId);
  if (error === undefined) return null;
  return (
    <div class="error" role="alert">
      <p>
        <strong>{code}</strong>
        {message !== '' && <span>{message}</span>}
      </p>
      {onRetry !== undefined && (
        <button type="button" class="small" onClick={onRetry}>
          Try again
        </button>
      )}
      {explanation !== undefined && <ExplanationView explanation={explanation} />}
    </div>
  );
}

/** Finds the explanation of a denial in the request log. */
function useExplanation(code: string, requestId: string | undefined): Explanation | undefined {
  const [explanation, setExplanation] = useState<Explanation>();
  useEffect(() => {
    setExplanation(undefined);
    if (code !== 'AccessDeniedException' || requestId === undefined) return;
    let isCurrent = true;
    const show = async () => {
      const record = await findRecord(requestId);
      if (isCurrent) setExplanation(record?.explanation);
    };
    show().catch(() => {});
    return () => {
      isCurrent = false;
    };
  }, [code, requestId]);
  return explanation;
}

interface Described {
  readonly code: string;
  readonly message: string;
  readonly requestId?: string | undefined;
}

function describeError(error: unknown): Described {
  if (!(error instanceof Error)) return { code: 'Error', message: String(error) };
  const { requestId } = (error as { $metadata?: { requestId?: string } }).$metadata ?? {};
  if (error instanceof TypeError && /fetch|network/i.test(error.message)) {
    return { code: 'No answer', message: 'The emulator does not answer. Check that it is still running.' };
  }
  const isBare = error.message === '' || error.message === 'UnknownError' || error.message === error.name;
  return { code: error.name, message: isBare ? '' : error.message, requestId };
}
