// SPDX-License-Identifier: Apache-2.0
// The official documents: operations with parameters and answers, and the schemas of the answers.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { parse } from 'yaml';
import { readCsv } from './csv.mjs';
import { quirks } from '../quirks.mjs';

const DOMAIN = 'https://api.swaggerhub.com/domains/Plattform_i40';
const PARTS = [
    [`${DOMAIN}/Part1-MetaModel-Schemas/V3.1.2`, 'Part1-MetaModel-Schemas/openapi.yaml'],
    [`${DOMAIN}/Part2-API-Schemas/V3.1.2`, 'Part2-API-Schemas/openapi.yaml'],
];
const METHODS = ['get', 'put', 'post', 'patch', 'delete'];

// Answers to conditional and partial requests: HTTP's own (RFC 9110), in no document.
const OF_HTTP = [206, 304];

const isBase64 = (text) =>
    /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text);

// Makes references within a document ones that hold anywhere.
function absolute(value, id) {
    if (value === null || typeof value !== 'object') {
        return;
    }
    if (typeof value.$ref === 'string' && value.$ref.startsWith('#')) {
        value.$ref = id + value.$ref;
    }
    for (const below of Object.values(value)) {
        absolute(below, id);
    }
}

export class Official {
    // `folder`: where api-operations.csv and openapi/ are.
    constructor(folder) {
        const read = (name) => readFileSync(join(folder, name), 'utf8');
        const yaml = (name) => parse(read(join('openapi', name)), { maxAliasCount: -1 });
        this.documents = new Map(PARTS.map(([id, name]) => [id, yaml(name)]));
        this.collection = yaml('Entire-API-Collection/V3.1.yaml');
        for (const [id, document] of this.documents) {
            absolute(document, id);
        }
        this.unneeded = quirks
            .filter((quirk) => quirk.mend !== undefined && quirk.mend(this) === 0)
            .map((quirk) => quirk.name);
        this.excused = new Set();
        // Patterns of the documents are written in surrogate pairs, so without the flag u.
        this.ajv = new Ajv({
            strict: false,
            allErrors: true,
            unicodeRegExp: false,
            validateSchema: false,
            logger: false,
            formats: { byte: isBase64, binary: true, 'date-time': true },
        });
        for (const [id, document] of this.documents) {
            this.ajv.addSchema(document, id);
        }
        this.compiled = new Map();
        this.rows = readCsv(read('api-operations.csv'));
        this.operations = this.rows
            .filter((row) => row.profile.startsWith('Entire'))
            .map((row) => this.#operation(row));
    }

    quirks() {
        return quirks.map((one) => one.name);
    }

    // Quirks that neither corrected nor excused anything.
    idle() {
        const unused = quirks.filter(
            (one) => one.excuses !== undefined && !this.excused.has(one.name),
        );
        return [...this.unneeded, ...unused.map((one) => one.name)];
    }

    part(number) {
        return this.documents.get(PARTS[number - 1][0]);
    }

    schema(number, name) {
        return { $ref: `${PARTS[number - 1][0]}#/components/schemas/${name}` };
    }

    // What a $ref points to; anything else is itself.
    resolve(thing) {
        if (thing === undefined || thing.$ref === undefined) {
            return thing;
        }
        const [document, pointer] = thing.$ref.split('#');
        let at = this.documents.get(document);
        for (const step of pointer.split('/').slice(1)) {
            at = at[step.replaceAll('~1', '/').replaceAll('~0', '~')];
        }
        return at;
    }

    #operation(row) {
        const item = this.collection.paths[row.path];
        const method = row.method.toLowerCase();
        if (item === undefined || !METHODS.includes(method) || item[method] === undefined) {
            throw new Error(
                `${row.method} ${row.path} of api-operations.csv is not in the OpenAPI document`,
            );
        }
        const told = item[method];
        const responses = {};
        for (const [status, response] of Object.entries(told.responses)) {
            responses[status] = this.resolve(response);
        }
        return {
            id: row.operationId,
            method: row.method,
            path: row.path,
            parameters: [...(item.parameters ?? []), ...(told.parameters ?? [])].map((p) =>
                this.resolve(p),
            ),
            body: this.resolve(told.requestBody)?.content,
            responses,
            success: Object.keys(responses)
                .filter((status) => /^[23]/.test(status))
                .map(Number),
            errors: Object.keys(responses)
                .filter((status) => /^[45]/.test(status))
                .map(Number),
        };
    }

    #validator(schema) {
        const key = JSON.stringify(schema);
        if (!this.compiled.has(key)) {
            this.compiled.set(key, this.ajv.compile(schema));
        }
        return this.compiled.get(key);
    }

    // What is wrong with a JSON value, as sentences.
    wrongs(schema, value) {
        const validate = this.#validator(schema);
        if (validate(value)) {
            return [];
        }
        const told = validate.errors.map(
            (error) => `${error.instancePath || '/'} ${error.message}`,
        );
        return [...new Set(told)].slice(0, 6);
    }

    takes(schema, value) {
        return this.#validator(schema)(value);
    }

    // The document leaves open what kind of element a body is; one of the kinds is meant.
    strict(schema) {
        return schema.$ref?.endsWith('/SubmodelElement')
            ? { $ref: `${schema.$ref}_choice` }
            : schema;
    }

    // What is wrong with an answer, compared with the document's answer of that status.
    answerWrongs(operation, answer) {
        if (OF_HTTP.includes(answer.status)) {
            return [];
        }
        const status = String(answer.status);
        const told = operation.responses[status] ?? operation.responses.default;
        if (told === undefined) {
            return [`status ${status} is not documented and there is no default`];
        }
        const wrongs = [];
        const excused = (what) => {
            const quirk = quirks.find((one) => one.excuses?.(operation, answer, what));
            if (quirk !== undefined) {
                this.excused.add(quirk.name);
            }
            return quirk !== undefined;
        };
        for (const name of Object.keys(told.headers ?? {})) {
            if (answer.headers[name.toLowerCase()] === undefined && !excused(`header ${name}`)) {
                wrongs.push(`the documented header ${name} is missing`);
            }
        }
        const content = told.content;
        if (content === undefined || (answer.bytes.length === 0 && excused('no body'))) {
            if (content === undefined && answer.bytes.length > 0 && !excused('a body')) {
                wrongs.push('has a body where none is documented');
            }
            return wrongs;
        }
        const media = content[answer.type];
        if (media === undefined) {
            return excused(`type ${answer.type}`)
                ? wrongs
                : [
                      ...wrongs,
                      `content type ${answer.type}, documented: ${Object.keys(content).join(', ')}`,
                  ];
        }
        if (answer.type === 'application/json') {
            if (answer.json === undefined) {
                return [...wrongs, 'the body is no JSON'];
            }
            wrongs.push(...this.wrongs(media.schema, answer.json).map((text) => `schema: ${text}`));
        }
        return wrongs;
    }
}
