// SPDX-License-Identifier: Apache-2.0
// What viewers, editors and libraries do in everyday work, in the order they do it.
import assert from 'node:assert/strict';
import { base64url, form } from './lib/http.mjs';
import {
    aasx,
    code,
    ids,
    modelReference,
    packaged,
    pdf,
    property,
    shell,
    shellDescriptor,
    submodel,
    submodelReference,
} from './fixtures.mjs';

const place = {
    shell: `/shells/${code.shell}`,
    submodel: `/submodels/${code.submodel}`,
    fresh: `/submodels/${code.fresh}`,
};
const fresh = { modelType: 'Submodel', id: ids.fresh, idShort: 'Fresh' };
const freshShell = {
    modelType: 'AssetAdministrationShell',
    id: ids.fresh,
    idShort: 'Fresh',
    assetInformation: {
        assetKind: 'Instance',
        globalAssetId: 'https://example.com/ids/asset/fresh',
    },
};
const file = (bytes, name, type) =>
    form([
        { name: 'file', value: bytes, fileName: 'blob', type },
        { name: 'fileName', value: name },
    ]);

// One request with its expected status; gives the answer.
async function ask(world, method, path, status, options = {}) {
    const answer = await world.call(method, path, options);
    assert.equal(answer.status, status, `${method} ${path}: ${answer}`);
    return answer;
}
const read = async (world, path) => (await ask(world, 'GET', path, 200)).json;
const idsOf = (page) => page.result.map((one) => one.id);

