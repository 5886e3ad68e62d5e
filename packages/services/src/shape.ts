import type { core, ZodType } from 'zod';

/* What a schema has at a place in it, so that a fault can say what would be right there. */

export type Path = readonly PropertyKey[];
type Schema = core.$ZodType;
type Shape = Readonly<Record<string, Schema>>;

/** The keys that may stand at a path; none where no object is. */
export function keysAt(schema: ZodType, path: Path): string[] {
  return Object.keys(shapeAt(schema, path));
}

/** The keys that must stand there. */
export function requiredAt(schema: ZodType, path: Path): string[] {
  return Object.entries(shapeAt(schema, path)).flatMap(([key, one]) =>
    one._zod.optin === 'optional' ? [] : [key],
  );
}

function shapeAt(schema: Schema, path: Path): Shape {
  let found: Schema | undefined = schema;
  for (const step of path) found = found && below(found, step);
  return found ? shapeOf(found) : {};
}

function below(schema: Schema, step: PropertyKey): Schema | undefined {
  const inner = unwrapped(schema);
  const { def } = inner._zod as core.$ZodTypes['_zod'];
  switch (def.type) {
    case 'array':
      return def.element;
    case 'record':
      return def.valueType;
    default:
      return shapeOf(inner)[String(step)];
  }
}

function shapeOf(schema: Schema): Shape {
  const { def } = unwrapped(schema)._zod as core.$ZodTypes['_zod'];
  if (def.type === 'object') return def.shape;
  // Of several forms all keys may be meant; the first is the one that faults are told of.
  if (def.type === 'union')
    return Object.assign({}, ...def.options.map(shapeOf).reverse()) as Shape;
  return {};
}

/** The schema within what only says how it may be left out or what becomes of it. */
function unwrapped(schema: Schema): Schema {
  const { def } = schema._zod as core.$ZodTypes['_zod'];
  switch (def.type) {
    case 'optional':
    case 'nullable':
    case 'default':
    case 'prefault':
    case 'nonoptional':
    case 'readonly':
    case 'catch':
      return unwrapped(def.innerType);
    case 'pipe':
      return unwrapped(def.in);
    case 'lazy':
      return unwrapped(def.getter());
    default:
      return schema;
  }
}
