// SPDX-License-Identifier: Apache-2.0
// A submodel below each of the four roots, whole and in its forms.
import assert from 'node:assert/strict';
import {
    code,
    corePaths,
    ids,
    modelReference,
    paths,
    property,
    submodel,
    submodelMetadata,
    submodelReference,
    submodelWithoutBlob,
    values,
} from '../fixtures.mjs';
import { afterwards, all, same } from './checks.mjs';
import { define } from './define.mjs';
import {
    afterValues,
    core,
    element,
    hasIdentifier,
    isPutBySuperpath,
    press,
    whole,
    withMore,
    changedTo,
} from './press.mjs';

// ---------------------------------------------------------------- the submodel

define('GET SM', {
    status: 200,
    check: same(submodelWithoutBlob),
    also: [
        { name: 'with blobs', query: { extent: 'withBlobValue' }, check: same(submodel) },
        {
            name: 'deep',
            query: { level: 'deep', extent: 'withoutBlobValue' },
            check: same(submodelWithoutBlob),
        },
        { name: 'core', query: { level: 'core' }, check: same(core) },
        {
            name: 'the same again is 304',
            status: 304,
            headers: async (t) => ({ 'If-None-Match': (await t.call('GET', t.path)).headers.etag }),
        },
    ],
    errors: [
        {
            name: 'a submodel the shell does not name',
            params: { submodelIdentifier: code.lonely },
            status: 404,
            only: isPutBySuperpath,
        },
    ],
});
const changed = { ...submodel, idShort: 'PressDataChanged' };
define('PUT SM', {
    creates: 'submodelIdentifier',
    good: { body: changed },
    status: 204,
    check: afterwards(whole, changed),
    also: [
        {
            name: 'created',
            params: { submodelIdentifier: code.fresh },
            status: 201,
            only: hasIdentifier,
            body: { modelType: 'Submodel', id: ids.fresh, idShort: 'Fresh' },
            // Below a shell, what is created is the reference that the shell gets.
            check: all(
                (answer, t) =>
                    same(
                        isPutBySuperpath(t.operation)
                            ? modelReference(['Submodel', ids.fresh])
                            : { modelType: 'Submodel', id: ids.fresh, idShort: 'Fresh' },
                    )(answer),
                afterwards(`/submodels/${code.fresh}`, {
                    modelType: 'Submodel',
                    id: ids.fresh,
                    idShort: 'Fresh',
                }),
            ),
        },
        {
            name: 'created below the shell',
            params: { submodelIdentifier: code.fresh },
            status: 201,
            only: isPutBySuperpath,
            body: { modelType: 'Submodel', id: ids.fresh, idShort: 'Fresh' },
            check: async (answer, t) => {
                const refs = await t.call('GET', `/shells/${code.shell}/submodel-refs`);
                assert.deepEqual(
                    refs.json.result.map((one) => one.keys[0].value),
                    [ids.submodel, ids.fresh],
                );
            },
        },
    ],
    errors: [
        {
            name: 'an element twice',
            body: withMore(property('Tonnage', 'xs:double', '1')),
            status: 400,
        },
        {
            name: 'a value of another type',
            body: withMore(property('Count', 'xs:int', 'many')),
            status: 400,
        },
        { name: 'an element without modelType', body: withMore({ idShort: 'Count' }), status: 400 },
        {
            name: 'an element without idShort',
            body: withMore({ modelType: 'Capability' }),
            status: 400,
        },
        {
            name: 'a shell',
            body: {
                modelType: 'AssetAdministrationShell',
                id: ids.submodel,
                assetInformation: { assetKind: 'Type' },
            },
            status: 400,
        },
    ],
});
define('PATCH SM', {
    // The elements named are changed, the others stay.
    good: {
        body: {
            modelType: 'Submodel',
            id: ids.submodel,
            category: 'PATCHED',
            submodelElements: [
                property('Tonnage', 'xs:double', '1300.50', {
                    semanticId: element('Tonnage').semanticId,
                }),
            ],
        },
    },
    idOptional: true,
    emptyObject: true,
    status: 204,
    check: afterwards(whole, {
        ...changedTo({ ...element('Tonnage'), value: '1300.50' }),
        category: 'PATCHED',
    }),
    errors: [
        {
            name: 'an element that is not there',
            status: [400, 404],
            body: {
                modelType: 'Submodel',
                id: ids.submodel,
                submodelElements: [property('Nothing', 'xs:int', '1')],
            },
        },
        {
            name: 'an element of another kind',
            status: 400,
            body: {
                modelType: 'Submodel',
                id: ids.submodel,
                submodelElements: [{ modelType: 'Capability', idShort: 'Tonnage' }],
            },
        },
        {
            name: 'one right and one wrong element',
            status: 400,
            body: {
                modelType: 'Submodel',
                id: ids.submodel,
                submodelElements: [
                    property('Tonnage', 'xs:double', '1'),
                    property('StrokeCount', 'xs:unsignedLong', '-1'),
                ],
            },
        },
        { name: 'another id', body: { modelType: 'Submodel', id: ids.unknown }, status: 400 },
    ],
});
define('DELETE SM', {
    status: 204,
    check: afterwards(press, 404),
    also: [
        {
            name: 'and the reference of the shell',
            status: 204,
            only: isPutBySuperpath,
            check: async (answer, t) => {
                const refs = await t.call('GET', `/shells/${code.shell}/submodel-refs`);
                assert.deepEqual(refs.json.result, []);
            },
        },
    ],
});

