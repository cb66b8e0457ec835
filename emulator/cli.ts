import { createProgram } from './command/program.ts';

// Without `await`, because the single-file executable contains a CommonJS bundle.
void createProgram().parseAsync();
