// SPDX-License-Identifier: Apache-2.0
// What goes beyond single operations: XML, packed answers, the prefix /api/v3, templates only,
// packages from server to server, the server's own OpenAPI document.
import assert from 'node:assert/strict';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Client, form } from './lib/http.mjs';
import { Server } from './lib/server.mjs';
import { code, concept, ids, pdf, png, property, shell, submodel } from './fixtures.mjs';

const AASX = 'application/asset-administration-shell-package';
const XML = 'application/xml';
const place = {
    shell: `/shells/${code.shell}`,
    submodel: `/submodels/${code.submodel}`,
    concept: `/concept-descriptions/${code.concept}`,
};
const whole = `${place.submodel}?extent=withBlobValue`;

async function expects(answer, status, what) {
    assert.equal(answer.status, status, `${what}: ${answer}`);
    return answer;
}

// Reads as XML, writes that back and looks whether anything changed.
const throughXml =
    (path, root) =>
    async ({ world }) => {
        const before = await expects(await world.call('GET', path), 200, `GET ${path}`);
        const read = await expects(
            await world.call('GET', path, { headers: { Accept: XML } }),
            200,
            `GET ${path} as XML`,
        );
        assert.equal(read.type, XML);
        assert.match(
            read.text,
            new RegExp(`^(<\\?xml[^>]*>\\s*)?<${root} xmlns="https://admin-shell\\.io/aas/3/1"`),
        );
        const [address] = path.split('?');
        const written = await world.call('PUT', address, {
            body: read.bytes,
            headers: { 'Content-Type': XML },
        });
        await expects(written, 204, `PUT ${address} as XML`);
        assert.deepEqual((await world.call('GET', path)).json, before.json);
    };

const isPacked =
    (path) =>
    async ({ world }) => {
        const plain = await world.call('GET', path);
        const packed = await world.call('GET', path, { headers: { 'Accept-Encoding': 'gzip' } });
        assert.equal(packed.headers['content-encoding'], 'gzip');
        assert.match(packed.headers.vary, /Accept-Encoding/i);
        assert.ok(packed.bytes.length < plain.bytes.length);
        assert.ok(gunzipSync(packed.bytes).equals(plain.bytes));
        const refused = await world.call('GET', path, {
            headers: { 'Accept-Encoding': 'gzip;q=0' },
        });
        assert.equal(refused.headers['content-encoding'], undefined);
    };

