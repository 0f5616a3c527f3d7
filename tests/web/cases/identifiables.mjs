// SPDX-License-Identifier: Apache-2.0
// Shells, submodels and concept descriptions as wholes, and the parts of a shell.
import { base64url } from '../lib/http.mjs';
import {
    code,
    concept,
    external,
    ids,
    lonely,
    modelReference,
    shell,
    shellReference,
    submodel,
    submodelMetadata,
    submodelReference,
    submodelWithoutBlob,
    unit,
    values,
    paths,
    corePaths,
} from '../fixtures.mjs';
import { afterwards, all, listed, located, paged, same } from './checks.mjs';
import { define } from './define.mjs';

// ---------------------------------------------------------------- lists

const assetId = (name, value) => base64url(JSON.stringify({ name, value }));
const shellFilters = (found) => [
    {
        name: 'by asset id',
        query: { assetIds: assetId('serialNumber', 'P-17') },
        check: listed(found),
    },
    {
        name: 'by global asset id',
        query: { assetIds: assetId('globalAssetId', ids.asset) },
        check: listed(found),
    },
    {
        name: 'by two asset ids',
        check: listed(found),
        query: { assetIds: [assetId('serialNumber', 'P-17'), assetId('site', 'Ulsan')] },
    },
    {
        name: 'by an array of asset ids',
        check: listed(found),
        query: { assetIds: base64url(JSON.stringify([{ name: 'serialNumber', value: 'P-17' }])) },
    },
    {
        name: 'by asset ids of two assets',
        check: listed([]),
        query: { assetIds: [assetId('serialNumber', 'P-17'), assetId('site', 'Busan')] },
    },
    { name: 'by idShort', query: { idShort: 'Press17' }, check: listed(found) },
    { name: 'by an idShort nobody has', query: { idShort: 'Nobody' }, check: listed([]) },
];
define('GET /shells', {
    status: 200,
    check: listed([shell]),
    also: [...paged([shell]), ...shellFilters([shell])],
});
define('GET /shells/$reference', {
    status: 200,
    check: listed([shellReference]),
    also: [...paged([shellReference]), ...shellFilters([shellReference])],
});

const semanticId = base64url(JSON.stringify(lonely.semanticId));
const supplemental = base64url(JSON.stringify(submodel.supplementalSemanticIds[0]));
const lonelyReference = modelReference(['Submodel', ids.lonely]);
// `press` and `spare`: the two submodels in the form of the list.
const submodelLists = (press, spare) => ({
    status: 200,
    check: listed([press, spare]),
    also: [
        ...paged([press, spare]),
        { name: 'by semanticId', query: { semanticId }, check: listed([spare]) },
        {
            name: 'by supplemental semanticId',
            query: { semanticId: supplemental },
            check: listed([press]),
        },
        { name: 'by idShort', query: { idShort: 'Spare' }, check: listed([spare]) },
        { name: 'by an idShort nobody has', query: { idShort: 'Nobody' }, check: listed([]) },
    ],
});
define('GET /submodels', submodelLists(submodelWithoutBlob, lonely));
define(
    'GET /submodels/$metadata',
    submodelLists(submodelMetadata, (({ submodelElements, ...rest }) => rest)(lonely)),
);
define('GET /submodels/$reference', submodelLists(submodelReference, lonelyReference));
define('GET /submodels/$value', {
    ...submodelLists(values(false), { Note: 'in the warehouse' }),
    missing: { 404: 'a list is never missing' },
});
define('GET /submodels/$path', {
    status: 200,
    check: listed([...paths, 'Note']),
    also: [
        { name: 'core', query: { level: 'core' }, check: listed([...corePaths, 'Note']) },
        { name: 'by semanticId', query: { semanticId }, check: listed(['Note']) },
    ],
});
define('GET /concept-descriptions', {
    status: 200,
    check: listed([unit, concept]),
    also: [
        ...paged([unit, concept]),
        { name: 'by idShort', query: { idShort: 'Tonnage' }, check: listed([concept]) },
        {
            name: 'by isCaseOf',
            query: { isCaseOf: base64url(JSON.stringify(concept.isCaseOf[0])) },
            check: listed([concept]),
        },
        {
            name: 'by data specification',
            check: listed([concept]),
            query: {
                dataSpecificationRef: base64url(
                    JSON.stringify(concept.embeddedDataSpecifications[0].dataSpecification),
                ),
            },
        },
    ],
});