// ---------------------------------------------------------------- its forms

define('GET SM/$metadata', {
    status: 200,
    check: same(submodelMetadata),
    also: [
        {
            name: 'core, as a real client sends',
            query: { level: 'core' },
            check: same(submodelMetadata),
        },
    ],
    errors: [
        { name: 'level deep', query: { level: 'deep' }, status: [200, 400] },
        { name: 'extent', query: { extent: 'withBlobValue' }, status: 400 },
    ],
});
define('PATCH SM/$metadata', {
    good: {
        body: {
            modelType: 'Submodel',
            id: ids.submodel,
            idShort: 'PressData',
            category: 'PATCHED',
        },
    },
    idOptional: true,
    emptyObject: true,
    status: 204,
    check: async (answer, t) => {
        const now = await t.call('GET', whole);
        assert.equal(now.json.category, 'PATCHED');
        assert.deepEqual(now.json.submodelElements, submodel.submodelElements);
    },
    errors: [
        {
            name: 'elements',
            body: {
                modelType: 'Submodel',
                id: ids.submodel,
                submodelElements: submodel.submodelElements,
            },
            status: 400,
        },
        {
            name: 'an empty list',
            body: { modelType: 'Submodel', id: ids.submodel, description: [] },
            status: 400,
        },
    ],
});
define('GET SM/$value', {
    status: 200,
    check: same(values(false)),
    also: [{ name: 'with blobs', query: { extent: 'withBlobValue' }, check: same(values(true)) }],
});
define('PATCH SM/$value', {
    good: { body: { Tonnage: '1300.50' } },
    anyMember: true,
    emptyObject: true,
    wrongBodies: ['null', '17', '"text"', '[]', 'true', '[{"Tonnage":1}]'],
    status: 204,
    check: afterwards(whole, afterValues),
    also: [
        {
            name: 'several',
            body: {
                Running: false,
                Temperature: { min: -5, max: '50' },
                Hydraulics: { Pump: { Flow: 13 } },
            },
            check: async (answer, t) => {
                const now = await t.call('GET', `${press}/$value`);
                assert.equal(now.json.Running, false);
                assert.deepEqual(now.json.Temperature, { min: -5, max: 50 });
                assert.deepEqual(now.json.Hydraulics, { Pressure: 210.5, Pump: { Flow: 13 } });
            },
        },
    ],
    errors: [
        { name: 'an element that is not there', body: { Nothing: 1 }, status: [400, 404] },
        { name: 'a value of another type', body: { Tonnage: 'fast' }, status: 400 },
        {
            name: 'one right and one wrong value',
            body: { Tonnage: '1', Running: 'perhaps' },
            status: 400,
        },
        { name: 'a value for what has none', body: { Pressing: 1 }, status: 400 },
        { name: 'too long a list', body: { Shifts: [1, 2, 3, 4] }, status: [400, 404] },
    ],
});
define('GET SM/$reference', { status: 200, check: same(submodelReference) });
define('GET SM/$path', {
    status: 200,
    check: same(paths),
    also: [
        { name: 'deep', query: { level: 'deep' }, check: same(paths) },
        { name: 'core', query: { level: 'core' }, check: same(corePaths) },
    ],
    errors: [{ name: 'extent', query: { extent: 'withBlobValue' }, status: 400 }],
});