const tests = {
    'a shell as XML': throughXml(place.shell, 'assetAdministrationShell'),
    'a submodel as XML': throughXml(whole, 'submodel'),
    'a concept description as XML': throughXml(place.concept, 'conceptDescription'),
    'an element as XML': throughXml(
        `${place.submodel}/submodel-elements/Hydraulics`,
        'submodelElementCollection',
    ),

    async 'XML that is none is refused, and leads nowhere'({ world }) {
        const { text } = await world.call('GET', whole, { headers: { Accept: XML } });
        const before = await world.snapshot();
        const start = text.indexOf('<submodel');
        const rows = {
            empty: '',
            'half a document': text.slice(0, text.length / 2),
            'another root': text
                .replaceAll('submodel xmlns', 'nonsense xmlns')
                .replace('</submodel>', '</nonsense>'),
            'another namespace': text.replace('/aas/3/1', '/aas/2/0'),
            'no namespace': text.replace(/ xmlns="[^"]*"/, ''),
            'an element nobody knows': text.replace('<idShort>', '<nonsense>1</nonsense><idShort>'),
            'an element twice': text.replace('<idShort>', '<idShort>Twice</idShort><idShort>'),
            'an entity of its own': `<!DOCTYPE submodel [<!ENTITY a "aaaa">]>${text.slice(start)}`,
            'an entity of a file': `<!DOCTYPE submodel [<!ENTITY a SYSTEM "file:///etc/hostname">]>${text.slice(start)}`,
            'entities of entities':
                '<!DOCTYPE submodel [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>' +
                text.slice(start).replace('<idShort>', '<idShort>&b;'),
            'bytes that are no UTF-8': Buffer.concat([Buffer.from(text), Buffer.from([0xff])]),
            'nested without end': '<submodel>'.repeat(5000),
            JSON: JSON.stringify(submodel),
        };
        for (const [name, body] of Object.entries(rows)) {
            const answer = await world.call('PUT', place.submodel, {
                body,
                headers: { 'Content-Type': XML },
            });
            assert.equal(answer.status, 400, `${name}: ${answer}`);
            assert.equal(answer.json.code, 400, name);
            assert.ok(answer.json.messages[0].text.length > 10, name);
        }
        assert.equal(await world.snapshot(), before);
    },

    'a large answer is packed for who asks': isPacked(whole),

    async 'a packed body is taken'({ world }) {
        const headers = { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' };
        const body = gzipSync(JSON.stringify({ ...submodel, category: 'PACKED' }));
        await expects(await world.call('PUT', place.submodel, { body, headers }), 204, 'PUT');
        assert.equal((await world.call('GET', place.submodel)).json.category, 'PACKED');
        const broken = await world.call('PUT', place.submodel, {
            body: body.subarray(0, body.length / 2),
            headers,
        });
        await expects(broken, 400, 'PUT of half a packed body');
    },

    async 'everything works below /api/v3'({ world }) {
        const list = '/api/v3/submodels';
        const fresh = `${list}/${code.fresh}`;
        const element = property('Added', 'xs:int', '1');
        const made = await world.call('POST', list, {
            body: { modelType: 'Submodel', id: ids.fresh },
        });
        await expects(made, 201, `POST ${list}`);
        assert.equal(new URL(made.headers.location, world.base + list).pathname, fresh);
        const added = await world.call('POST', `${fresh}/submodel-elements`, { body: element });
        await expects(added, 201, 'POST of an element');
        assert.equal(
            new URL(added.headers.location, `${world.base}${fresh}/submodel-elements`).pathname,
            `${fresh}/submodel-elements/Added`,
        );
        await expects(
            await world.call('PATCH', `${fresh}/submodel-elements/Added/$value`, { body: '2' }),
            204,
            'PATCH',
        );
        const put = { ...element, value: '3' };
        await expects(
            await world.call('PUT', `${fresh}/submodel-elements/Added`, { body: put }),
            204,
            'PUT',
        );
        assert.deepEqual(
            (await world.call('GET', `/submodels/${code.fresh}/submodel-elements/Added`)).json,
            put,
        );
        await expects(await world.call('DELETE', fresh), 204, 'DELETE');
        await expects(await world.call('GET', `/submodels/${code.fresh}`), 404, 'GET');
    },

    async 'the service for templates takes templates only'({ world }) {
        const list = '/templates-api/submodels';
        const instance = {
            modelType: 'Submodel',
            id: ids.fresh,
            idShort: 'Fresh',
            kind: 'Instance',
        };
        const template = { ...instance, kind: 'Template' };
        const { kind, ...silent } = instance;
        await expects(
            await world.call('POST', list, { body: instance }),
            400,
            'POST of an instance',
        );
        await expects(
            await world.call('POST', list, { body: silent }),
            400,
            'POST without kind, which means Instance',
        );
        await expects(
            await world.call('POST', list, { body: template }),
            201,
            'POST of a template',
        );
        const listed = (await world.call('GET', list)).json.result.map((one) => one.id);
        assert.deepEqual(listed, [ids.fresh], 'the instances are not in the list');
        await expects(
            await world.call('GET', `${list}/${code.submodel}`),
            404,
            'GET of an instance',
        );
        await expects(
            await world.call('PUT', `${list}/${code.fresh}`, { body: instance }),
            400,
            'PUT of an instance',
        );
        await expects(
            await world.call('DELETE', `${list}/${code.submodel}`),
            404,
            'DELETE of an instance',
        );
        await expects(
            await world.call('DELETE', `${list}/${code.fresh}`),
            204,
            'DELETE of a template',
        );
    },

    async 'a package brings everything to another server'({ world }) {
        const attachment = `${place.submodel}/submodel-elements/Manual/attachment`;
        const thumbnail = `${place.shell}/asset-information/thumbnail`;
        const file = (bytes, name, type) =>
            form([
                { name: 'fileName', value: name },
                { name: 'file', value: bytes, fileName: name, type },
            ]);
        await expects(
            await world.call('PUT', attachment, file(pdf, 'manual.pdf', 'application/pdf')),
            204,
            'PUT attachment',
        );
        await expects(
            await world.call('PUT', thumbnail, file(png, 'press.png', 'image/png')),
            204,
            'PUT thumbnail',
        );
        const box = await world.call(
            'GET',
            `/serialization?aasIds=${code.shell}&submodelIds=${code.submodel}`,
            { headers: { Accept: AASX } },
        );
        await expects(box, 200, 'GET /serialization');
        const server = await Server.start(world.binary);
        const other = new Client(server.port);
        try {
            const sent = await other.call('POST', '/upload', file(box.bytes, 'press.aasx', AASX));
            assert.equal(Math.floor(sent.status / 100), 2, `POST /upload: ${sent}`);
            for (const path of [place.shell, place.submodel, place.concept]) {
                assert.deepEqual(
                    (await other.call('GET', path)).json,
                    (await world.call('GET', path)).json,
                    path,
                );
            }
            assert.ok((await other.call('GET', attachment)).bytes.equals(pdf), 'the attachment');
            assert.ok((await other.call('GET', thumbnail)).bytes.equals(png), 'the thumbnail');
        } finally {
            other.close();
            const wrongs = await server.stop();
            assert.deepEqual(wrongs, []);
        }
    },

    async "the server's own OpenAPI document names every operation"({ world, official }) {
        const answer = await expects(
            await world.call('GET', '/openapi.json'),
            200,
            'GET /openapi.json',
        );
        assert.match(answer.json.openapi, /^3\.1\./);
        const has = (path, method) => answer.json.paths[path]?.[method.toLowerCase()] !== undefined;
        const missing = official.operations.filter(
            ({ path, method }) => !path.startsWith('/query/') && !has(path, method),
        );
        assert.deepEqual(
            missing.map(({ path, method }) => `${method} ${path}`),
            [],
        );
    },

    async 'two people who change the same thing do not overwrite each other'({ world }) {
        for (const [path, thing] of [
            [place.shell, shell],
            [place.submodel, submodel],
            [place.concept, concept],
        ]) {
            const { etag } = (await world.call('GET', path)).headers;
            const mine = { body: { ...thing, category: 'MINE' }, headers: { 'If-Match': etag } };
            await expects(await world.call('PUT', path, mine), 204, `PUT ${path}`);
            const yours = { body: { ...thing, category: 'YOURS' }, headers: { 'If-Match': etag } };
            await expects(
                await world.call('PUT', path, yours),
                412,
                `PUT ${path} of somebody who has not seen it`,
            );
            assert.equal((await world.call('GET', path)).json.category, 'MINE');
        }
    },
};

export async function testBehaviour({ world, official, results }) {
    for (const [name, test] of Object.entries(tests)) {
        await world.restore();
        await results.test(name, () => test({ world, official }));
    }
}
