import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { readFileSync } from 'node:fs';

const DESCRIPTION = new URL('../fixtures/twilio-messages.openapi.json', import.meta.url);
const LONGEST_BODY = 1600;

type Schema = Record<string, unknown>;

interface Description {
  paths: Record<
    string,
    {
      post: { requestBody: { content: Record<string, { schema: Schema }> } };
      get: { parameters: { in: string; name: string; schema: Schema }[] };
    }
  >;
  components: { schemas: Record<string, Schema> };
}

export interface TwilioContract {
  /** What is wrong with a request that creates a message, as Twilio would say it; null when nothing is. */
  createFault(
    contentType: string,
    fields: Record<string, string>,
  ): { code: number; message: string } | null;
  /** What is wrong with the query of a list; null when nothing is. */
  listFault(query: URLSearchParams): string | null;
  /** The message, which has to be one that Twilio could answer; throws where it is not. */
  message(body: Record<string, unknown>): Record<string, unknown>;
}

/** Twilio's own description of its Messages API as checks. */
export function twilioContract(): TwilioContract {
  const description = JSON.parse(readFileSync(DESCRIPTION, 'utf8')) as Description;
  const path = description.paths['/2010-04-01/Accounts/{AccountSid}/Messages.json'];
  if (!path) throw new Error('the description has no Messages');
  const compile = compiler(description);
  const [type, form] = Object.entries(path.post.requestBody.content)[0] ?? [];
  // The description leaves `additionalProperties` open; a field that Twilio does not know is a fault of ours.
  const request = compile({ ...form?.schema, additionalProperties: false });
  const query = new Map(
    path.get.parameters
      .filter((parameter) => parameter.in === 'query')
      .map(({ name, schema }) => [name, compile(schema)]),
  );
  const answer = compile(description.components.schemas['api.v2010.account.message'] ?? false);
  return {
    createFault(contentType, fields) {
      if (!contentType.startsWith(type ?? '?'))
        return { code: 20001, message: `not ${type ?? ''}` };
      if (!request({ ...fields })) return { code: 20001, message: faultsOf(request) };
      return addressFault(fields);
    },
    listFault(params) {
      for (const [name, value] of params) {
        const valid = query.get(name);
        if (!valid) return `${name} is no parameter of the list`;
        if (!valid(value)) return `${name}: ${faultsOf(valid)}`;
      }
      return null;
    },
    message(body) {
      if (!answer(body)) throw new Error(`Twilio does not answer so: ${faultsOf(answer)}`);
      return body;
    },
  };
}

/** What the description says in words only. */
function addressFault(fields: Record<string, string>): { code: number; message: string } | null {
  const { To = '', From = '', Body = '' } = fields;
  if (!/^\+[1-9]\d{6,14}$/.test(To))
    return { code: 21211, message: `Invalid 'To' Phone Number: ${To}` };
  if (!/^\+[1-9]\d{6,14}$|^[A-Za-z0-9 ]{1,11}$/.test(From))
    return { code: 21212, message: `Invalid From Number (caller ID): ${From}` };
  if (Body === '') return { code: 21602, message: 'Message body is required.' };
  if (Body.length > LONGEST_BODY)
    return {
      code: 21617,
      message: 'The concatenated message body exceeds the 1600 character limit',
    };
  return null;
}

function compiler(description: Description): (schema: Schema | boolean) => ValidateFunction {
  // Form fields are text: a number is one that looks like it. Twilio's own formats are not JSON Schema's.
  const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes: true });
  addFormats.default(ajv);
  for (const format of ['phone-number', 'date-time-rfc-2822', 'uri-map', 'currency'])
    ajv.addFormat(format, true);
  // The list takes days as well as instants, says its description in words.
  ajv.addFormat('date-time', /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?$/);
  ajv.addSchema({ $id: 'twilio', ...description });
  const pointed = (schema: Schema | boolean): Schema | boolean =>
    JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"twilio#/')) as
      Schema | boolean;
  return (schema) => ajv.compile(pointed(schema));
}

function faultsOf(validate: ValidateFunction): string {
  return (validate.errors ?? [])
    .map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`.trim())
    .join('; ');
}
