// SPDX-License-Identifier: Apache-2.0
// Bad input of every kind for every parameter and body of an operation, made from the official
// document: missing, empty, of a wrong type, too long, wrongly encoded, twice, unknown. Each case is
// the request that succeeds with one thing spoiled.
import { base64url } from '../lib/http.mjs';
import { code, ids } from '../fixtures.mjs';
import { valueOf } from './define.mjs';

const long = (length) => 'x'.repeat(length);

const short = (value) => {
    const text = Array.isArray(value) ? value.join(' and ') : value;
    return text.length > 40 ? `${text.slice(0, 20)}… (${text.length})` : text;
};

// ---------------------------------------------------------------- in the path

const badIdentifiers = [
    ['no base64url', 'a*b'],
    ['with padding', 'aHR0cHM6Ly9hLmI='],
    ['in the other base64', 'Pz8+Pz8+'],
    ['with an encoded slash', 'Pz8%2FPz8x'],
    ['a length that base64 never has', 'aaaaa'],
    ['no UTF-8', Buffer.from([0xff, 0xfe, 0xfd]).toString('base64url')],
    ['with a control character', base64url('a\u0000b')],
    ['too long', base64url(`https://example.com/${long(2048)}`)],
    ['wrongly percent-encoded', '%zz'],
    ['percent-encoded bytes that are no UTF-8', '%ff'],
];

const badPaths = [
    'Hydraulics..Pressure',
    'Tonnage.',
    '.Tonnage',
    'Shifts[',
    'Shifts[01]',
    'Shifts[-1]',
    'Shifts[x]',
    'Shifts[0]x',
    '[0',
    'Ton%zzage',
    'Ton%ffnage',
    'Ton%00nage',
];
const unknownPaths = [
    'Nothing',
    'Hydraulics.Nothing',
    'Shifts[7]',
    'Tonnage.Below',
    'Hydraulics[0]',
    'Stages.Step',
    'tonnage',
];

function* inPath(operation, definition) {
    for (const { name, in: place } of operation.parameters) {
        if (place !== 'path') {
            continue;
        }
        const creates = definition.creates === name;
        // At the end of an address, nothing at all means the list above.
        if (!(operation.path.endsWith(`{${name}}`) && ['GET', 'POST'].includes(operation.method))) {
            yield { name: `${name} empty`, params: { [name]: '' }, status: [400, 404, 405] };
        }
        if (name === 'idShortPath') {
            for (const path of badPaths) {
                yield {
                    name: `path ${path}`,
                    params: { [name]: path },
                    status: definition.badHandle ?? 400,
                };
            }
            for (const path of [long(5000), 'Ton%20nage', 'Shifts[99999999999999999999]']) {
                yield { name: `path ${short(path)}`, params: { [name]: path }, status: [400, 404] };
            }
            for (const path of creates ? ['Nothing.Below', 'Stages[7].Below'] : unknownPaths) {
                yield { name: `no element ${path}`, params: { [name]: path }, status: 404 };
            }
            continue;
        }
        for (const [what, value] of badIdentifiers) {
            yield {
                name: `${name} ${what}`,
                params: { [name]: value },
                status: definition.badHandle ?? 400,
            };
        }
        if (!creates) {
            yield { name: `${name} unknown`, params: { [name]: code.unknown }, status: 404 };
        }
    }
}

// ---------------------------------------------------------------- in the query

const tooMany = Array(70).fill('1');

