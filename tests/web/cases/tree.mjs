// SPDX-License-Identifier: Apache-2.0
// A submodel and its elements below each of the four roots.
import assert from 'node:assert/strict';
import {
    code, corePaths, elementReference, external, ids, lonely, metadataOf, paths, property, submodel, submodelMetadata,
    submodelReference, submodelWithoutBlob, values,
} from '../fixtures.mjs';
import { define } from './define.mjs';
import { afterwards, all, listed, located, pagewise, same } from './identifiables.mjs';

const press = `/submodels/${code.submodel}`;
const whole = `${press}?extent=withBlobValue`;
const element = (idShort) => submodel.submodelElements.find((one) => one.idShort === idShort);
const bare = (idShort) => submodelWithoutBlob.submodelElements.find((one) => one.idShort === idShort);
// The submodel with one element changed.
const changedTo = (changed) => ({
    ...submodel,
    submodelElements: submodel.submodelElements.map((one) => (one.idShort === changed.idShort ? changed : one)),
});
const without = (idShort) => ({
    ...submodel, submodelElements: submodel.submodelElements.filter((one) => one.idShort !== idShort),
});
const withMore = (...more) => ({ ...submodel, submodelElements: [...submodel.submodelElements, ...more] });
const isPutBySuperpath = (operation) => operation.path.startsWith('/shells') || operation.path.startsWith('/aas');
const hasIdentifier = (operation) => operation.path.includes('{submodelIdentifier}');

// An element cut to itself and its direct children.
const cut = (one) => {
    const names = { SubmodelElementCollection: 'value', SubmodelElementList: 'value', Entity: 'statements',
        AnnotatedRelationshipElement: 'annotations' };
    const { [names[one.modelType] ?? '']: children, ...rest } = one;
    return rest;
};
const core = { ...submodelWithoutBlob, submodelElements: submodelWithoutBlob.submodelElements.map(cut) };

// Every element itself with its children, and these without theirs.
const cutBelow = submodelWithoutBlob.submodelElements.map((one) => {
    const [name] = Object.entries(one).find(([, value]) => Array.isArray(value) && value[0]?.modelType) ?? [];
    return name === undefined ? one : { ...one, [name]: one[name].map(cut) };
});

// ---------------------------------------------------------------- the submodel

