// SPDX-License-Identifier: Apache-2.0
// The elements of a submodel, listed and by path.
import assert from 'node:assert/strict';
import {
    elementReference,
    lonely,
    metadataOf,
    paths,
    property,
    submodel,
    submodelWithoutBlob,
    values,
} from '../fixtures.mjs';
import { afterwards, all, listed, located, pagewise, same } from './checks.mjs';
import { define } from './define.mjs';
import {
    E,
    afterValues,
    at,
    changedTo,
    cut,
    cutBelow,
    element,
    press,
    whole,
    withMore,
    without,
    withoutEither,
} from './press.mjs';

// ---------------------------------------------------------------- its elements

// A list of elements in one form: `whole` on one page, and item by item.
const elementList = (list, more = {}) => ({
    status: 200,
    check: listed(list),
    also: [
        { name: 'page by page', query: { limit: '1' }, check: pagewise(list) },
        { name: 'a large page', query: { limit: '500' }, check: listed(list) },
        ...(more.also ?? []),
    ],
});
const inModel = (list) => list.map((one) => elementReference(one.modelType, one.idShort));
define(
    'GET SM/submodel-elements',
    elementList(submodelWithoutBlob.submodelElements, {
        also: [
            {
                name: 'with blobs',
                query: { extent: 'withBlobValue' },
                check: listed(submodel.submodelElements),
            },
            { name: 'core', query: { level: 'core' }, check: listed(cutBelow) },
        ],
    }),
);
define('GET SM/submodel-elements/$metadata', {
    status: 200,
    check: (answer) =>
        assert.deepEqual(
            answer.json.result.map(withoutEither),
            submodel.submodelElements.map(metadataOf),
        ),
    also: [
        {
            name: 'a short page',
            query: { limit: '2' },
            check: (answer) => {
                assert.equal(answer.json.result.length, 2);
                assert.equal(typeof answer.json.paging_metadata.cursor, 'string');
            },
        },
    ],
});
define('GET SM/submodel-elements/$reference', elementList(inModel(submodel.submodelElements)));
define('GET SM/submodel-elements/$path', {
    status: 200,
    check: listed(paths),
    also: [
        {
            name: 'core',
            query: { level: 'core' },
            check: listed(paths.filter((path) => path.split(/[.[]/).length <= 2)),
        },
    ],
});
define('GET SM/submodel-elements/$value', {
    status: 200,
    check: listed(values(false)),
    also: [{ name: 'with blobs', query: { extent: 'withBlobValue' }, check: listed(values(true)) }],
});

const added = property('Added', 'xs:date', '2026-02-28');
define('POST SM/submodel-elements', {
    good: { body: added },
    status: 201,
    check: all(same(added), afterwards(whole, withMore(added)), (answer, t) =>
        located(new URL(`${t.base}${t.path}/Added`).pathname)(answer, t),
    ),
    errors: [
        { name: 'an idShort that is taken', body: property('Tonnage', 'xs:int', '1'), status: 409 },
        { name: 'no idShort', body: { modelType: 'Capability' }, status: 400 },
        {
            name: 'a value of another type',
            body: property('Added', 'xs:date', '2026-02-30'),
            status: 400,
        },
        {
            name: 'an attribute of another kind',
            body: { modelType: 'Capability', idShort: 'Added', value: '1' },
            status: 400,
        },
        { name: 'a submodel', body: lonely, status: 400 },
    ],
});

define(`GET ${E}`, {
    params: at('Tonnage'),
    status: 200,
    check: same(element('Tonnage')),
    also: [
        ...submodelWithoutBlob.submodelElements.map((one) => ({
            name: one.modelType,
            params: at(one.idShort),
            check: same(one),
        })),
        {
            name: 'deep inside',
            params: at('Hydraulics.Pump.Flow'),
            check: same(element('Hydraulics').value[1].value[0]),
        },
        {
            name: 'in a list',
            params: at('Stages[1].Step'),
            check: same(element('Stages').value[1].value[0]),
        },
        {
            name: 'percent-encoded',
            params: at('Shifts%5B1%5D'),
            check: same(element('Shifts').value[1]),
        },
        {
            name: 'a statement',
            params: at('Motor.Power'),
            check: same(element('Motor').statements[0]),
        },
        {
            name: 'an annotation',
            params: at('Feeds.Rate'),
            check: same(element('Feeds').annotations[0]),
        },
        {
            name: 'with its blob',
            params: at('Program'),
            query: { extent: 'withBlobValue' },
            check: same(element('Program')),
        },
        {
            name: 'core',
            params: at('Hydraulics'),
            query: { level: 'core' },
            check: same({ ...element('Hydraulics'), value: element('Hydraulics').value.map(cut) }),
        },
    ],
});
const heavier = { ...element('Tonnage'), value: '1250.0' };
define(`PUT ${E}`, {
    params: at('Tonnage'),
    creates: 'idShortPath',
    good: { body: heavier },
    status: 204,
    check: afterwards(whole, changedTo(heavier)),
    also: [
        {
            name: 'created',
            params: at('Added'),
            body: added,
            status: 201,
            check: all(same(added), afterwards(whole, withMore(added))),
        },
        {
            name: 'renamed',
            params: at('Tonnage'),
            body: { ...heavier, idShort: 'Force' },
            status: 204,
            check: all(
                afterwards(`${press}/submodel-elements/Force`, { ...heavier, idShort: 'Force' }),
                afterwards(`${press}/submodel-elements/Tonnage`, 404),
            ),
        },
        {
            name: 'in a list',
            params: at('Shifts[1]'),
            body: { modelType: 'Property', valueType: 'xs:int', value: '3' },
            status: 204,
            check: afterwards(`${press}/submodel-elements/Shifts/$value`, [1, 3]),
        },
    ],
    errors: [
        { name: 'renamed to what is taken', body: { ...heavier, idShort: 'Running' }, status: 409 },
        { name: 'a value of another type', body: { ...heavier, value: 'heavy' }, status: 400 },
        { name: 'a submodel', body: lonely, status: 400 },
        {
            name: 'another kind in a list',
            params: at('Shifts[1]'),
            body: { modelType: 'Capability' },
            status: 400,
        },
    ],
});
define(`POST ${E}`, {
    params: at('Hydraulics'),
    good: { body: added },
    status: 201,
    check: all(
        same(added),
        afterwards(`${press}/submodel-elements/Hydraulics.Added`, added),
        (answer, t) => located(new URL(`${t.base}${t.path}.Added`).pathname)(answer, t),
    ),
    also: [
        {
            name: 'to a list',
            params: at('Shifts'),
            body: { modelType: 'Property', valueType: 'xs:int', value: '3' },
            status: 201,
            check: afterwards(`${press}/submodel-elements/Shifts/$value`, [1, 2, 3]),
        },
        {
            name: 'a statement',
            params: at('Motor'),
            status: 201,
            check: afterwards(`${press}/submodel-elements/Motor.Added`, added),
        },
    ],
    errors: [
        {
            name: 'an idShort that is taken',
            body: property('Pressure', 'xs:int', '1'),
            status: 409,
        },
        {
            name: 'another kind to a list',
            params: at('Shifts'),
            body: { modelType: 'Capability' },
            status: 400,
        },
        { name: 'to what has no children', params: at('Running'), status: [400, 405] },
        { name: 'no idShort', body: { modelType: 'Capability' }, status: 400 },
    ],
});
define(`PATCH ${E}`, {
    params: at('Tonnage'),
    emptyObject: true,
    good: {
        body: property('Tonnage', 'xs:double', '1300.50', {
            semanticId: element('Tonnage').semanticId,
        }),
    },
    status: 204,
    check: afterwards(whole, afterValues),
    also: [
        {
            name: 'below',
            params: at('Hydraulics'),
            status: 204,
            body: {
                modelType: 'SubmodelElementCollection',
                idShort: 'Hydraulics',
                value: [property('Pressure', 'xs:decimal', '99.90')],
            },
            check: afterwards(`${press}/submodel-elements/Hydraulics/$value`, {
                Pressure: 99.9,
                Pump: { Flow: 12.5 },
            }),
        },
    ],
    errors: [
        {
            name: 'another kind',
            body: { modelType: 'Capability', idShort: 'Tonnage' },
            status: 400,
        },
        {
            name: 'a value of another type',
            body: property('Tonnage', 'xs:double', 'heavy'),
            status: 400,
        },
        {
            name: 'an element that is not there',
            params: at('Hydraulics'),
            status: [400, 404],
            body: {
                modelType: 'SubmodelElementCollection',
                idShort: 'Hydraulics',
                value: [property('Nothing', 'xs:int', '1')],
            },
        },
    ],
});
define(`DELETE ${E}`, {
    params: at('Tonnage'),
    status: 204,
    check: afterwards(whole, without('Tonnage')),
    also: [
        {
            name: 'in a list',
            params: at('Shifts[0]'),
            check: afterwards(`${press}/submodel-elements/Shifts/$value`, [2]),
        },
        {
            name: 'the last child',
            params: at('Feeds.Rate'),
            check: afterwards(`${press}/submodel-elements/Feeds`, cut(element('Feeds'))),
        },
    ],
});