const badValues = {
    limit: [
        ['0', 400],
        ['-1', 400],
        ['1.5', 400],
        ['ten', 400],
        ['1e3', 400],
        ['0x10', 400],
        [['1', '2'], 400],
    ],
    cursor: [
        ['no-cursor', 400],
        ['%%%', 400],
        [long(4000), 400],
        [['a', 'b'], 400],
    ],
    level: [
        ['shallow', 400],
        ['DEEP', 400],
        [long(4000), 400],
        [['deep', 'core'], 400],
    ],
    extent: [
        ['all', 400],
        ['WithBlobValue', 400],
        [long(4000), 400],
        [['withBlobValue', 'withBlobValue'], 400],
    ],
    semanticId: [
        ['a*b', 400],
        ['YWI=', 400],
        [base64url('{'), 400],
        [base64url('{}'), 400],
        [long(3073), 400],
        [base64url('{"type":"ExternalReference","keys":[]}'), 400],
        [[code.concept, code.concept], 400],
    ],
    isCaseOf: [
        ['a*b', 400],
        [base64url('{'), 400],
        [base64url('{"keys":17}'), 400],
        [long(20000), [400, 414]],
    ],
    dataSpecificationRef: [
        ['a*b', 400],
        [base64url('{'), 400],
        [base64url('{}'), 400],
    ],
    assetIds: [
        ['a*b', 400],
        [base64url('{'), 400],
        [base64url('{"name":"x"}'), 400],
        [base64url('17'), 400],
        [base64url('[17]'), 400],
        [long(20000), [400, 414]],
    ],
    idShort: [[['Press17', 'Press18'], 400]],
    assetKind: [
        ['Thing', 400],
        [['Instance', 'Type'], 400],
    ],
    assetType: [
        ['a*b', 400],
        [['YQ', 'YQ'], 400],
    ],
    aasId: [
        ['a*b', 400],
        ['YWI=', 400],
        [[code.shell, code.shell], 400],
    ],
    aasIds: [
        ['a*b', 400],
        ['YWI=', 400],
    ],
    submodelIds: [
        ['a*b', 400],
        ['YWI=', 400],
    ],
    includeConceptDescriptions: [
        ['maybe', 400],
        ['TRUE', 400],
        [['true', 'true'], 400],
    ],
};

function* inQuery(operation) {
    for (const { name, in: place } of operation.parameters) {
        if (place !== 'query') {
            continue;
        }
        if (badValues[name] === undefined) {
            throw new Error(
                `no bad values are written for the parameter ${name} of ${operation.id}`,
            );
        }
        for (const [value, status] of badValues[name]) {
            yield { name: `${name} ${short(value)}`, query: { [name]: value }, status };
        }
    }
    yield { name: 'query wrongly percent-encoded', rawQuery: 'nonsense=%zz', status: 400 };
    yield { name: 'query that is no UTF-8', rawQuery: 'nonsense=%ff', status: 400 };
    yield { name: 'too many parameters', query: { nonsense: tooMany }, status: 400 };
}

// What real clients send for an absent value, and a parameter nobody knows.
export function* harmless(operation) {
    const known = operation.parameters
        .filter(({ in: place }) => place === 'query')
        .map(({ name }) => name);
    for (const name of known) {
        yield { name: `${name} empty`, query: { [name]: '' } };
    }
    if (known.includes('limit')) {
        yield { name: 'limit very large', query: { limit: '99999999999999999999' } };
    }
    for (const name of ['limit', 'cursor']) {
        if (known.includes(name)) {
            yield { name: `${name}=undefined`, query: { [name]: 'undefined' } };
        }
    }
    yield { name: 'unknown parameter', query: { nonsense: '1' } };
}

// ---------------------------------------------------------------- in the header

const takesIfMatch = (operation) =>
    operation.method !== 'GET' &&
    !/^\/(query|bulk|lookup)\//.test(operation.path) &&
    !/\/invoke/.test(operation.path) &&
    !(operation.method === 'POST' && /^\/[a-z-]+$/.test(operation.path));

function* inHeader(operation, definition) {
    const types = Object.keys(operation.responses['200']?.content ?? {});
    if (operation.method === 'GET' && types.length === 1 && types[0] === 'application/json') {
        yield { name: 'Accept image/png', headers: { Accept: 'image/png' }, status: 406 };
        yield {
            name: 'Accept JSON at no price',
            headers: { Accept: 'application/json;q=0' },
            status: 406,
        };
    }
    if (takesIfMatch(operation) && !definition.free) {
        const stale = { 'If-Match': '"00000000000000000000000000000000"' };
        yield { name: 'If-Match of another state', headers: stale, status: 412 };
        yield {
            name: 'If-Match without quotes',
            headers: { 'If-Match': 'nonsense' },
            status: [400, 412],
        };
    }
}

// ---------------------------------------------------------------- in the body

