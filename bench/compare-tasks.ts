import type { Row } from './benchmark.ts';
import { median, pairRatios, round } from './statistics.ts';

export type Task = () => unknown;

/** Runs two tasks in turns. The tasks take turns in running first, because the second finds a warmer processor. */
export async function compareTasks(what: string, ours: Task, theirs: Task, pairs: number, perBlock = 1): Promise<Row> {
  const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
  const cpuTimes: typeof times = { ours: [], theirs: [] };
  const run = async (name: keyof typeof times, task: Task, isWarmUp: boolean) => {
    const [start, cpuStart] = [performance.now(), process.threadCpuUsage()];
    for (let index = 0; index < perBlock; index += 1) await task();
    const { user, system } = process.threadCpuUsage(cpuStart);
    if (isWarmUp) return;
    times[name].push((performance.now() - start) / perBlock);
    cpuTimes[name].push(user + system);
  };
  const warmUp = Math.ceil(pairs / 5);
  for (let index = -warmUp; index < pairs; index += 1) {
    const order = [['ours', ours] as const, ['theirs', theirs] as const];
    for (const [name, task] of index % 2 === 0 ? order : order.reverse()) await run(name, task, index < 0);
  }
  return {
    what,
    ms: round(median(times.ours), 3),
    otherMs: round(median(times.theirs), 3),
    ratio: round(median(pairRatios(times.ours, times.theirs)), 2),
    cpuRatio: round(median(pairRatios(cpuTimes.ours, cpuTimes.theirs)), 2),
  };
}