const tests = {
    async 'a viewer connects and opens a shell'(world) {
        await read(world, '/description');
        assert.deepEqual(idsOf(await read(world, '/shell-descriptors?limit=100')), [ids.shell]);
        await read(world, '/shells?limit=1');
        await read(world, place.shell);
        await read(world, `${place.shell}/asset-information`);
        const [reference] = (await read(world, `${place.shell}/submodel-refs`)).result;
        const id = base64url(reference.keys[0].value);
        const { endpoints } = await read(world, `/submodel-descriptors/${id}`);
        const { href } = endpoints.find(
            (one) => one.interface === 'SUBMODEL-3.0',
        ).protocolInformation;
        assert.equal(new URL(href).origin, world.base);
        const got = await read(world, new URL(href).pathname);
        for (const { semanticId } of got.submodelElements.filter(
            (one) => one.semanticId !== undefined,
        )) {
            await read(world, `/concept-descriptions/${base64url(semanticId.keys[0].value)}`);
        }
        await ask(world, 'GET', `/concept-descriptions/${code.unknown}`, 404);
    },

    async 'a shell is in the registry as soon as it is stored, and out of it when it is gone'(
        world,
    ) {
        await ask(world, 'POST', '/shells', 201, { body: freshShell });
        assert.ok(idsOf(await read(world, '/shell-descriptors')).includes(ids.fresh));
        const links = await read(world, `/lookup/shells/${code.fresh}`);
        assert.deepEqual(links, [
            { name: 'globalAssetId', value: freshShell.assetInformation.globalAssetId },
        ]);
        await ask(world, 'DELETE', `/shells/${code.fresh}`, 204);
        assert.ok(!idsOf(await read(world, '/shell-descriptors')).includes(ids.fresh));
        await ask(world, 'GET', `/lookup/shells/${code.fresh}`, 404);
    },

    async 'what is registered by hand wins over what is derived, and outlives it'(world) {
        const byHand = shellDescriptor(ids.fresh);
        const at = `/shell-descriptors/${code.fresh}`;
        await ask(world, 'POST', '/shells', 201, { body: freshShell });
        await ask(world, 'PUT', at, 204, { body: byHand }).catch(() =>
            ask(world, 'PUT', at, 201, { body: byHand }),
        );
        const href = async () => (await read(world, at)).endpoints[0].protocolInformation.href;
        assert.equal(await href(), byHand.endpoints[0].protocolInformation.href);
        await ask(world, 'PUT', `/shells/${code.fresh}`, 204, {
            body: { ...freshShell, idShort: 'Changed' },
        });
        assert.equal(await href(), byHand.endpoints[0].protocolInformation.href);
        await ask(world, 'DELETE', `/shells/${code.fresh}`, 204);
        assert.equal(await href(), byHand.endpoints[0].protocolInformation.href);
        await ask(world, 'DELETE', at, 204);
        await ask(world, 'GET', at, 404);
    },

    async 'an editor makes a submodel and names it in the shell'(world) {
        await ask(world, 'POST', '/submodels', 201, { body: fresh });
        const both = [submodelReference, modelReference(['Submodel', ids.fresh])];
        await ask(world, 'PUT', place.shell, 204, { body: { ...shell, submodels: both } });
        assert.deepEqual((await read(world, `${place.shell}/submodel-refs`)).result, both);
        assert.equal((await read(world, `${place.shell}${place.fresh}`)).id, ids.fresh);
    },

    async 'an editor renames an element'(world) {
        const [tonnage] = submodel.submodelElements;
        const at = `${place.submodel}/submodel-elements`;
        await ask(world, 'PUT', `${at}/Tonnage`, 204, { body: { ...tonnage, idShort: 'Force' } });
        assert.equal((await read(world, `${at}/Force`)).value, tonnage.value);
        await ask(world, 'GET', `${at}/Tonnage`, 404);
        assert.equal((await read(world, at)).result[0].idShort, 'Force', 'it stays where it was');
    },

    async 'an editor attaches a file and then writes the element'(world) {
        const at = `${place.submodel}/submodel-elements/Manual`;
        await ask(
            world,
            'PUT',
            `${at}/attachment`,
            204,
            file(pdf, 'manual.pdf', 'application/pdf'),
        );
        const element = await read(world, at);
        await ask(world, 'PUT', at, 204, { body: { ...element, category: 'CHANGED' } });
        assert.ok((await ask(world, 'GET', `${at}/attachment`, 200)).bytes.equals(pdf));
        const value = { contentType: 'application/pdf', value: element.value };
        await ask(world, 'PATCH', `${at}/$value`, 204, { body: value });
        assert.ok((await ask(world, 'GET', `${at}/attachment`, 200)).bytes.equals(pdf));
        await ask(
            world,
            'PUT',
            `${place.submodel}/submodel-elements/Tonnage/attachment`,
            405,
            file(pdf, 'a.pdf', 'application/pdf'),
        );
    },

    async 'an editor writes numbers as strings and strings as they are'(world) {
        const at = `${place.submodel}/submodel-elements`;
        await ask(world, 'PATCH', `${at}/Tonnage/$value`, 204, { body: '"42.50"' });
        assert.equal((await ask(world, 'GET', `${at}/Tonnage/$value`, 200)).text, '42.50');
        assert.equal((await read(world, `${at}/Tonnage`)).value, '42.50');
    },

    async 'a list goes on where it was, whatever comes and goes meanwhile'(world) {
        const names = ['Alpha', 'Bravo', 'Charlie', 'Delta', 'Echo'];
        const submodelElements = names.map((name) => property(name, 'xs:int', '1'));
        await ask(world, 'POST', '/submodels', 201, { body: { ...fresh, submodelElements } });
        const at = `${place.fresh}/submodel-elements`;
        const first = await read(world, `${at}?limit=2`);
        await ask(world, 'DELETE', `${at}/Alpha`, 204);
        await ask(world, 'DELETE', `${at}/Charlie`, 204);
        await ask(world, 'POST', at, 201, { body: property('Foxtrot', 'xs:int', '1') });
        const cursor = encodeURIComponent(first.paging_metadata.cursor);
        const rest = await read(world, `${at}?cursor=${cursor}`);
        assert.deepEqual(
            rest.result.map((one) => one.idShort),
            ['Delta', 'Echo', 'Foxtrot'],
        );

        const shells = await read(world, '/submodels?limit=2');
        for (const id of idsOf(shells)) {
            await ask(world, 'DELETE', `/submodels/${base64url(id)}`, 204);
        }
        const left = await read(
            world,
            `/submodels?cursor=${encodeURIComponent(shells.paging_metadata.cursor)}`,
        );
        assert.equal(left.result.length, 1);
        await ask(world, 'DELETE', `/submodels/${base64url(left.result[0].id)}`, 204);
        const none = await read(
            world,
            `/submodels?cursor=${encodeURIComponent(shells.paging_metadata.cursor)}`,
        );
        assert.deepEqual(none, { result: [], paging_metadata: {} });
    },

    async 'a list without limit has room for a thousand'(world) {
        const submodelElements = Array.from({ length: 1000 }, (_, i) =>
            property(`Number${i}`, 'xs:int', String(i)),
        );
        await ask(world, 'POST', '/submodels', 201, { body: { ...fresh, submodelElements } });
        assert.equal((await read(world, `${place.fresh}/submodel-elements`)).result.length, 1000);
        assert.equal(
            (await read(world, `${place.fresh}/submodel-elements?limit=999`)).result.length,
            999,
        );
    },

    async 'links of no shell in particular cannot be written'(world) {
        for (const [method, options] of [
            ['POST', { body: [{ name: 'a', value: 'b' }] }],
            ['DELETE', {}],
        ]) {
            const answer = await ask(world, method, '/lookup/shells/', 405, options);
            assert.match(answer.headers.allow, /GET/);
        }
        await ask(world, 'DELETE', `/lookup/shells/${code.unknown}`, 404);
    },

    async 'a package is uploaded twice'(world) {
        const upload = (path) =>
            world.call('POST', path, file(aasx(), 'press.aasx', 'application/octet-stream'));
        const first = await upload('/upload');
        assert.equal(Math.floor(first.status / 100), 2, String(first));
        assert.equal(
            (await read(world, `/shells/${base64url(packaged.shell)}`)).id,
            packaged.shell,
        );
        const at = `/submodels/${base64url(packaged.submodel)}/submodel-elements/Manual/attachment`;
        assert.ok((await ask(world, 'GET', at, 200)).bytes.equals(pdf));
        const again = await upload('/upload?ignore-duplicates=true');
        assert.equal(Math.floor(again.status / 100), 2, String(again));
    },

    async 'a page of another machine reads, a page of this machine also sees what it needs'(world) {
        const get = (origin) =>
            ask(world, 'GET', place.submodel, 200, { headers: { Origin: origin } });
        const own = await get('http://localhost:5173');
        const exposed = own.headers['access-control-expose-headers'].toLowerCase();
        for (const name of ['location', 'etag', 'x-request-id']) {
            assert.ok(exposed.includes(name), `${name} is exposed`);
        }
        const foreign = await ask(world, 'PUT', place.submodel, 403, {
            body: submodel,
            headers: { Origin: 'https://elsewhere.example.com' },
        });
        assert.equal(foreign.json.code, 403);
    },
};

export async function testClients({ world, results }) {
    for (const [name, test] of Object.entries(tests)) {
        await world.restore();
        await results.test(name, () => test(world));
    }
}
