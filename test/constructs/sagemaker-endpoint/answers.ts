import { answerSchema } from '../../../constructs/answer-schema';

const faults = (schema: unknown, answer: unknown): readonly string[] =>
  answerSchema(schema, 'schema.json')(JSON.stringify(answer));

/** The schema of an answer: what fits, what does not, and what is refused because nobody would check it. */
export function describeAnswers(): void {
  describe('schemas of answers', () => {
    const name = { type: 'object', required: ['name'] };

    test.each<[string, unknown, unknown, unknown]>([
      ['a required name that no property describes', name, {}, { name: 1 }],
      ['without a type', { required: ['name'] }, {}, { name: null }],
      ['beside other properties', { ...name, properties: { other: {} } }, { other: 1 }, { name: 1 }],
      ['of the items of a list', { items: name }, [{ name: 1 }, {}], [{ name: 1 }]],
      ['of a property', { properties: { inner: name } }, { inner: {} }, { inner: { name: 1 } }],
      ['of additional properties', { additionalProperties: name }, { any: {} }, { any: { name: 1 } }],
      ['of a prefix', { prefixItems: [true, name] }, [1, {}], [1]],
      ['of allOf', { allOf: [true, name] }, {}, { name: 1 }],
      ['of anyOf', { anyOf: [{ type: 'null' }, name] }, {}, null],
      ['of a reference', { $defs: { name }, items: { $ref: '#/$defs/name' } }, [{}], [{ name: 1 }]],
      [
        'of a reference to itself',
        { ...name, properties: { name: { anyOf: [{ type: 'null' }, { $ref: '#' }] } } },
        { name: {} },
        { name: { name: null } },
      ],
    ])('B06 required is checked: %s', (_where, schema, wrong, right) => {
      expect(faults(schema, wrong).join()).toContain("must have required property 'name'");
      expect(faults(schema, right)).toEqual([]);
    });

    test.each<[object, unknown, unknown, string]>([
      [{ type: 'integer' }, 1.5, 2, 'the answer: must be integer'],
      [{ type: ['string', 'null'] }, [], null, 'the answer: must be string,null'],
      [{ exclusiveMinimum: 0 }, 0, 0.1, 'the answer: must be > 0'],
      [{ minItems: 1 }, [], [1], 'the answer: must NOT have fewer than 1 items'],
      [{ uniqueItems: true }, [{ a: 1 }, { a: 1 }], [1, 2], 'the answer: must NOT have duplicate items'],
      [
        { properties: { a: true }, additionalProperties: false },
        { b: 1 },
        { a: 1 },
        'the answer: must NOT have additional properties (b)',
      ],
      [{ prefixItems: [{}], items: { type: 'string' } }, [1, 2], [1, 'a'], '1: must be string'],
      [
        { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'string' }] },
        [1],
        ['a'],
        '0: must be string',
      ],
      [{ items: { items: { type: 'number' } } }, [[1, 'x']], [[1]], '0.1: must be number'],
    ])('B06 %j refuses %j and takes %j', (schema, wrong, right, expected) => {
      expect(faults(schema, wrong).join()).toContain(expected);
      expect(faults(schema, right)).toEqual([]);
    });

    test.each<[unknown, string]>([
      [{ type: 'cat' }, '/type'],
      [{ properties: { a: { format: 'email' } } }, 'email'],
      [{ items: [{ type: 'string' }] }, '/items'],
      [{ minimum: '3' }, '/minimum'],
      [{ pattern: '(' }, 'regular expression'],
      [{ required: 'name' }, '/required'],
      [{ $ref: 'https://example.com/schema.json' }, 'https://example.com/schema.json'],
      [{ $ref: '#/$defs/none' }, '#/$defs/none'],
      [{ requird: ['name'] }, 'requird'],
      [{ $schema: 'http://json-schema.org/draft-04/schema#' }, 'draft-04'],
      ['a string', 'object or boolean'],
    ])('B06 the schema %j is refused, because a part of it would not be checked', (schema, said) => {
      expect(() => answerSchema(schema, 'schema.json')).toThrow('InvalidSpec: schema.json: got');
      expect(() => answerSchema(schema, 'schema.json')).toThrow(said);
    });
  });
}
