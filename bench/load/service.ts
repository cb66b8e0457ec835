import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { HostReport, HostTask } from './host.ts';
import type { Version } from './version.ts';

/** A running service: an HTTP API with the functions of a version, in front of KMS. */
export interface Service {
  readonly endpoint: string;
  readReport(): Promise<HostReport>;
  stop(): void;
}

/** Starts a service in a separate process. */
export async function startService(version: Version, task: Omit<HostTask, 'functions'>): Promise<Service> {
  const child = fork(join(import.meta.dirname, 'host.ts'), { env: version.environment(task.kms) });
  const endpoint = await request<string>(child, { ...task, functions: version.functions });
  return {
    endpoint,
    readReport: () => request<HostReport>(child, 'report'),
    stop: () => child.kill('SIGKILL'),
  };
}

async function request<Response>(child: ChildProcess, message: HostTask | 'report'): Promise<Response> {
  child.send(message);
  const response = await Promise.race([
    once(child, 'message').then(([received]) => received as Response),
    once(child, 'exit').then(() => undefined),
  ]);
  if (response === undefined) throw new Error('The process of the service exited before it responded.');
  return response;
}
