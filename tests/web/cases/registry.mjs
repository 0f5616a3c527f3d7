// SPDX-License-Identifier: Apache-2.0
// Descriptors, discovery and bulk work. A descriptor of the stored shell and submodels is there
// without anybody's doing.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { base64url } from '../lib/http.mjs';
import {
    code,
    endpoint,
    ids,
    registered,
    shell,
    shellDescriptor,
    submodelDescriptor,
} from '../fixtures.mjs';
import { define } from './define.mjs';
import { afterwards, all, located, same } from './checks.mjs';

const idsOf = (answer) => answer.json.result.map((one) => one.id).sort();
const holds =
    (...expected) =>
    (answer) =>
        assert.deepEqual(idsOf(answer), [...expected].sort());
const pageByPage =
    (...expected) =>
    async (answer, t) => {
        const got = idsOf(answer);
        let { cursor } = answer.json.paging_metadata;
        for (let left = expected.length + 1; cursor !== undefined && left > 0; left--) {
            const next = await t.call('GET', `${t.path}&cursor=${encodeURIComponent(cursor)}`);
            assert.equal(next.status, 200, String(next));
            got.push(...idsOf(next));
            ({ cursor } = next.json.paging_metadata);
        }
        assert.deepEqual(got.sort(), [...expected].sort());
    };

export async function post(t, path, body) {
    const answer = await t.call('POST', path, { body });
    assert.equal(answer.status, 201, `set-up: POST ${path}: ${answer}`);
}

const shellCode = base64url(registered.shell);
const submodelCode = base64url(registered.submodel);
const nestedCode = base64url(registered.nested);
const aShell = shellDescriptor(registered.shell);
const aSubmodel = submodelDescriptor(registered.submodel);
const registerShell = (t) => post(t, '/shell-descriptors', aShell);
const registerSubmodel = (t) => post(t, '/submodel-descriptors', aSubmodel);
const badDescriptors = [
    { name: 'without an endpoint', body: { ...aSubmodel, endpoints: [] }, status: 400 },
    {
        name: 'an endpoint without address',
        body: { ...aSubmodel, endpoints: [{ interface: 'SUBMODEL-3.0', protocolInformation: {} }] },
        status: 400,
    },
    { name: 'a semanticId that is none', body: { ...aSubmodel, semanticId: 'x' }, status: 400 },
];

// The descriptor of something stored here: absolute addresses that a browser reaches.
const derived = (id, type, path) => (answer, t) => {
    assert.equal(answer.json.id, id);
    const found = answer.json.endpoints.find((one) => one.interface === type);
    assert.ok(found, `an endpoint ${type}`);
    assert.equal(found.protocolInformation.href, `${t.base}${path}`);
};

// ---------------------------------------------------------------- shells

