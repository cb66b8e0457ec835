import { isObject } from '../../shared/declaration/json-object.ts';
import { type OperatorUse, parseOperator } from './condition-operators.ts';
import { PolicyError } from './policy-error.ts';
import { parseTemplate, type Template } from './wildcard-pattern.ts';

export interface Condition extends OperatorUse {
  readonly key: string;
  readonly values: readonly Template[];
}

/** Reads a `Condition` element. All its conditions must be met. */
export function readConditions(json: unknown, hasVariables: boolean): Condition[] {
  if (json === undefined) return [];
  if (!isObject(json)) throw new PolicyError('Policy contains an invalid Condition');
  return Object.entries(json).flatMap(([name, keys]) => {
    const use = parseOperator(name);
    if (use === undefined) throw new PolicyError(`Policy contains the unknown condition operator ${name}`);
    if (!isObject(keys)) throw new PolicyError(`Policy contains an invalid Condition at ${name}`);
    return Object.entries(keys).map(([key, values]) => ({
      ...use,
      key,
      values: readValues(use, key, values, hasVariables),
    }));
  });
}

function readValues({ operator }: OperatorUse, key: string, json: unknown, hasVariables: boolean): Template[] {
  const values = [json].flat();
  if (values.length === 0 || !values.every((value) => ['string', 'number', 'boolean'].includes(typeof value))) {
    throw new PolicyError(`Policy contains a condition on ${key} without valid values`);
  }
  const texts = values.map(String);
  const accepts = operator === 'Null' ? (text: string) => /^(true|false)$/i.test(text) : operator.accepts;
  if (accepts !== undefined && !texts.every((text) => text.includes('${') || accepts(text))) {
    throw new PolicyError(`Policy contains a condition on ${key} with a value that its operator does not accept`);
  }
  return texts.map((text) => parseTemplate(text, hasVariables));
}
