// SPDX-License-Identifier: Apache-2.0
// An independent client, basyx-typescript-sdk, creates, reads, changes and deletes everything that
// it has functions for.
import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import {
    aasx,
    concept,
    external,
    ids,
    modelReference,
    packaged,
    pdf,
    png,
    property,
    shell,
    submodel,
} from './fixtures.mjs';
import { base64url } from './lib/http.mjs';

// The modules of the first one leave the endings of their files out, which only require() takes.
const require = createRequire(import.meta.url);
const { jsonization } = require('@aas-core-works/aas-core3.0-typescript');
const {
    AasDiscoveryClient,
    AasRegistryClient,
    AasRepositoryClient,
    AasxFileClient,
    ConceptDescriptionRepositoryClient,
    Configuration,
    Models,
    SubmodelRegistryClient,
    SubmodelRepositoryClient,
} = require('basyx-typescript-sdk');

const read = (name, json) => jsonization[`${name}FromJsonable`](json).mustValue();
const json = (thing) => jsonization.toJsonable(thing);
const sdk = {
    shell: read('assetAdministrationShell', shell),
    submodel: read('submodel', submodel),
    concept: read('conceptDescription', concept),
    element: (told) => read('submodelElement', told),
};
const element = (idShort) => submodel.submodelElements.find((one) => one.idShort === idShort);
const bytes = async (blob) => Buffer.from(await blob.arrayBuffer());

class Session {
    constructor(base, worker) {
        this.base = base;
        this.worker = worker;
        this.configuration = new Configuration({ basePath: base });
        this.shells = new AasRepositoryClient();
        this.submodels = new SubmodelRepositoryClient();
        this.concepts = new ConceptDescriptionRepositoryClient();
        this.registry = new AasRegistryClient();
        this.submodelRegistry = new SubmodelRegistryClient();
        this.discovery = new AasDiscoveryClient();
        this.packages = new AasxFileClient();
    }

    // Calls a function of the client and gives its data.
    async ok(client, name, options = {}) {
        const told = await client[name]({ configuration: this.configuration, ...options });
        assert.ok(told.success, `${name}: ${JSON.stringify(told.error)}`);
        return told.data;
    }

    // Calls a function that must be refused; gives the message.
    async refused(client, name, options, expected) {
        const told = await client[name]({ configuration: this.configuration, ...options });
        assert.ok(!told.success, `${name} should be refused`);
        assert.match(
            told.error.messages[0].code,
            expected,
            `${name}: ${JSON.stringify(told.error)}`,
        );
    }
}

const one = { aasIdentifier: ids.shell };
const press = { submodelIdentifier: ids.submodel };
const both = { ...one, ...press };
// The client's descriptors name every attribute.
const endpoints = (type) => [
    {
        _interface: type,
        protocolInformation: {
            href: 'https://plant.example.com/1',
            endpointProtocol: 'HTTP',
            endpointProtocolVersion: ['1.1'],
            subprotocol: null,
            subprotocolBody: null,
            subprotocolBodyEncoding: null,
            securityAttributes: null,
        },
    },
];
const NOT_FOUND = /NotFound|idShortPath/;