define('GET /shell-descriptors', {
    before: registerShell,
    status: 200,
    check: holds(ids.shell, registered.shell),
    also: [
        {
            name: 'page by page',
            query: { limit: '1' },
            check: pageByPage(ids.shell, registered.shell),
        },
        {
            name: 'by kind',
            query: { assetKind: 'Instance' },
            check: holds(ids.shell, registered.shell),
        },
        { name: 'by a kind nobody has', query: { assetKind: 'Role' }, check: holds() },
        {
            name: 'by type',
            query: { assetType: base64url(aShell.assetType) },
            check: holds(registered.shell),
        },
        {
            name: 'by kind and type',
            check: holds(ids.shell),
            query: {
                assetKind: 'Instance',
                assetType: base64url(shell.assetInformation.assetType),
            },
        },
    ],
});
define('POST /shell-descriptors', {
    good: { body: aShell },
    status: 201,
    check: all(
        same(aShell),
        located(`/shell-descriptors/${shellCode}`),
        afterwards(`/shell-descriptors/${shellCode}`, aShell),
    ),
    also: [
        {
            name: 'in place of the derived one',
            body: { ...aShell, id: ids.shell },
            status: 201,
            check: async (answer, t) => {
                const now = await t.call('GET', `/shell-descriptors/${code.shell}`);
                assert.equal(
                    now.json.endpoints[0].protocolInformation.href,
                    aShell.endpoints[0].protocolInformation.href,
                );
            },
        },
    ],
    errors: [
        { name: 'an id that is registered', before: registerShell, status: 409 },
        { name: 'an unknown assetKind', body: { ...aShell, assetKind: 'Thing' }, status: 400 },
        {
            name: 'an endpoint without address',
            body: { ...aShell, endpoints: [{ interface: 'AAS-3.0', protocolInformation: {} }] },
            status: 400,
        },
    ],
});
const S = '/shell-descriptors/{aasIdentifier}';
define(`GET ${S}`, {
    before: registerShell,
    params: { aasIdentifier: shellCode },
    status: 200,
    check: same(aShell),
    also: [
        {
            name: 'derived',
            params: { aasIdentifier: code.shell },
            check: derived(ids.shell, 'AAS-3.0', `/shells/${code.shell}`),
        },
    ],
});
const otherShell = { ...aShell, idShort: 'Moved' };
define(`PUT ${S}`, {
    before: registerShell,
    params: { aasIdentifier: shellCode },
    creates: 'aasIdentifier',
    good: { body: otherShell },
    status: 204,
    check: afterwards(`/shell-descriptors/${shellCode}`, otherShell),
    also: [
        {
            name: 'created',
            params: { aasIdentifier: code.fresh },
            body: { ...aShell, id: ids.fresh },
            status: 201,
            check: all(
                same({ ...aShell, id: ids.fresh }),
                located(`/shell-descriptors/${code.fresh}`),
            ),
        },
    ],
});
define(`DELETE ${S}`, {
    before: registerShell,
    params: { aasIdentifier: shellCode },
    status: 204,
    check: afterwards(`/shell-descriptors/${shellCode}`, 404),
});

// ---------------------------------------------------------------- submodels of a shell

const N = `${S}/submodel-descriptors`;
const nested = (id) => submodelDescriptor(id, 'Nested');
define(`GET ${N}`, {
    before: registerShell,
    params: { aasIdentifier: shellCode },
    status: 200,
    check: holds(registered.nested),
    also: [
        { name: 'derived', params: { aasIdentifier: code.shell }, check: holds(ids.submodel) },
        { name: 'page by page', query: { limit: '1' }, check: pageByPage(registered.nested) },
    ],
});
define(`POST ${N}`, {
    before: registerShell,
    params: { aasIdentifier: shellCode },
    good: { body: nested(ids.fresh) },
    status: 201,
    check: all(
        same(nested(ids.fresh)),
        located(`/shell-descriptors/${shellCode}/submodel-descriptors/${code.fresh}`),
        afterwards(
            `/shell-descriptors/${shellCode}/submodel-descriptors/${code.fresh}`,
            nested(ids.fresh),
        ),
    ),
    errors: [
        { name: 'an id that is registered', body: nested(registered.nested), status: 409 },
        ...badDescriptors,
    ],
});
define(`GET ${N}/{submodelIdentifier}`, {
    before: registerShell,
    params: { aasIdentifier: shellCode, submodelIdentifier: nestedCode },
    status: 200,
    check: same(aShell.submodelDescriptors[0]),
    also: [
        {
            name: 'derived',
            params: { aasIdentifier: code.shell, submodelIdentifier: code.submodel },
            check: (answer) => assert.equal(answer.json.id, ids.submodel),
        },
    ],
});
const moved = nested(registered.nested);
define(`PUT ${N}/{submodelIdentifier}`, {
    before: registerShell,
    params: { aasIdentifier: shellCode, submodelIdentifier: nestedCode },
    creates: 'submodelIdentifier',
    good: { body: moved },
    status: 204,
    check: afterwards(`/shell-descriptors/${shellCode}/submodel-descriptors/${nestedCode}`, moved),
    also: [
        {
            name: 'created',
            params: { submodelIdentifier: code.fresh },
            body: nested(ids.fresh),
            status: 201,
            check: all(
                same(nested(ids.fresh)),
                located(`/shell-descriptors/${shellCode}/submodel-descriptors/${code.fresh}`),
            ),
        },
    ],
    errors: badDescriptors.map((one) => ({ ...one, body: { ...one.body, id: registered.nested } })),
});
define(`DELETE ${N}/{submodelIdentifier}`, {
    before: registerShell,
    params: { aasIdentifier: shellCode, submodelIdentifier: nestedCode },
    status: 204,
    check: afterwards(`/shell-descriptors/${shellCode}/submodel-descriptors/${nestedCode}`, 404),
});