define('GET SM', {
    status: 200, check: same(submodelWithoutBlob),
    also: [
        { name: 'with blobs', query: { extent: 'withBlobValue' }, check: same(submodel) },
        { name: 'deep', query: { level: 'deep', extent: 'withoutBlobValue' }, check: same(submodelWithoutBlob) },
        { name: 'core', query: { level: 'core' }, check: same(core) },
        {
            name: 'the same again is 304', status: 304,
            headers: async (t) => ({ 'If-None-Match': (await t.call('GET', t.path)).headers.etag }),
        },
    ],
    errors: [
        { name: 'a submodel the shell does not name', params: { submodelIdentifier: code.lonely }, status: 404, only: isPutBySuperpath },
    ],
});
const changed = { ...submodel, idShort: 'PressDataChanged' };
define('PUT SM', {
    creates: 'submodelIdentifier', good: { body: changed }, status: 204, check: afterwards(whole, changed),
    also: [
        {
            name: 'created', params: { submodelIdentifier: code.fresh }, status: 201, only: hasIdentifier,
            body: { modelType: 'Submodel', id: ids.fresh, idShort: 'Fresh' },
            check: all(
                same({ modelType: 'Submodel', id: ids.fresh, idShort: 'Fresh' }),
                afterwards(`/submodels/${code.fresh}`, { modelType: 'Submodel', id: ids.fresh, idShort: 'Fresh' })),
        },
        {
            name: 'created below the shell', params: { submodelIdentifier: code.fresh }, status: 201, only: isPutBySuperpath,
            body: { modelType: 'Submodel', id: ids.fresh, idShort: 'Fresh' },
            check: async (answer, t) => {
                const refs = await t.call('GET', `/shells/${code.shell}/submodel-refs`);
                assert.deepEqual(refs.json.result.map((one) => one.keys[0].value), [ids.submodel, ids.fresh]);
            },
        },
    ],
    errors: [
        { name: 'an element twice', body: withMore(property('Tonnage', 'xs:double', '1')), status: 400 },
        { name: 'a value of another type', body: withMore(property('Count', 'xs:int', 'many')), status: 400 },
        { name: 'an element without modelType', body: withMore({ idShort: 'Count' }), status: 400 },
        { name: 'an element without idShort', body: withMore({ modelType: 'Capability' }), status: 400 },
        { name: 'a shell', body: { modelType: 'AssetAdministrationShell', id: ids.submodel, assetInformation: { assetKind: 'Type' } }, status: 400 },
    ],
});
define('PATCH SM', {
    // The elements named are changed, the others stay.
    good: {
        body: {
            modelType: 'Submodel', id: ids.submodel, category: 'PATCHED',
            submodelElements: [property('Tonnage', 'xs:double', '1300.50', { semanticId: element('Tonnage').semanticId })],
        },
    },
    idOptional: true, emptyObject: true,
    status: 204,
    check: afterwards(whole, {
        ...changedTo({ ...element('Tonnage'), value: '1300.50' }), category: 'PATCHED',
    }),
    errors: [
        {
            name: 'an element that is not there', status: [400, 404],
            body: { modelType: 'Submodel', id: ids.submodel, submodelElements: [property('Nothing', 'xs:int', '1')] },
        },
        {
            name: 'an element of another kind', status: 400,
            body: { modelType: 'Submodel', id: ids.submodel, submodelElements: [{ modelType: 'Capability', idShort: 'Tonnage' }] },
        },
        {
            name: 'one right and one wrong element', status: 400,
            body: {
                modelType: 'Submodel', id: ids.submodel,
                submodelElements: [property('Tonnage', 'xs:double', '1'), property('StrokeCount', 'xs:unsignedLong', '-1')],
            },
        },
        { name: 'another id', body: { modelType: 'Submodel', id: ids.unknown }, status: 400 },
    ],
});
define('DELETE SM', {
    status: 204, check: afterwards(press, 404),
    also: [{
        name: 'and the reference of the shell', status: 204, only: isPutBySuperpath,
        check: async (answer, t) => {
            const refs = await t.call('GET', `/shells/${code.shell}/submodel-refs`);
            assert.deepEqual(refs.json.result, []);
        },
    }],
});

// ---------------------------------------------------------------- its forms

// The document does not list these as metadata, the specification's table does.
const EITHER = ['entityType', 'inputVariables', 'outputVariables', 'inoutputVariables'];
const withoutEither = (one) => Object.fromEntries(Object.entries(one).filter(([name]) => !EITHER.includes(name)));
const metadata = (one) => (answer) => assert.deepEqual(withoutEither(answer.json), metadataOf(one));

