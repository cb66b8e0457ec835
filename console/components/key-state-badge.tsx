import { splitWords } from '../text/split-words.ts';
import { Badge, type Tone } from './badge.tsx';

const tones: Readonly<Record<string, Tone>> = {
  Enabled: 'good',
  Disabled: 'neutral',
  PendingDeletion: 'bad',
  PendingReplicaDeletion: 'bad',
};

export function KeyStateBadge({ state }: { readonly state: string }) {
  return <Badge tone={tones[state] ?? 'warning'} text={splitWords(state)} />;
}