// ---------------------------------------------------------------- submodels

define('GET /submodel-descriptors', {
    before: registerSubmodel,
    status: 200,
    check: holds(ids.submodel, ids.lonely, registered.submodel),
    also: [
        {
            name: 'page by page',
            query: { limit: '1' },
            check: pageByPage(ids.submodel, ids.lonely, registered.submodel),
        },
    ],
    missing: { 404: 'a list is never missing' },
});
define('POST /submodel-descriptors', {
    good: { body: aSubmodel },
    status: 201,
    check: all(
        same(aSubmodel),
        located(`/submodel-descriptors/${submodelCode}`),
        afterwards(`/submodel-descriptors/${submodelCode}`, aSubmodel),
    ),
    errors: [
        { name: 'an id that is registered', before: registerSubmodel, status: 409 },
        ...badDescriptors,
    ],
});
const M = '/submodel-descriptors/{submodelIdentifier}';
define(`GET ${M}`, {
    before: registerSubmodel,
    params: { submodelIdentifier: submodelCode },
    status: 200,
    check: same(aSubmodel),
    also: [
        {
            name: 'derived',
            params: { submodelIdentifier: code.submodel },
            check: derived(ids.submodel, 'SUBMODEL-3.0', `/submodels/${code.submodel}`),
        },
    ],
});
const otherSubmodel = {
    ...aSubmodel,
    endpoints: [endpoint('SUBMODEL-3.0', 'https://plant.example.com/submodels/2')],
};
define(`PUT ${M}`, {
    before: registerSubmodel,
    params: { submodelIdentifier: submodelCode },
    creates: 'submodelIdentifier',
    good: { body: otherSubmodel },
    status: 204,
    check: afterwards(`/submodel-descriptors/${submodelCode}`, otherSubmodel),
    also: [
        {
            name: 'created',
            params: { submodelIdentifier: code.fresh },
            body: { ...aSubmodel, id: ids.fresh },
            status: 201,
            check: all(
                same({ ...aSubmodel, id: ids.fresh }),
                located(`/submodel-descriptors/${code.fresh}`),
            ),
        },
    ],
    errors: badDescriptors,
});
define(`DELETE ${M}`, {
    before: registerSubmodel,
    params: { submodelIdentifier: submodelCode },
    status: 204,
    check: afterwards(`/submodel-descriptors/${submodelCode}`, 404),
});

// ---------------------------------------------------------------- many at once

// Follows the status of asynchronous work to its result.
// `asked`: the path of the request that was answered with 202.
export async function outcome(t, answer, asked = t.path) {
    let at = new URL(answer.headers.location, t.base + asked).pathname;
    for (let left = 1000; left > 0; left--) {
        const status = await t.call('GET', at);
        if (status.status === 302) {
            at = new URL(status.headers.location, t.base + at).pathname;
            return t.call('GET', at);
        }
        assert.equal(status.status, 200, `GET ${at}: ${status}`);
        await pause(20);
    }
    return assert.fail('the work has no end');
}
const ends =
    (expected, ...checks) =>
    async (answer, t) => {
        const end = await outcome(t, answer);
        assert.equal(end.status, expected, String(end));
        if (expected === 400) {
            assert.ok(end.json.messages.length > 0, 'messages');
        }
        await all(...checks)(answer, t);
    };