define('GET SM/$metadata', {
    status: 200, check: same(submodelMetadata),
    also: [{ name: 'core, as a real client sends', query: { level: 'core' }, check: same(submodelMetadata) }],
    errors: [{ name: 'level deep', query: { level: 'deep' }, status: [200, 400] },
        { name: 'extent', query: { extent: 'withBlobValue' }, status: 400 }],
});
define('PATCH SM/$metadata', {
    good: { body: { modelType: 'Submodel', id: ids.submodel, idShort: 'PressData', category: 'PATCHED' } },
    idOptional: true, emptyObject: true,
    status: 204,
    check: async (answer, t) => {
        const now = await t.call('GET', whole);
        assert.equal(now.json.category, 'PATCHED');
        assert.deepEqual(now.json.submodelElements, submodel.submodelElements);
    },
    errors: [
        { name: 'elements', body: { modelType: 'Submodel', id: ids.submodel, submodelElements: submodel.submodelElements }, status: 400 },
        { name: 'an empty list', body: { modelType: 'Submodel', id: ids.submodel, description: [] }, status: 400 },
    ],
});
const afterValues = changedTo({ ...element('Tonnage'), value: '1300.50' });
define('GET SM/$value', {
    status: 200, check: same(values(false)),
    also: [{ name: 'with blobs', query: { extent: 'withBlobValue' }, check: same(values(true)) }],
});
define('PATCH SM/$value', {
    good: { body: { Tonnage: '1300.50' } }, anyMember: true, emptyObject: true,
    wrongBodies: ['null', '17', '"text"', '[]', 'true', '[{"Tonnage":1}]'],
    status: 204, check: afterwards(whole, afterValues),
    also: [
        {
            name: 'several', body: { Running: false, Temperature: { min: -5, max: '50' }, Hydraulics: { Pump: { Flow: 13 } } },
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
        { name: 'one right and one wrong value', body: { Tonnage: '1', Running: 'perhaps' }, status: 400 },
        { name: 'a value for what has none', body: { Pressing: 1 }, status: 400 },
        { name: 'too long a list', body: { Shifts: [1, 2, 3, 4] }, status: [400, 404] },
    ],
});
define('GET SM/$reference', { status: 200, check: same(submodelReference) });
define('GET SM/$path', {
    status: 200, check: same(paths),
    also: [
        { name: 'deep', query: { level: 'deep' }, check: same(paths) },
        { name: 'core', query: { level: 'core' }, check: same(corePaths) },
    ],
    errors: [{ name: 'extent', query: { extent: 'withBlobValue' }, status: 400 }],
});

// ---------------------------------------------------------------- its elements

// A list of elements in one form: `whole` on one page, and item by item.
const elementList = (list, more = {}) => ({
    status: 200, check: listed(list),
    also: [
        { name: 'page by page', query: { limit: '1' }, check: pagewise(list) },
        { name: 'a large page', query: { limit: '500' }, check: listed(list) },
        ...(more.also ?? []),
    ],
});
const inModel = (list) => list.map((one) => elementReference(one.modelType, one.idShort));
define('GET SM/submodel-elements', elementList(submodelWithoutBlob.submodelElements, {
    also: [
        { name: 'with blobs', query: { extent: 'withBlobValue' }, check: listed(submodel.submodelElements) },
        { name: 'core', query: { level: 'core' }, check: listed(cutBelow) },
    ],
}));
define('GET SM/submodel-elements/$metadata', {
    status: 200,
    check: (answer) => assert.deepEqual(answer.json.result.map(withoutEither), submodel.submodelElements.map(metadataOf)),
    also: [{
        name: 'a short page', query: { limit: '2' },
        check: (answer) => {
            assert.equal(answer.json.result.length, 2);
            assert.equal(typeof answer.json.paging_metadata.cursor, 'string');
        },
    }],
});
define('GET SM/submodel-elements/$reference', elementList(inModel(submodel.submodelElements)));
define('GET SM/submodel-elements/$path', {
    status: 200, check: listed(paths),
    also: [{ name: 'core', query: { level: 'core' }, check: listed(paths.filter((path) => path.split(/[.[]/).length <= 2)) }],
});
define('GET SM/submodel-elements/$value', {
    status: 200, check: listed(values(false)),
    also: [{ name: 'with blobs', query: { extent: 'withBlobValue' }, check: listed(values(true)) }],
});

const added = property('Added', 'xs:date', '2026-02-28');
define('POST SM/submodel-elements', {
    good: { body: added }, status: 201,
    check: all(same(added), afterwards(whole, withMore(added)), (answer, t) =>
        located(new URL(`${t.base}${t.path}/Added`).pathname)(answer, t)),
    errors: [
        { name: 'an idShort that is taken', body: property('Tonnage', 'xs:int', '1'), status: 409 },
        { name: 'no idShort', body: { modelType: 'Capability' }, status: 400 },
        { name: 'a value of another type', body: property('Added', 'xs:date', '2026-02-30'), status: 400 },
        { name: 'an attribute of another kind', body: { modelType: 'Capability', idShort: 'Added', value: '1' }, status: 400 },
        { name: 'a submodel', body: lonely, status: 400 },
    ],
});

const E = 'SM/submodel-elements/{idShortPath}';
const at = (path) => ({ idShortPath: path });
define(`GET ${E}`, {
    params: at('Tonnage'), status: 200, check: same(element('Tonnage')),
    also: [
        ...submodelWithoutBlob.submodelElements.map((one) => ({
            name: one.modelType, params: at(one.idShort), check: same(one),
        })),
        { name: 'deep inside', params: at('Hydraulics.Pump.Flow'), check: same(element('Hydraulics').value[1].value[0]) },
        { name: 'in a list', params: at('Stages[1].Step'), check: same(element('Stages').value[1].value[0]) },
        { name: 'percent-encoded', params: at('Shifts%5B1%5D'), check: same(element('Shifts').value[1]) },
        { name: 'a statement', params: at('Motor.Power'), check: same(element('Motor').statements[0]) },
        { name: 'an annotation', params: at('Feeds.Rate'), check: same(element('Feeds').annotations[0]) },
        { name: 'with its blob', params: at('Program'), query: { extent: 'withBlobValue' }, check: same(element('Program')) },
        {
            name: 'core', params: at('Hydraulics'), query: { level: 'core' },
            check: same({ ...element('Hydraulics'), value: element('Hydraulics').value.map(cut) }),
        },
    ],
});
const heavier = { ...element('Tonnage'), value: '1250.0' };
define(`PUT ${E}`, {
    params: at('Tonnage'), creates: 'idShortPath', good: { body: heavier }, status: 204,
    check: afterwards(whole, changedTo(heavier)),
    also: [
        {
            name: 'created', params: at('Added'), body: added, status: 201,
            check: all(same(added), afterwards(whole, withMore(added))),
        },
        {
            name: 'renamed', params: at('Tonnage'), body: { ...heavier, idShort: 'Force' }, status: 204,
            check: all(
                afterwards(`${press}/submodel-elements/Force`, { ...heavier, idShort: 'Force' }),
                afterwards(`${press}/submodel-elements/Tonnage`, 404)),
        },
        {
            name: 'in a list', params: at('Shifts[1]'), body: { modelType: 'Property', valueType: 'xs:int', value: '3' },
            status: 204, check: afterwards(`${press}/submodel-elements/Shifts/$value`, [1, 3]),
        },
    ],
    errors: [
        { name: 'renamed to what is taken', body: { ...heavier, idShort: 'Running' }, status: 409 },
        { name: 'a value of another type', body: { ...heavier, value: 'heavy' }, status: 400 },
        { name: 'a submodel', body: lonely, status: 400 },
        {
            name: 'another kind in a list', params: at('Shifts[1]'),
            body: { modelType: 'Capability' }, status: 400,
        },
    ],
});
define(`POST ${E}`, {
    params: at('Hydraulics'), good: { body: added }, status: 201,
    check: all(same(added), afterwards(`${press}/submodel-elements/Hydraulics.Added`, added), (answer, t) =>
        located(new URL(`${t.base}${t.path}.Added`).pathname)(answer, t)),
    also: [
        {
            name: 'to a list', params: at('Shifts'), body: { modelType: 'Property', valueType: 'xs:int', value: '3' },
            status: 201, check: afterwards(`${press}/submodel-elements/Shifts/$value`, [1, 2, 3]),
        },
        { name: 'a statement', params: at('Motor'), status: 201, check: afterwards(`${press}/submodel-elements/Motor.Added`, added) },
    ],
    errors: [
        { name: 'an idShort that is taken', body: property('Pressure', 'xs:int', '1'), status: 409 },
        { name: 'another kind to a list', params: at('Shifts'), body: { modelType: 'Capability' }, status: 400 },
        { name: 'to what has no children', params: at('Running'), status: [400, 405] },
        { name: 'no idShort', body: { modelType: 'Capability' }, status: 400 },
    ],
});
define(`PATCH ${E}`, {
    params: at('Tonnage'), emptyObject: true, good: { body: property('Tonnage', 'xs:double', '1300.50', { semanticId: element('Tonnage').semanticId }) },
    status: 204, check: afterwards(whole, afterValues),
    also: [{
        name: 'below', params: at('Hydraulics'), status: 204,
        body: { modelType: 'SubmodelElementCollection', idShort: 'Hydraulics', value: [property('Pressure', 'xs:decimal', '99.90')] },
        check: afterwards(`${press}/submodel-elements/Hydraulics/$value`, { Pressure: 99.9, Pump: { Flow: 12.5 } }),
    }],
    errors: [
        { name: 'another kind', body: { modelType: 'Capability', idShort: 'Tonnage' }, status: 400 },
        { name: 'a value of another type', body: property('Tonnage', 'xs:double', 'heavy'), status: 400 },
        {
            name: 'an element that is not there', params: at('Hydraulics'), status: [400, 404],
            body: { modelType: 'SubmodelElementCollection', idShort: 'Hydraulics', value: [property('Nothing', 'xs:int', '1')] },
        },
    ],
});
define(`DELETE ${E}`, {
    params: at('Tonnage'), status: 204, check: afterwards(whole, without('Tonnage')),
    also: [
        { name: 'in a list', params: at('Shifts[0]'), check: afterwards(`${press}/submodel-elements/Shifts/$value`, [2]) },
        {
            name: 'the last child', params: at('Feeds.Rate'),
            check: afterwards(`${press}/submodel-elements/Feeds`, cut(element('Feeds'))),
        },
    ],
});

// ---------------------------------------------------------------- forms of an element

define(`GET ${E}/$metadata`, {
    params: at('Tonnage'), status: 200, check: metadata(element('Tonnage')),
    also: submodel.submodelElements.map((one) => ({ name: one.modelType, params: at(one.idShort), check: metadata(one) })),
    errors: [{ name: 'extent', query: { extent: 'withBlobValue' }, status: 400 }],
});
define(`PATCH ${E}/$metadata`, {
    params: at('Tonnage'), emptyObject: true,
    good: { body: { modelType: 'Property', idShort: 'Tonnage', valueType: 'xs:double', category: 'PATCHED', semanticId: element('Tonnage').semanticId } },
    status: 204, check: afterwards(whole, changedTo({ ...element('Tonnage'), category: 'PATCHED' })),
    errors: [
        { name: 'a value', body: element('Tonnage'), status: 400 },
        { name: 'another kind', body: { modelType: 'Capability', idShort: 'Tonnage' }, status: 400 },
    ],
});
const valued = Object.entries(values(false));
define(`GET ${E}/$value`, {
    params: at('Tonnage'), status: 200, check: same(1240),
    also: [
        ...valued.map(([idShort, value]) => ({ name: element(idShort).modelType, params: at(idShort), check: same(value) })),
        { name: 'in a list', params: at('Stages[1]'), check: same({ Step: 'draw' }) },
        { name: 'with its blob', params: at('Program'), query: { extent: 'withBlobValue' }, check: same(values(true).Program) },
        {
            name: 'the lexical form', params: at('Tonnage'),
            check: (answer) => assert.equal(answer.text.trim(), '1240.0', 'the value as it was written'),
        },
    ],
    errors: ['Pressing', 'Weigh'].map((idShort) => ({
        name: `${idShort} has no value`, params: at(idShort), status: 400,
    })),
});
define(`PATCH ${E}/$value`, {
    params: at('Tonnage'), good: { body: '"1300.50"' }, status: 204, check: afterwards(whole, afterValues),
    wrongBodies: ['{}', '[]', 'true', '"fast"', '{"Tonnage":1}'],
    also: [
        { name: 'a number', body: '1300.50', check: afterwards(whole, afterValues) },
        { name: 'a boolean', params: at('Running'), body: 'false', check: afterwards(whole, changedTo({ ...element('Running'), value: 'false' })) },
        {
            name: 'texts', params: at('Title'), body: [{ en: 'Machine' }, { de: 'Maschine' }],
            check: afterwards(whole, changedTo({
                ...element('Title'), value: [{ language: 'en', text: 'Machine' }, { language: 'de', text: 'Maschine' }],
            })),
        },
        {
            name: 'a range', params: at('Temperature'), body: { min: '-20', max: 60 },
            check: afterwards(whole, changedTo({ ...element('Temperature'), min: '-20', max: '60' })),
        },
        {
            name: 'a file', params: at('Drawing'), body: { contentType: 'image/jpeg', value: 'https://example.com/e.jpg' },
            check: afterwards(whole, changedTo({ ...element('Drawing'), contentType: 'image/jpeg', value: 'https://example.com/e.jpg' })),
        },
        {
            name: 'a blob', params: at('Program'), body: { contentType: 'text/x', value: 'AQI=' },
            check: afterwards(whole, changedTo({ ...element('Program'), contentType: 'text/x', value: 'AQI=' })),
        },
        {
            name: 'a reference', params: at('Vendor'), body: external('https://example.com/other'),
            check: afterwards(whole, changedTo({ ...element('Vendor'), value: external('https://example.com/other') })),
        },
        {
            name: 'a relationship', params: at('Drives'),
            body: { first: external('https://example.com/a'), second: external('https://example.com/b') },
            check: afterwards(whole, changedTo({
                ...element('Drives'), first: external('https://example.com/a'), second: external('https://example.com/b'),
            })),
        },
        {
            name: 'an annotated relationship', params: at('Feeds'),
            body: { first: external('https://example.com/a'), second: external('https://example.com/b'), annotations: { Rate: '3.00' } },
            check: afterwards(whole, changedTo({
                ...element('Feeds'), first: external('https://example.com/a'), second: external('https://example.com/b'),
                annotations: [property('Rate', 'xs:decimal', '3.00')],
            })),
        },
        {
            name: 'an entity', params: at('Motor'), body: { ...values(false).Motor, statements: { Power: 75 } },
            check: afterwards(whole, changedTo({ ...element('Motor'), statements: [property('Power', 'xs:int', '75')] })),
        },
        {
            name: 'an event', params: at('Changed'), body: { observed: elementReference('Property', 'Running') },
            check: afterwards(whole, changedTo({ ...element('Changed'), observed: elementReference('Property', 'Running') })),
        },
        {
            name: 'a collection', params: at('Hydraulics'), body: { Pressure: '99.90' },
            check: afterwards(`${press}/submodel-elements/Hydraulics/$value`, { Pressure: 99.9, Pump: { Flow: 12.5 } }),
        },
        { name: 'a list', params: at('Shifts'), body: [7, '8'], check: afterwards(`${press}/submodel-elements/Shifts/$value`, [7, 8]) },
        { name: 'what it was before', body: '1240.0', check: afterwards(whole, submodel) },
    ],
    errors: [
        { name: 'a value for an operation', params: at('Weigh'), status: 400 },
        { name: 'a range without room', params: at('Temperature'), body: { min: 'low', max: 60 }, status: 400 },
        { name: 'texts that are none', params: at('Title'), body: { en: 17 }, status: 400 },
        { name: 'no base64', params: at('Program'), body: { contentType: 'text/x', value: 'not base64!' }, status: 400 },
        { name: 'a child that is not there', params: at('Hydraulics'), body: { Nothing: 1 }, status: [400, 404] },
    ],
});
define(`GET ${E}/$reference`, {
    params: at('Tonnage'), status: 200, check: same(elementReference('Property', 'Tonnage')),
    also: [
        { name: 'inside', params: at('Hydraulics.Pump.Flow'), check: same(elementReference('Property', 'Hydraulics', 'Pump', 'Flow')) },
        {
            name: 'in a list', params: at('Stages[1].Step'),
            check: same(elementReference('Property', ['SubmodelElementList', 'Stages'], ['SubmodelElementCollection', '1'], 'Step')),
        },
        ...submodel.submodelElements.map((one) => ({
            name: one.modelType, params: at(one.idShort), check: same(elementReference(one.modelType, one.idShort)),
        })),
    ],
});
define(`GET ${E}/$path`, {
    params: at('Hydraulics'), status: 200,
    check: same(['Hydraulics', 'Hydraulics.Pressure', 'Hydraulics.Pump', 'Hydraulics.Pump.Flow']),
    also: [
        { name: 'core', query: { level: 'core' }, check: same(['Hydraulics', 'Hydraulics.Pressure', 'Hydraulics.Pump']) },
        { name: 'without children', params: at('Tonnage'), check: same(['Tonnage']) },
        { name: 'a list', params: at('Stages'), check: same(['Stages', 'Stages[0]', 'Stages[0].Step', 'Stages[1]', 'Stages[1].Step']) },
    ],
    errors: [{ name: 'extent', query: { extent: 'withBlobValue' }, status: 400 }],
});
