import { PageTitle } from '../components/page-title.tsx';
import { ClockCard } from './clock-card.tsx';
import { ConnectCard } from './connect-card.tsx';
import { DataCard } from './data-card.tsx';

export function EmulatorPage() {
  return (
    <>
      <PageTitle title="Emulator" />
      <ClockCard />
      <DataCard />
      <ConnectCard />
    </>
  );
}