function* badJson(operation, definition, good) {
    const text = JSON.stringify(good);
    const bytes = Buffer.from(text);
    const json = { 'Content-Type': 'application/json' };
    if (!definition.emptyBody) {
        yield { name: 'no body', body: undefined, headers: json, status: 400 };
        yield { name: 'empty body', body: '', status: 400 };
        yield { name: 'white space for a body', body: ' \n', status: 400 };
    }
    yield { name: 'half a body', body: bytes.subarray(0, bytes.length - 1), status: 400 };
    yield { name: 'something behind the body', body: `${text} x`, status: 400 };
    yield { name: 'a body in single quotes', body: "{'id': 1}", status: 400 };
    yield { name: 'nested without end', body: '['.repeat(5000), status: 400 };
    yield { name: 'XML in the name of JSON', body: '<submodel/>', status: 400 };
    yield {
        name: 'no UTF-8',
        body: Buffer.concat([bytes, Buffer.from([0x20, 0xff])]),
        status: 400,
    };
    yield { name: 'UTF-16', body: Buffer.from(text, 'utf16le'), status: 400 };
    const media = (type) => ({ headers: { 'Content-Type': type }, body: text, status: 415 });
    yield { name: 'text/plain', ...media('text/plain') };
    yield { name: 'a charset other than UTF-8', ...media('application/json; charset=utf-16') };
    yield { name: 'no media type', ...media('nonsense') };
    yield { name: 'too large', body: undefined, promised: 2 ** 40, headers: json, status: 413 };
    for (const wrong of definition.wrongBodies ?? ['null', '17', '"text"', '[]', 'true']) {
        yield { name: `the body ${wrong}`, body: wrong, status: 400 };
    }
    if (!Array.isArray(good) && good !== null && typeof good === 'object') {
        if (!definition.emptyObject) {
            yield { name: 'the body {}', body: '{}', status: 400 };
        }
        const [[name, value]] = Object.entries(good);
        const twice = `{${JSON.stringify(name)}:${JSON.stringify(value)},${text.slice(1)}`;
        yield { name: 'a member twice', body: twice, status: 400 };
        yield {
            name: 'an unknown member',
            body: { ...good, Nonsense: 1 },
            status: definition.anyMember ? [400, 404] : 400,
        };
        if ('modelType' in good) {
            yield {
                name: 'an unknown modelType',
                body: { ...good, modelType: 'Nonsense' },
                status: 400,
            };
            yield {
                name: 'modelType of a wrong type',
                body: { ...good, modelType: 17 },
                status: 400,
            };
        }
        if ('id' in good) {
            yield { name: 'id of a wrong type', body: { ...good, id: 17 }, status: 400 };
            yield { name: 'id empty', body: { ...good, id: '' }, status: 400 };
            yield { name: 'id too long', body: { ...good, id: long(2049) }, status: 400 };
            const { id, ...rest } = good;
            if (!definition.idOptional) {
                yield { name: 'id missing', body: rest, status: 400 };
            }
            if (operation.method === 'PUT') {
                yield {
                    name: 'id of something else',
                    body: { ...good, id: ids.unknown },
                    status: 400,
                };
            }
        }
        if ('idShort' in good) {
            yield {
                name: 'idShort of a wrong type',
                body: { ...good, idShort: ['x'] },
                status: 400,
            };
            yield {
                name: 'idShort with a space',
                body: { ...good, idShort: 'two words' },
                status: 400,
            };
            yield { name: 'idShort too long', body: { ...good, idShort: long(129) }, status: 400 };
        }
    }
}

function* badForm() {
    const boundary = 'jig-web-boundary';
    const type = { 'Content-Type': `multipart/form-data; boundary=${boundary}` };
    const part = (name) =>
        `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="a.bin"\r\n\r\nx\r\n`;
    const raw = (name, body, status = 400, headers = type) => ({
        name,
        body,
        headers,
        status,
        form: undefined,
    });
    yield raw('no body', undefined);
    yield raw('empty body', '');
    yield raw('no part', `--${boundary}--\r\n`);
    yield raw(
        'no part named file',
        `--${boundary}\r\nContent-Disposition: form-data; name="fileName"\r\n\r\na\r\n--${boundary}--\r\n`,
    );
    yield raw('a part without an end', part('file'));
    yield raw('the file twice', `${part('file')}${part('file')}--${boundary}--\r\n`);
    yield raw('another boundary', part('file').replaceAll(boundary, 'other'));
    yield raw('no boundary told', `${part('file')}--${boundary}--\r\n`, [400, 415], {
        'Content-Type': 'multipart/form-data',
    });
    yield raw('JSON in place of a form', '{}', 415, { 'Content-Type': 'application/json' });
    yield {
        name: 'too large',
        body: undefined,
        form: undefined,
        promised: 2 ** 40,
        headers: type,
        status: 413,
    };
}

// Every generated case of bad input; `good` is the request that succeeds.
export function* badInput(operation, definition, good) {
    yield* inPath(operation, definition);
    yield* inQuery(operation);
    yield* inHeader(operation, definition);
    if (operation.body?.['application/json'] !== undefined) {
        yield* badJson(operation, definition, valueOf(good.body));
    } else if (operation.body?.['multipart/form-data'] !== undefined) {
        yield* badForm();
    }
}
