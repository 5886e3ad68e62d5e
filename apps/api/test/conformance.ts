import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import assert from 'node:assert/strict';
import type { Answer } from './harness.ts';

interface Operation {
  operationId: string;
  security?: unknown[];
  requestBody?: object;
  responses: Record<string, { $ref?: string; content?: Record<string, object> }>;
}

export interface OpenApiDocument {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; responses: Record<string, object> };
}

/** Everything that a document tells of, by method and path. */
export function operations(
  document: OpenApiDocument,
): { method: string; path: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      operation,
    })),
  );
}

const pointer = (...steps: string[]): string =>
  steps.map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');

type Conforms = (method: string, path: string, answer: Answer) => void;

// What is compiled for one document serves every test of a file that has the same.
const compiled = new Map<string, Conforms>();

/** Asserts of an answer that the document tells of its status and its shape. */
export function conformance(document: OpenApiDocument): Conforms {
  const text = JSON.stringify(document);
  const known = compiled.get(text) ?? conformsTo(document);
  compiled.set(text, known);
  return known;
}

function conformsTo(document: OpenApiDocument): Conforms {
  // An OpenAPI document is no schema, but its pointers lead to some.
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema(document, 'document');
  const known = operations(document).map(({ method, path, operation }) => ({
    method,
    path,
    operation,
    pattern: new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`),
    // A fixed path goes before one with a parameter.
    parameters: path.split('{').length,
  }));
  known.sort((a, b) => a.parameters - b.parameters);

  return (method, path, answer) => {
    const plain = new URL(path, 'http://localhost').pathname;
    const found = known.find((one) => one.method === method && one.pattern.test(plain));
    if (!found || answer.status === 304 || method === 'HEAD') return;
    const told = found.operation.responses[String(answer.status)];
    assert.ok(told, `${method} ${plain} answers ${answer.status}, of which the document is silent`);
    const at =
      told.$ref?.replace('#/', '') ??
      pointer('paths', found.path, method.toLowerCase(), 'responses', String(answer.status));
    const type = answer.headers.get('content-type')?.split(';')[0] ?? '';
    const validate = ajv.compile({ $ref: `document#/${at}/${pointer('content', type, 'schema')}` });
    assert.ok(
      validate(type.endsWith('json') ? answer.json : answer.text),
      `${method} ${plain} ${answer.status}: ${ajv.errorsText(validate.errors, { separator: '\n' })}`,
    );
  };
}