// In order: what comes later stands on what came before.
const steps = {
    async 'concept descriptions'(s) {
        const at = { cdIdentifier: ids.concept };
        const created = await s.ok(s.concepts, 'postConceptDescription', {
            conceptDescription: sdk.concept,
        });
        assert.deepEqual(json(created), json(sdk.concept));
        const changed = read('conceptDescription', { ...concept, category: 'CHANGED' });
        await s.ok(s.concepts, 'putConceptDescriptionById', { ...at, conceptDescription: changed });
        assert.equal((await s.ok(s.concepts, 'getConceptDescriptionById', at)).category, 'CHANGED');
        const found = await s.ok(s.concepts, 'getAllConceptDescriptions', { idShort: 'Tonnage' });
        assert.equal(found.result.length, 1);
        await s.refused(
            s.concepts,
            'postConceptDescription',
            { conceptDescription: sdk.concept },
            /Conflict/,
        );
        await s.ok(s.concepts, 'deleteConceptDescriptionById', at);
        await s.refused(s.concepts, 'getConceptDescriptionById', at, NOT_FOUND);
    },

    async shells(s) {
        const created = await s.ok(s.shells, 'postAssetAdministrationShell', {
            assetAdministrationShell: sdk.shell,
        });
        assert.deepEqual(json(created), json(sdk.shell));
        const changed = read('assetAdministrationShell', { ...shell, category: 'CHANGED' });
        await s.ok(s.shells, 'putAssetAdministrationShellById', {
            ...one,
            assetAdministrationShell: changed,
        });
        assert.equal(
            (await s.ok(s.shells, 'getAssetAdministrationShellById', one)).category,
            'CHANGED',
        );
        const listed = await s.ok(s.shells, 'getAllAssetAdministrationShells', {
            assetIds: [{ name: 'serialNumber', value: 'P-17' }],
            limit: 10,
        });
        assert.deepEqual(
            listed.result.map((it) => it.id),
            [ids.shell],
        );
        await s.refused(
            s.shells,
            'postAssetAdministrationShell',
            { assetAdministrationShell: sdk.shell },
            /Conflict/,
        );
    },

    async 'asset information'(s) {
        const told = read('assetInformation', {
            ...shell.assetInformation,
            assetType: 'https://example.com/press/2',
        });
        await s.ok(s.shells, 'putAssetInformation', { ...one, assetInformation: told });
        assert.deepEqual(json(await s.ok(s.shells, 'getAssetInformation', one)), json(told));
    },

    async thumbnails(s) {
        const file = new Blob([png], { type: 'image/png' });
        await s.ok(s.shells, 'putThumbnail', { ...one, fileName: 'press.png', file });
        const got = await s.ok(s.shells, 'getThumbnail', one);
        assert.ok(png.equals(await bytes(got)));
        await s.ok(s.shells, 'deleteThumbnail', one);
        await s.refused(s.shells, 'getThumbnail', one, NOT_FOUND);
    },

    async 'submodel references'(s) {
        const lonely = read('reference', modelReference(['Submodel', ids.lonely]));
        await s.ok(s.shells, 'postSubmodelReference', { ...one, submodelReference: lonely });
        assert.equal((await s.ok(s.shells, 'getAllSubmodelReferences', one)).result.length, 2);
        await s.ok(s.shells, 'deleteSubmodelReferenceById', {
            ...one,
            submodelIdentifier: ids.lonely,
        });
        assert.equal((await s.ok(s.shells, 'getAllSubmodelReferences', one)).result.length, 1);
    },

    async submodels(s) {
        const created = await s.ok(s.submodels, 'postSubmodel', { submodel: sdk.submodel });
        assert.deepEqual(json(created), json(sdk.submodel));
        const changed = read('submodel', { ...submodel, category: 'CHANGED' });
        await s.ok(s.submodels, 'putSubmodelById', { ...press, submodel: changed });
        const got = await s.ok(s.submodels, 'getSubmodelById', {
            ...press,
            level: 'deep',
            extent: 'withBlobValue',
        });
        assert.deepEqual(json(got), json(changed));
        assert.equal(
            (await s.ok(s.submodels, 'getAllSubmodels', { idShort: 'PressData' })).result.length,
            1,
        );
        const metadata = await s.ok(s.submodels, 'getSubmodelByIdMetadata', press);
        assert.equal(metadata.category, 'CHANGED');
        const values = await s.ok(s.submodels, 'getSubmodelByIdValueOnly', press);
        assert.equal(values.Tonnage, 1240);
        await s.refused(
            s.submodels,
            'getSubmodelById',
            { submodelIdentifier: ids.unknown },
            NOT_FOUND,
        );
    },

    async 'elements of every kind'(s) {
        for (const told of submodel.submodelElements) {
            const copy = { ...told, idShort: `${told.idShort}Copy` };
            const at = { ...press, idShortPath: copy.idShort };
            const created = await s.ok(s.submodels, 'postSubmodelElement', {
                ...press,
                submodelElement: sdk.element(copy),
            });
            assert.deepEqual(json(created), json(sdk.element(copy)));
            const changed = sdk.element({ ...copy, category: 'CHANGED' });
            await s.ok(s.submodels, 'putSubmodelElementByPath', {
                ...at,
                submodelElement: changed,
            });
            const got = await s.ok(s.submodels, 'getSubmodelElementByPath', {
                ...at,
                extent: 'withBlobValue',
            });
            assert.deepEqual(json(got), json(changed));
            await s.ok(s.submodels, 'deleteSubmodelElementByPath', at);
            await s.refused(s.submodels, 'getSubmodelElementByPath', at, NOT_FOUND);
        }
    },

    async 'elements in collections and lists'(s) {
        const inside = sdk.element(property('Added', 'xs:int', '1'));
        const at = (idShortPath) => ({ ...press, idShortPath });
        await s.ok(s.submodels, 'postSubmodelElementByPath', {
            ...at('Hydraulics.Pump'),
            submodelElement: inside,
        });
        assert.equal(
            (await s.ok(s.submodels, 'getSubmodelElementByPath', at('Hydraulics.Pump.Added')))
                .value,
            '1',
        );
        const item = sdk.element({ modelType: 'Property', valueType: 'xs:int', value: '3' });
        await s.ok(s.submodels, 'postSubmodelElementByPath', {
            ...at('Shifts'),
            submodelElement: item,
        });
        assert.equal(
            (await s.ok(s.submodels, 'getSubmodelElementByPath', at('Shifts[2]'))).value,
            '3',
        );
        await s.ok(s.submodels, 'deleteSubmodelElementByPath', at('Shifts[0]'));
        assert.deepEqual(
            await s.ok(s.submodels, 'getSubmodelElementByPathValueOnly', at('Shifts')),
            [2, 3],
        );
        const page = await s.ok(s.submodels, 'getAllSubmodelElements', { ...press, limit: 3 });
        // The client looks for the cursor under another name than the official one; it is asked for beside it.
        const raw = await fetch(
            `${s.base}/submodels/${base64url(ids.submodel)}/submodel-elements?limit=3`,
        );
        const { cursor } = (await raw.json()).paging_metadata;
        const next = await s.ok(s.submodels, 'getAllSubmodelElements', {
            ...press,
            limit: 3,
            cursor,
        });
        assert.deepEqual(
            [...page.result, ...next.result].map((it) => it.idShort),
            submodel.submodelElements.slice(0, 6).map((it) => it.idShort),
        );
    },

    async values(s) {
        const rows = [
            ['Tonnage', '1300.5', 1300.5],
            ['Running', 'false', false],
            ['Title', [{ en: 'Machine' }, { ko: '기계' }]],
            ['Temperature', { min: '1', max: '2' }, { min: 1, max: 2 }],
            ['Drawing', { contentType: 'image/png', value: 'https://example.com/e.png' }],
            ['Vendor', external('https://example.com/other')],
            ['Hydraulics', { Pressure: '9.5' }],
        ];
        for (const [idShortPath, sent, expected = sent] of rows) {
            const at = { ...press, idShortPath };
            await s.ok(s.submodels, 'patchSubmodelElementByPathValueOnly', {
                ...at,
                submodelElementValue: sent,
            });
            const got = await s.ok(s.submodels, 'getSubmodelElementByPathValueOnly', at);
            if (idShortPath === 'Hydraulics') {
                assert.equal(got.Pressure, 9.5);
            } else {
                assert.deepEqual(got, expected, idShortPath);
            }
        }
        await s.ok(s.submodels, 'patchSubmodelByIdValueOnly', {
            ...press,
            body: { Tonnage: '1400' },
        });
        assert.equal((await s.ok(s.submodels, 'getSubmodelByIdValueOnly', press)).Tonnage, 1400);
        const wrong = { ...press, idShortPath: 'Tonnage', submodelElementValue: 'heavy' };
        await s.refused(s.submodels, 'patchSubmodelElementByPathValueOnly', wrong, /./);
    },

    async 'submodels below their shell'(s) {
        const at = { ...both, idShortPath: 'Tonnage' };
        const fresh = { ...one, submodelIdentifier: ids.fresh };
        const told = read('submodel', { modelType: 'Submodel', id: ids.fresh, idShort: 'Fresh' });
        assert.equal(
            (await s.ok(s.shells, 'getSubmodelByIdAasRepository', both)).idShort,
            'PressData',
        );
        await s.ok(s.shells, 'putSubmodelByIdAasRepository', { ...both, submodel: sdk.submodel });
        await s.ok(s.shells, 'patchSubmodelAasRepository', {
            ...both,
            submodel: read('submodel', { ...submodel, category: 'PATCHED' }),
        });
        assert.equal(
            (await s.ok(s.shells, 'getSubmodelByIdMetadataAasRepository', both)).category,
            'PATCHED',
        );
        await s.ok(s.shells, 'patchSubmodelByIdValueOnlyAasRepository', {
            ...both,
            body: { Tonnage: '1500' },
        });
        assert.equal(
            (await s.ok(s.shells, 'getSubmodelByIdValueOnlyAasRepository', both)).Tonnage,
            1500,
        );
        assert.equal(
            (await s.ok(s.shells, 'getSubmodelByIdReferenceAasRepository', both)).keys[0].value,
            ids.submodel,
        );
        assert.ok(
            (await s.ok(s.shells, 'getSubmodelByIdPathAasRepository', both)).includes(
                'Hydraulics.Pump.Flow',
            ),
        );
        const count = submodel.submodelElements.length;
        for (const name of ['', 'Metadata', 'Reference']) {
            const list = await s.ok(s.shells, `getAllSubmodelElements${name}AasRepository`, both);
            assert.equal(list.result.length, count, `getAllSubmodelElements${name}AasRepository`);
        }
        assert.equal(
            (await s.ok(s.shells, 'getAllSubmodelElementsValueOnlyAasRepository', both)).result
                .Tonnage,
            1500,
        );
        assert.ok(
            (await s.ok(s.shells, 'getAllSubmodelElementsPathAasRepository', both)).result.includes(
                'Tonnage',
            ),
        );
        assert.equal(
            (await s.ok(s.shells, 'getSubmodelElementByPathAasRepository', at)).value,
            '1500',
        );
        await s.ok(s.shells, 'patchSubmodelElementValueByPathAasRepository', {
            ...at,
            submodelElement: sdk.element({ ...element('Tonnage'), value: '1600' }),
        });
        assert.equal(
            await s.ok(s.shells, 'getSubmodelElementByPathValueOnlyAasRepository', at),
            1600,
        );
        assert.equal(
            (await s.ok(s.shells, 'getSubmodelElementByPathReferenceAasRepository', at)).keys[1]
                .value,
            'Tonnage',
        );
        assert.deepEqual(await s.ok(s.shells, 'getSubmodelElementByPathPathAasRepository', at), [
            'Tonnage',
        ]);
        await s.ok(s.shells, 'putSubmodelByIdAasRepository', { ...fresh, submodel: told });
        assert.equal((await s.ok(s.shells, 'getAllSubmodelReferences', one)).result.length, 2);
        await s.ok(s.shells, 'deleteSubmodelByIdAasRepository', fresh);
        assert.equal((await s.ok(s.shells, 'getAllSubmodelReferences', one)).result.length, 1);
    },

    async attachments(s) {
        const at = { ...both, idShortPath: 'Manual' };
        const file = new Blob([pdf], { type: 'application/pdf' });
        await s.ok(s.shells, 'putFileByPathAasRepository', { ...at, fileName: 'manual.pdf', file });
        const got = await s.ok(s.shells, 'getFileByPathAasRepository', at);
        assert.ok(pdf.equals(await bytes(got)));
        assert.equal(got.type, 'application/pdf');
        await s.ok(s.shells, 'deleteFileByPathAasRepository', at);
        await s.refused(s.shells, 'getFileByPathAasRepository', at, NOT_FOUND);
    },

    async operations(s) {
        const qualifiers = [
            {
                type: 'invocationDelegation',
                valueType: 'xs:string',
                value: `http://${s.worker.host}/weigh`,
            },
        ];
        const at = { ...press, idShortPath: 'Weigh' };
        const declared = sdk.element({ ...element('Weigh'), qualifiers });
        await s.ok(s.submodels, 'putSubmodelElementByPath', { ...at, submodelElement: declared });
        const argument = (idShort, valueType, value) => [
            { value: property(idShort, valueType, value) },
        ];
        const operationRequest = {
            inputArguments: argument('Force', 'xs:double', '20.5'),
            inoutputArguments: argument('Count', 'xs:int', '7'),
            clientTimeoutDuration: 'PT60S',
        };
        const told = await s.ok(s.submodels, 'postInvokeOperationSubmodelRepo', {
            ...at,
            operationRequest,
        });
        assert.equal(told.outputArguments[0].value.value, '41');
        const below = { ...both, idShortPath: 'Weigh' };
        const again = await s.ok(s.shells, 'invokeOperationAasRepository', {
            ...below,
            operationRequest,
        });
        assert.equal(again.inoutputArguments[0].value.value, '8');
        await s.ok(s.shells, 'invokeOperationAsyncAasRepository', { ...below, operationRequest });
        await s.refused(
            s.submodels,
            'postInvokeOperationSubmodelRepo',
            {
                ...press,
                idShortPath: 'Tonnage',
                operationRequest,
            },
            /MethodNotAllowed/,
        );
    },

    async 'descriptors that are derived'(s) {
        const shells = await s.ok(s.registry, 'getAllAssetAdministrationShellDescriptors', {
            limit: 100,
        });
        assert.deepEqual(
            shells.result.map((it) => it.id),
            [ids.shell],
        );
        const told = await s.ok(s.registry, 'getAssetAdministrationShellDescriptorById', one);
        const { href } = told.endpoints.find(
            (it) => it._interface === 'AAS-3.0',
        ).protocolInformation;
        const response = await fetch(href);
        assert.equal((await response.json()).id, ids.shell);
        const submodels = await s.ok(s.submodelRegistry, 'getAllSubmodelDescriptors');
        assert.deepEqual(
            submodels.result.map((it) => it.id),
            [ids.submodel],
        );
    },

    async 'descriptors by hand'(s) {
        const id = 'https://example.com/ids/aas/registered';
        const at = { aasIdentifier: id };
        const below = { ...at, submodelIdentifier: ids.fresh };
        const named = (idShort) =>
            Object.assign(new Models.AssetAdministrationShellDescriptor(id), {
                idShort,
                endpoints: endpoints('AAS-3.0'),
            });
        const part = (idShort) =>
            Object.assign(new Models.SubmodelDescriptor(ids.fresh, endpoints('SUBMODEL-3.0')), {
                idShort,
            });
        await s.ok(s.registry, 'postAssetAdministrationShellDescriptor', {
            assetAdministrationShellDescriptor: named('Elsewhere'),
        });
        await s.ok(s.registry, 'putAssetAdministrationShellDescriptorById', {
            ...at,
            assetAdministrationShellDescriptor: named('Moved'),
        });
        assert.equal(
            (await s.ok(s.registry, 'getAssetAdministrationShellDescriptorById', at)).idShort,
            'Moved',
        );
        await s.ok(s.registry, 'postSubmodelDescriptorThroughSuperpath', {
            ...at,
            submodelDescriptor: part('Part'),
        });
        assert.equal(
            (await s.ok(s.registry, 'getAllSubmodelDescriptorsThroughSuperpath', at)).result.length,
            1,
        );
        await s.ok(s.registry, 'putSubmodelDescriptorByIdThroughSuperpath', {
            ...below,
            submodelDescriptor: part('Moved'),
        });
        assert.equal(
            (await s.ok(s.registry, 'getSubmodelDescriptorByIdThroughSuperpath', below)).idShort,
            'Moved',
        );
        await s.ok(s.registry, 'deleteSubmodelDescriptorByIdThroughSuperpath', below);
        await s.ok(s.registry, 'deleteAssetAdministrationShellDescriptorById', at);
        await s.refused(s.registry, 'getAssetAdministrationShellDescriptorById', at, NOT_FOUND);

        const single = { submodelIdentifier: ids.fresh };
        await s.ok(s.submodelRegistry, 'postSubmodelDescriptor', {
            submodelDescriptor: part('Part'),
        });
        await s.ok(s.submodelRegistry, 'putSubmodelDescriptorById', {
            ...single,
            submodelDescriptor: part('Moved'),
        });
        assert.equal(
            (await s.ok(s.submodelRegistry, 'getSubmodelDescriptorById', single)).idShort,
            'Moved',
        );
        await s.ok(s.submodelRegistry, 'deleteSubmodelDescriptorById', single);
        await s.refused(s.submodelRegistry, 'getSubmodelDescriptorById', single, NOT_FOUND);
    },

    async discovery(s) {
        const asset = { assetIds: [{ name: 'serialNumber', value: 'P-17' }] };
        const lookup = 'getAllAssetAdministrationShellIdsByAssetLink';
        assert.deepEqual((await s.ok(s.discovery, lookup, asset)).result, [ids.shell]);
        const links = [{ name: 'inventory', value: 'I-1' }].map((it) =>
            read('specificAssetId', it),
        );
        const at = { aasIdentifier: ids.fresh };
        await s.ok(s.discovery, 'postAllAssetLinksById', { ...at, specificAssetId: links });
        assert.deepEqual(
            (await s.ok(s.discovery, lookup, { assetIds: [{ name: 'inventory', value: 'I-1' }] }))
                .result,
            [ids.fresh],
        );
        assert.deepEqual(
            (await s.ok(s.discovery, 'getAllAssetLinksById', at)).map(json),
            links.map(json),
        );
        await s.ok(s.discovery, 'deleteAllAssetLinksById', at);
        await s.refused(s.discovery, 'getAllAssetLinksById', at, NOT_FOUND);
    },

    async packages(s) {
        const file = (content) =>
            new Blob([content], { type: 'application/asset-administration-shell-package' });
        const box = aasx();
        const told = await s.ok(s.packages, 'postAASXPackage', {
            aasIds: [packaged.shell],
            file: file(box),
            fileName: 'press.aasx',
        });
        assert.deepEqual(told.aasIds, [packaged.shell]);
        const at = { packageId: told.packageId };
        assert.ok(box.equals(await bytes(await s.ok(s.packages, 'getAASXByPackageId', at))));
        // The client gives on what it gets, and what it is given.
        const page = await s.ok(s.packages, 'getAllAASXPackageIds', {
            aasId: base64url(packaged.shell),
        });
        assert.deepEqual(
            page.result.result.map((it) => it.packageId),
            [told.packageId],
        );
        const other = aasx({
            ...packaged,
            shell: `${packaged.shell}/2`,
            submodel: `${packaged.submodel}/2`,
        });
        await s.ok(s.packages, 'putAASXByPackageId', {
            ...at,
            file: file(other),
            fileName: 'other.aasx',
        });
        assert.ok(other.equals(await bytes(await s.ok(s.packages, 'getAASXByPackageId', at))));
        await s.ok(s.packages, 'deleteAASXByPackageId', at);
        await s.refused(s.packages, 'getAASXByPackageId', at, NOT_FOUND);
    },

    async 'deleting the rest'(s) {
        await s.ok(s.submodels, 'deleteSubmodelById', press);
        await s.ok(s.shells, 'deleteAssetAdministrationShellById', one);
        assert.deepEqual((await s.ok(s.submodels, 'getAllSubmodels')).result, []);
        assert.deepEqual((await s.ok(s.shells, 'getAllAssetAdministrationShells')).result, []);
        await s.refused(s.shells, 'getAssetAdministrationShellById', one, NOT_FOUND);
    },
};

export async function testClient({ server, worker, results }) {
    const session = new Session(server.base, worker);
    for (const [name, step] of Object.entries(steps)) {
        await results.test(`basyx-typescript-sdk: ${name}`, () => step(session));
    }
}