const inBulk = {
    judgedLater: true,
    missing: { 404: 'told by the result, after the request was accepted' },
};
const bulk = [
    {
        path: '/bulk/shell-descriptors',
        one: '/shell-descriptors',
        make: (id) => shellDescriptor(id),
    },
    {
        path: '/bulk/submodel-descriptors',
        one: '/submodel-descriptors',
        make: (id) => submodelDescriptor(id),
    },
];
for (const { path, one, make } of bulk) {
    const a = make('https://example.com/ids/bulk/a');
    const b = make('https://example.com/ids/bulk/b');
    const place = (descriptor) => `${one}/${base64url(descriptor.id)}`;
    const both = async (t) => {
        await post(t, one, a);
        await post(t, one, b);
    };
    const wrongBodies = ['null', '17', '"text"', '{}'];
    const wrongItems = ['[17]', '[null]', '[[]]'].map((body) => ({
        name: `the body ${body}`,
        body,
        status: 202,
        check: ends(400),
    }));
    define(`POST ${path}`, {
        ...inBulk,
        wrongBodies,
        good: { body: [a, b] },
        status: 202,
        check: ends(204, afterwards(place(a), a), afterwards(place(b), b)),
        also: [
            {
                name: 'one of them is there',
                before: (t) => post(t, one, b),
                status: 202,
                check: ends(400, afterwards(place(a), 404)),
            },
            {
                name: 'one twice',
                body: [a, a],
                status: 202,
                check: ends(400, afterwards(place(a), 404)),
            },
            {
                name: 'one that is none',
                body: [a, { ...b, endpoints: 17 }],
                status: 202,
                check: ends(400, afterwards(place(a), 404)),
            },
            ...wrongItems,
        ],
    });
    const a2 = { ...a, idShort: 'Changed' };
    define(`PUT ${path}`, {
        ...inBulk,
        wrongBodies,
        before: both,
        good: { body: [a2, b] },
        status: 202,
        check: ends(204, afterwards(place(a), a2)),
        also: wrongItems,
    });
    define(`DELETE ${path}`, {
        ...inBulk,
        wrongBodies,
        before: both,
        good: { body: [a.id, b.id] },
        status: 202,
        check: ends(204, afterwards(place(a), 404), afterwards(place(b), 404)),
        also: [
            {
                name: 'one of them is not there',
                body: [a.id, ids.unknown],
                status: 202,
                check: ends(400, afterwards(place(a), a)),
            },
        ],
    });
}
async function work(t, body) {
    const answer = await t.call('POST', '/bulk/submodel-descriptors', { body });
    assert.equal(answer.status, 202, `set-up: POST /bulk/submodel-descriptors: ${answer}`);
    const end = await outcome(t, answer, '/bulk/submodel-descriptors');
    const handleId = new URL(
        answer.headers.location,
        `${t.base}/bulk/submodel-descriptors`,
    ).pathname
        .split('/')
        .pop();
    return { end, params: { handleId } };
}
const goodWork = async (t) => (await work(t, [aSubmodel])).params;
define('GET /bulk/status/{handleId}', {
    before: goodWork,
    status: 302,
    badHandle: [400, 404],
    check: (answer, t) =>
        assert.match(
            new URL(answer.headers.location, t.base + t.path).pathname,
            /\/bulk\/result\//,
        ),
    missing: { 200: 'the work of a test is done before it can be asked for' },
});
define('GET /bulk/result/{handleId}', {
    before: goodWork,
    status: 204,
    badHandle: [400, 404],
    errors: [
        {
            name: 'work that failed',
            status: 400,
            before: async (t) => {
                await registerSubmodel(t);
                return (await work(t, [aSubmodel])).params;
            },
        },
    ],
});

// ---------------------------------------------------------------- discovery

