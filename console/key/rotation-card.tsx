import {
  DisableKeyRotationCommand,
  EnableKeyRotationCommand,
  type GetKeyRotationStatusCommandOutput,
  RotateKeyOnDemandCommand,
} from '@aws-sdk/client-kms';
import { useState } from 'preact/hooks';
import { Badge } from '../components/badge.tsx';
import { Card } from '../components/card.tsx';
import { ConfirmButton } from '../components/confirm-button.tsx';
import { ErrorNote } from '../components/error-note.tsx';
import { Facts } from '../components/facts.tsx';
import { Field } from '../components/field.tsx';
import { Form } from '../components/form.tsx';
import { TimeText } from '../components/time-text.tsx';
import { applyChange } from '../state/apply-change.ts';
import { moveTo } from '../state/clock.ts';
import { kms } from '../state/kms.ts';
import { useAction } from '../state/use-action.ts';

interface Props {
  readonly keyId: string;
  readonly status: GetKeyRotationStatusCommandOutput;
  /** True if the key's material is imported. KMS rotates such keys only on demand. */
  readonly isImported: boolean;
}

export function RotationCard({ keyId, status, isImported }: Props) {
  const { KeyRotationEnabled: isEnabled, RotationPeriodInDays, NextRotationDate, OnDemandRotationStartDate } = status;
  const rotate = useAction(() =>
    applyChange(kms().send(new RotateKeyOnDemandCommand({ KeyId: keyId })), 'The key was rotated.'),
  );
  const jump = useAction(() => {
    const time = new Date((NextRotationDate?.getTime() ?? 0) + 1000);
    return applyChange(moveTo(time), 'The clock is now just after the rotation.');
  });
  return (
    <Card
      title="Rotation"
      actions={
        <>
          {isEnabled && NextRotationDate !== undefined && (
            <button type="button" disabled={jump.isRunning} onClick={() => void jump.run()}>
              Advance the clock to the next rotation
            </button>
          )}
          <button type="button" disabled={rotate.isRunning} onClick={() => void rotate.run()}>
            Rotate now
          </button>
        </>
      }
    >
      <Facts
        facts={{
          'Automatic rotation': isEnabled ? <Badge tone="good" text="On" /> : <Badge tone="neutral" text="Off" />,
          Period: isEnabled ? `${RotationPeriodInDays} days` : undefined,
          'Next rotation': isEnabled ? (
            <>
              <TimeText time={NextRotationDate} /> <span class="muted">(</span>
              <TimeText time={NextRotationDate} isRelative />
              <span class="muted">)</span>
            </>
          ) : undefined,
          'Rotation on demand since': OnDemandRotationStartDate && <TimeText time={OnDemandRotationStartDate} />,
        }}
      />
      <ErrorNote error={rotate.error ?? jump.error} />
      {!isImported && <Schedule keyId={keyId} isEnabled={isEnabled ?? false} period={RotationPeriodInDays} />}
    </Card>
  );
}

interface ScheduleProps {
  readonly keyId: string;
  readonly isEnabled: boolean;
  readonly period: number | undefined;
}

function Schedule({ keyId, isEnabled, period = 365 }: ScheduleProps) {
  const [days, setDays] = useState(period);
  const enable = useAction(() =>
    applyChange(
      kms().send(new EnableKeyRotationCommand({ KeyId: keyId, RotationPeriodInDays: days })),
      `The key now rotates every ${days} days.`,
    ),
  );
  return (
    <>
      <Form isInline onSubmit={() => enable.run()}>
        <Field label="Rotation period in days" hint="From 90 to 2560 days.">
          <input
            type="number"
            min={90}
            max={2560}
            required
            value={days}
            onInput={({ currentTarget }) => setDays(currentTarget.valueAsNumber)}
          />
        </Field>
        <button type="submit" class={isEnabled ? undefined : 'primary'} disabled={enable.isRunning}>
          {isEnabled ? 'Change period' : 'Enable rotation'}
        </button>
        {isEnabled && (
          <ConfirmButton
            action="Disable rotation"
            title="Disable automatic rotation?"
            onConfirm={() =>
              applyChange(kms().send(new DisableKeyRotationCommand({ KeyId: keyId })), 'Automatic rotation is now off.')
            }
          >
            <p>The key keeps its current material until you rotate it again.</p>
          </ConfirmButton>
        )}
      </Form>
      <ErrorNote error={enable.error} />
    </>
  );
}