// ---------------------------------------------------------------- single ones

const fresh = {
    shell: {
        modelType: 'AssetAdministrationShell',
        id: ids.fresh,
        idShort: 'Fresh',
        assetInformation: {
            assetKind: 'Type',
            globalAssetId: 'https://example.com/ids/asset/fresh',
        },
    },
    submodel: { modelType: 'Submodel', id: ids.fresh, idShort: 'Fresh' },
    concept: { modelType: 'ConceptDescription', id: ids.fresh, idShort: 'Fresh' },
};

const kinds = [
    {
        list: '/shells',
        one: 'AAS',
        parameter: 'aasIdentifier',
        stored: shell,
        fresh: fresh.shell,
        name: 'shell',
    },
    {
        list: '/submodels',
        one: 'SM',
        parameter: 'submodelIdentifier',
        stored: submodel,
        fresh: fresh.submodel,
        name: 'submodel',
    },
    {
        list: '/concept-descriptions',
        one: '/concept-descriptions/{cdIdentifier}',
        parameter: 'cdIdentifier',
        stored: concept,
        fresh: fresh.concept,
        name: 'concept',
    },
];

for (const { list, one, parameter, stored, fresh: added, name } of kinds) {
    const place = `${list}/${code.fresh}`;
    define(`POST ${list}`, {
        good: { body: added },
        status: 201,
        check: all(same(added), located(place), afterwards(place, added)),
        errors: [
            { name: 'an id that is taken', body: { ...added, id: stored.id }, status: 409 },
            { name: 'another class', body: { ...added, modelType: 'Property' }, status: 400 },
            { name: 'an empty list', body: { ...added, description: [] }, status: 400 },
        ],
    });
    const changed = { ...stored, category: 'CHANGED' };
    if (name !== 'submodel') {
        define(`PUT ${one}`, {
            creates: parameter,
            good: { body: changed },
            status: 204,
            check: afterwards(`${list}/${code[name]}`, changed),
            also: [
                {
                    name: 'created',
                    params: { [parameter]: code.fresh },
                    body: added,
                    status: 201,
                    only: (operation) => operation.path.includes('{'),
                    check: all(same(added), located(place), afterwards(place, added)),
                },
            ],
            missing: { 201: 'the shell chosen by setting is there' },
        });
        define(`DELETE ${one}`, {
            status: 204,
            check: afterwards(`${list}/${code[name]}`, 404),
            missing: { 400: 'not documented' },
        });
        define(`GET ${one}`, { status: 200, check: same(stored) });
    }
}

define('GET AAS/$reference', { status: 200, check: same(shellReference) });

// ---------------------------------------------------------------- parts of a shell

const asset = shell.assetInformation;
const newAsset = { ...asset, assetType: 'https://example.com/press/2' };
define('GET AAS/asset-information', { status: 200, check: same(asset) });
define('PUT AAS/asset-information', {
    good: { body: newAsset },
    status: 204,
    check: afterwards(`/shells/${code.shell}`, { ...shell, assetInformation: newAsset }),
    errors: [
        { name: 'an unknown assetKind', body: { ...asset, assetKind: 'Thing' }, status: 400 },
        { name: 'no asset id at all', body: { assetKind: 'Instance' }, status: 400 },
    ],
});
const references = `/shells/${code.shell}/submodel-refs`;
const page = (...items) => ({ result: items, paging_metadata: {} });
define('GET AAS/submodel-refs', {
    status: 200,
    check: listed([submodelReference]),
    also: paged([submodelReference]),
});
define('POST AAS/submodel-refs', {
    good: { body: lonelyReference },
    status: 201,
    check: all(
        same(lonelyReference),
        afterwards(references, page(submodelReference, lonelyReference)),
    ),
    errors: [
        { name: 'a reference that is there', body: submodelReference, status: 409 },
        { name: 'a reference to a shell', body: shellReference, status: 400 },
        { name: 'an external reference', body: external(ids.lonely), status: 400 },
        {
            name: 'a reference without keys',
            body: { type: 'ModelReference', keys: [] },
            status: 400,
        },
    ],
});
define('DELETE AAS/submodel-refs/{submodelIdentifier}', {
    status: 204,
    check: all(
        afterwards(references, page()),
        afterwards(`/submodels/${code.submodel}?extent=withBlobValue`, submodel),
    ),
});
