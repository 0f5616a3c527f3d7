// SPDX-License-Identifier: Apache-2.0
// Every address of the official collection, with and without /api/v3: which methods it takes, HEAD,
// OPTIONS, other methods, and what is no address at all.
import assert from 'node:assert/strict';
import { base64url } from './lib/http.mjs';
import { code } from './fixtures.mjs';

const METHODS = ['GET', 'PUT', 'POST', 'PATCH', 'DELETE'];
const VALUES = {
    aasIdentifier: code.shell,
    submodelIdentifier: code.submodel,
    cdIdentifier: code.concept,
    idShortPath: 'Tonnage',
    packageId: base64url('nothing'),
    handleId: base64url('nothing'),
};
const fill = (path) => path.replace(/\{(\w+)\}/g, (_, name) => VALUES[name]);
const words = (text) =>
    (text ?? '')
        .split(',')
        .map((word) => word.trim())
        .filter((word) => word !== '')
        .sort();

// What an answer says, without what differs from request to request; addresses in it keep the prefix
// that was asked with.
const told = ({ status, text, type }) => ({
    status,
    type,
    body: status >= 400 ? '' : text.replaceAll('/api/v3/', '/'),
});

async function asksMethods(world, path, expected) {
    const options = await world.call('OPTIONS', path);
    assert.ok([200, 204].includes(options.status), `OPTIONS ${path}: ${options}`);
    assert.deepEqual(words(options.headers.allow), expected, `Allow of OPTIONS ${path}`);
    for (const method of METHODS.filter((one) => !expected.includes(one))) {
        const answer = await world.call(method, path);
        assert.equal(answer.status, 405, `${method} ${path}: ${answer}`);
        assert.deepEqual(words(answer.headers.allow), expected, `Allow of ${method} ${path}`);
        assert.equal(answer.json.code, 405);
        assert.ok(answer.json.messages[0].text.length > 10);
    }
    const strange = await world.call('REPORT', path);
    assert.equal(strange.status, 405, `REPORT ${path}: ${strange}`);
}

async function asksHead(world, path) {
    const get = await world.call('GET', path);
    const head = await world.call('HEAD', path);
    assert.equal(head.status, get.status, `HEAD ${path}`);
    assert.equal(head.bytes.length, 0, `HEAD ${path} has a body`);
    assert.equal(head.type, get.type, `content type of HEAD ${path}`);
    assert.equal(head.headers.etag, get.headers.etag, `ETag of HEAD ${path}`);
    if (get.status < 300) {
        assert.equal(
            head.headers['content-length'],
            get.headers['content-length'],
            `length of HEAD ${path}`,
        );
    }
    assert.deepEqual(told(await world.call('GET', `/api/v3${path}`)), told(get), `/api/v3${path}`);
}

const unknown = [
    '/nothing',
    '/Shells',
    '/submodels/x/nothing',
    '/api/v3/nothing',
    '/api/v2/shells',
    '/api/v3.1/shells',
    `/submodels/${code.submodel}/$nothing`,
    `/submodels/${code.submodel}/submodel-elements/Tonnage/$nothing`,
    '/submodels/$nothing',
    '/query',
    '/bulk',
    '/lookup',
    '/aas/nothing',
    '/submodel/nothing',
    '/..%2f',
    '/api/v3/api/v3/shells',
];

export async function testAddresses({ world, official, results }) {
    await world.restore();
    const paths = new Map();
    for (const { path, method } of official.operations) {
        paths.set(path, [...(paths.get(path) ?? []), method]);
    }
    for (const [path, methods] of paths) {
        const reads = methods.includes('GET');
        const expected = [...methods, 'OPTIONS', ...(reads ? ['HEAD'] : [])].sort();
        await results.test(`address ${path}`, async () => {
            await asksMethods(world, fill(path), expected);
            if (reads) {
                await asksHead(world, fill(path));
            }
        });
    }
    for (const path of unknown) {
        await results.test(`no address ${path}`, async () => {
            for (const method of ['GET', 'POST', 'DELETE']) {
                const answer = await world.call(method, path);
                assert.equal(answer.status, 404, `${method} ${path}: ${answer}`);
                assert.equal(
                    answer.json.messages[0].code,
                    'NoSuchOperation',
                    `${method} ${path}: ${answer}`,
                );
            }
        });
    }
    await results.test(
        'a page of this machine may ask beforehand whether it may change something',
        async () => {
            const origin = 'http://localhost:3000';
            const answer = await world.call('OPTIONS', `/submodels/${code.submodel}`, {
                headers: {
                    Origin: origin,
                    'Access-Control-Request-Method': 'PUT',
                    'Access-Control-Request-Headers': 'content-type',
                },
            });
            assert.ok([200, 204].includes(answer.status), String(answer));
            assert.ok([origin, '*'].includes(answer.headers['access-control-allow-origin']));
            assert.ok(words(answer.headers['access-control-allow-methods']).includes('PUT'));
            assert.ok(
                words(answer.headers['access-control-allow-headers'].toLowerCase()).includes(
                    'content-type',
                ),
            );
        },
    );
    await results.test(
        'every answer has a request id, the one of the request when it has one',
        async () => {
            const first = await world.call('GET', '/shells');
            assert.ok(first.headers['x-request-id'].length > 0);
            const second = await world.call('GET', '/nothing', {
                headers: { 'X-Request-ID': 'press-17-42' },
            });
            assert.equal(second.headers['x-request-id'], 'press-17-42');
            assert.equal(second.json.messages[0].correlationId, 'press-17-42');
        },
    );
}