const links = [
    { name: 'globalAssetId', value: ids.asset },
    ...shell.assetInformation.specificAssetIds,
];
const byName = (list) => [...list].sort((a, b) => (a.name < b.name ? -1 : 1));
const linked = (expected) => (answer) => assert.deepEqual(byName(answer.json), byName(expected));
const own = [
    { name: 'inventory', value: 'I-1' },
    { name: 'globalAssetId', value: 'https://example.com/ids/asset/own' },
];
const L = '/lookup/shells/{aasIdentifier}';
const link = (t) => post(t, `/lookup/shells/${code.fresh}`, own);
const found =
    (...expected) =>
    (answer) =>
        assert.deepEqual([...answer.json.result].sort(), [...expected].sort());
const query = (...pairs) => ({
    assetIds: pairs.map(([name, value]) => base64url(JSON.stringify({ name, value }))),
});

define('GET /lookup/shells', {
    before: link,
    good: { query: query(['serialNumber', 'P-17']) },
    status: 200,
    check: found(ids.shell),
    also: [
        {
            name: 'by global asset id',
            query: query(['globalAssetId', ids.asset]),
            check: found(ids.shell),
        },
        { name: 'by hand', query: query(['inventory', 'I-1']), check: found(ids.fresh) },
        {
            name: 'two of one',
            query: query(['serialNumber', 'P-17'], ['site', 'Ulsan']),
            check: found(ids.shell),
        },
        {
            name: 'two of two',
            query: query(['serialNumber', 'P-17'], ['inventory', 'I-1']),
            check: found(),
        },
        {
            name: 'an array',
            check: found(ids.shell),
            query: {
                assetIds: base64url(JSON.stringify([{ name: 'serialNumber', value: 'P-17' }])),
            },
        },
        { name: 'all', query: { assetIds: undefined }, check: found(ids.shell, ids.fresh) },
    ],
});
define('POST /lookup/shellsByAssetLink', {
    before: link,
    good: { body: [{ name: 'serialNumber', value: 'P-17' }] },
    status: 200,
    check: found(ids.shell),
    wrongBodies: ['null', '17', '"text"', '[17]', '[{"name":"x"}]', '[{"name":17,"value":"x"}]'],
    also: [
        {
            name: 'two of one',
            body: [
                { name: 'serialNumber', value: 'P-17' },
                { name: 'site', value: 'Ulsan' },
            ],
            check: found(ids.shell),
        },
        {
            name: 'two of two',
            body: [
                { name: 'serialNumber', value: 'P-17' },
                { name: 'inventory', value: 'I-1' },
            ],
            check: found(),
        },
    ],
});
define(`GET ${L}`, {
    status: 200,
    check: linked(links),
    also: [
        {
            name: 'by hand',
            before: link,
            params: { aasIdentifier: code.fresh },
            check: linked(own),
        },
    ],
});
define(`POST ${L}`, {
    params: { aasIdentifier: code.fresh },
    creates: 'aasIdentifier',
    good: { body: own },
    status: 201,
    wrongBodies: [
        'null',
        '17',
        '"text"',
        '[17]',
        '[{"name":"x"}]',
        '[{"name":17,"value":"x"}]',
        '[{"name":"","value":"x"}]',
    ],
    check: all(linked(own), async (answer, t) =>
        linked(own)(await t.call('GET', `/lookup/shells/${code.fresh}`)),
    ),
    also: [
        {
            name: 'one object',
            body: own[0],
            check: async (answer, t) =>
                linked([own[0]])(await t.call('GET', `/lookup/shells/${code.fresh}`)),
        },
        {
            name: 'in place of others',
            before: link,
            body: [own[0]],
            check: async (answer, t) =>
                linked([own[0]])(await t.call('GET', `/lookup/shells/${code.fresh}`)),
        },
    ],
    missing: { 404: 'links of any shell are created', 409: 'links are replaced' },
});
define(`DELETE ${L}`, {
    before: link,
    params: { aasIdentifier: code.fresh },
    status: 204,
    check: afterwards(`/lookup/shells/${code.fresh}`, 404),
});
