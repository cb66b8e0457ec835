import type { Instrumenter } from '@stryker-mutator/instrumenter';

/** The parts of a Babel path that the mutators use. */
interface Path {
  readonly type: string | null;
  readonly node: { readonly type: string; readonly value?: unknown; readonly key?: unknown };
  readonly parentPath: Path | null;
}

interface Mutator {
  readonly name: string;
  mutate(path: Path): Iterable<unknown>;
}

/** Statements that can be removed without changing which variables exist. */
const removable = new Set([
  'ExpressionStatement',
  'IfStatement',
  'ReturnStatement',
  'ThrowStatement',
  'ForOfStatement',
  'ContinueStatement',
  'BreakStatement',
]);

const statementRemoval: Mutator = {
  name: 'StatementRemoval',
  *mutate({ node }) {
    if (removable.has(node.type)) yield { type: 'EmptyStatement' };
  },
};

const numberChange: Mutator = {
  name: 'NumberChange',
  *mutate({ node, parentPath }) {
    if (node.type !== 'NumericLiteral' || typeof node.value !== 'number' || parentPath?.node.key === node) return;
    for (const value of [node.value + 1, node.value - 1]) yield toNode(value);
  },
};

function toNode(value: number): unknown {
  const literal = { type: 'NumericLiteral', value: Math.abs(value) };
  return value < 0 ? { type: 'UnaryExpression', operator: '-', prefix: true, argument: literal } : literal;
}

/** Replaces the body of each exported function, and of each method, with a throw. */
const throwing: Mutator = {
  name: 'Throw',
  *mutate({ node, parentPath }) {
    if (node.type !== 'BlockStatement' || parentPath === null || !isExported(parentPath)) return;
    const message = { type: 'StringLiteral', value: 'The code under test throws.' };
    const error = { type: 'NewExpression', callee: { type: 'Identifier', name: 'Error' }, arguments: [message] };
    yield { type: 'BlockStatement', directives: [], body: [{ type: 'ThrowStatement', argument: error }] };
  },
};

function isExported({ node, parentPath }: Path): boolean {
  if (node.type === 'ClassMethod' || node.type === 'ClassPrivateMethod') return true;
  if (node.type === 'FunctionDeclaration') return parentPath?.node.type === 'ExportNamedDeclaration';
  const declaration = parentPath?.parentPath;
  return node.type === 'ArrowFunctionExpression' && declaration?.parentPath?.node.type === 'ExportNamedDeclaration';
}

/**
 * Returns an instrumenter with Stryker's mutators and two others: `statements` removes statements, and `numbers` adds and
 * subtracts one. With `throw`, exported functions throw instead. The package has no option for mutators, so this function
 * changes the list that its transformer uses.
 */
export async function createInstrumenter(kind: 'changes' | 'throw'): Promise<Instrumenter> {
  const entry = import.meta.resolve('@stryker-mutator/instrumenter');
  const load = (file: string) => import(new URL(file, entry).href);
  const { allMutators } = (await load('mutators/mutate.js')) as { allMutators: Mutator[] };
  if (kind === 'throw') allMutators.splice(0, allMutators.length, throwing);
  else allMutators.push(statementRemoval, numberChange);
  const [{ Instrumenter: Class }, { createParser }, { print }, { transform }] = await Promise.all([
    import('@stryker-mutator/instrumenter'),
    load('parsers/index.js'),
    load('printers/index.js'),
    load('transformers/index.js'),
  ]);
  return new Class(silentLogger, createParser, print, transform);
}

const silentLogger = {
  isTraceEnabled: () => false,
  isDebugEnabled: () => false,
  isInfoEnabled: () => false,
  isWarnEnabled: () => false,
  isErrorEnabled: () => false,
  isFatalEnabled: () => false,
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  fatal: () => {},
};
