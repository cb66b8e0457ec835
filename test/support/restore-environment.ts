/** Restores the environment variables and the working directory after each test file, because test files share processes. */
import { afterAll } from 'vitest';

const environment = { ...process.env };
const directory = process.cwd();

afterAll(() => {
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
  process.chdir(directory);
});
