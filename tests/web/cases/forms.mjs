// SPDX-License-Identifier: Apache-2.0
// The forms of an element: $metadata, $value, $reference and $path.
import assert from 'node:assert/strict';
import { elementReference, external, property, submodel, values } from '../fixtures.mjs';
import { afterwards, same } from './checks.mjs';
import { define } from './define.mjs';
import { E, afterValues, at, changedTo, element, metadata, press, whole } from './press.mjs';

define(`GET ${E}/$metadata`, {
    params: at('Tonnage'),
    status: 200,
    check: metadata(element('Tonnage')),
    also: submodel.submodelElements.map((one) => ({
        name: one.modelType,
        params: at(one.idShort),
        check: metadata(one),
    })),
    errors: [{ name: 'extent', query: { extent: 'withBlobValue' }, status: 400 }],
});
define(`PATCH ${E}/$metadata`, {
    params: at('Tonnage'),
    emptyObject: true,
    good: {
        body: {
            modelType: 'Property',
            idShort: 'Tonnage',
            valueType: 'xs:double',
            category: 'PATCHED',
            semanticId: element('Tonnage').semanticId,
        },
    },
    status: 204,
    check: afterwards(whole, changedTo({ ...element('Tonnage'), category: 'PATCHED' })),
    errors: [
        { name: 'a value', body: element('Tonnage'), status: 400 },
        {
            name: 'another kind',
            body: { modelType: 'Capability', idShort: 'Tonnage' },
            status: 400,
        },
    ],
});
const valued = Object.entries(values(false));
define(`GET ${E}/$value`, {
    params: at('Tonnage'),
    status: 200,
    check: same(1240),
    also: [
        ...valued.map(([idShort, value]) => ({
            name: element(idShort).modelType,
            params: at(idShort),
            check: same(value),
        })),
        { name: 'in a list', params: at('Stages[1]'), check: same({ Step: 'draw' }) },
        {
            name: 'with its blob',
            params: at('Program'),
            query: { extent: 'withBlobValue' },
            check: same(values(true).Program),
        },
        {
            name: 'the lexical form',
            params: at('Tonnage'),
            check: (answer) =>
                assert.equal(answer.text.trim(), '1240.0', 'the value as it was written'),
        },
    ],
    errors: ['Pressing', 'Weigh'].map((idShort) => ({
        name: `${idShort} has no value`,
        params: at(idShort),
        status: 400,
    })),
});
define(`PATCH ${E}/$value`, {
    params: at('Tonnage'),
    good: { body: '"1300.50"' },
    status: 204,
    check: afterwards(whole, afterValues),
    wrongBodies: ['{}', '[]', 'true', '"fast"', '{"Tonnage":1}'],
    also: [
        { name: 'a number', body: '1300.50', check: afterwards(whole, afterValues) },
        {
            name: 'a boolean',
            params: at('Running'),
            body: 'false',
            check: afterwards(whole, changedTo({ ...element('Running'), value: 'false' })),
        },
        {
            name: 'texts',
            params: at('Title'),
            body: [{ en: 'Machine' }, { de: 'Maschine' }],
            check: afterwards(
                whole,
                changedTo({
                    ...element('Title'),
                    value: [
                        { language: 'en', text: 'Machine' },
                        { language: 'de', text: 'Maschine' },
                    ],
                }),
            ),
        },
        {
            name: 'a range',
            params: at('Temperature'),
            body: { min: '-20', max: 60 },
            check: afterwards(
                whole,
                changedTo({ ...element('Temperature'), min: '-20', max: '60' }),
            ),
        },
        {
            name: 'a file',
            params: at('Drawing'),
            body: { contentType: 'image/jpeg', value: 'https://example.com/e.jpg' },
            check: afterwards(
                whole,
                changedTo({
                    ...element('Drawing'),
                    contentType: 'image/jpeg',
                    value: 'https://example.com/e.jpg',
                }),
            ),
        },
        {
            name: 'a blob',
            params: at('Program'),
            body: { contentType: 'text/x', value: 'AQI=' },
            check: afterwards(
                whole,
                changedTo({ ...element('Program'), contentType: 'text/x', value: 'AQI=' }),
            ),
        },
        {
            name: 'a reference',
            params: at('Vendor'),
            body: external('https://example.com/other'),
            check: afterwards(
                whole,
                changedTo({ ...element('Vendor'), value: external('https://example.com/other') }),
            ),
        },
        {
            name: 'a relationship',
            params: at('Drives'),
            body: {
                first: external('https://example.com/a'),
                second: external('https://example.com/b'),
            },
            check: afterwards(
                whole,
                changedTo({
                    ...element('Drives'),
                    first: external('https://example.com/a'),
                    second: external('https://example.com/b'),
                }),
            ),
        },
        {
            name: 'an annotated relationship',
            params: at('Feeds'),
            body: {
                first: external('https://example.com/a'),
                second: external('https://example.com/b'),
                annotations: { Rate: '3.00' },
            },
            check: afterwards(
                whole,
                changedTo({
                    ...element('Feeds'),
                    first: external('https://example.com/a'),
                    second: external('https://example.com/b'),
                    annotations: [property('Rate', 'xs:decimal', '3.00')],
                }),
            ),
        },
        {
            name: 'an entity',
            params: at('Motor'),
            body: { ...values(false).Motor, statements: { Power: 75 } },
            check: afterwards(
                whole,
                changedTo({ ...element('Motor'), statements: [property('Power', 'xs:int', '75')] }),
            ),
        },
        {
            name: 'an event',
            params: at('Changed'),
            body: { observed: elementReference('Property', 'Running') },
            check: afterwards(
                whole,
                changedTo({
                    ...element('Changed'),
                    observed: elementReference('Property', 'Running'),
                }),
            ),
        },
        {
            name: 'a collection',
            params: at('Hydraulics'),
            body: { Pressure: '99.90' },
            check: afterwards(`${press}/submodel-elements/Hydraulics/$value`, {
                Pressure: 99.9,
                Pump: { Flow: 12.5 },
            }),
        },
        {
            name: 'a list',
            params: at('Shifts'),
            body: [7, '8'],
            check: afterwards(`${press}/submodel-elements/Shifts/$value`, [7, 8]),
        },
        { name: 'what it was before', body: '1240.0', check: afterwards(whole, submodel) },
    ],
    errors: [
        { name: 'a value for an operation', params: at('Weigh'), status: 400 },
        {
            name: 'a range without room',
            params: at('Temperature'),
            body: { min: 'low', max: 60 },
            status: 400,
        },
        { name: 'texts that are none', params: at('Title'), body: { en: 17 }, status: 400 },
        {
            name: 'no base64',
            params: at('Program'),
            body: { contentType: 'text/x', value: 'not base64!' },
            status: 400,
        },
        {
            name: 'a child that is not there',
            params: at('Hydraulics'),
            body: { Nothing: 1 },
            status: [400, 404],
        },
    ],
});
define(`GET ${E}/$reference`, {
    params: at('Tonnage'),
    status: 200,
    check: same(elementReference('Property', 'Tonnage')),
    also: [
        {
            name: 'inside',
            params: at('Hydraulics.Pump.Flow'),
            check: same(elementReference('Property', 'Hydraulics', 'Pump', 'Flow')),
        },
        {
            name: 'in a list',
            params: at('Stages[1].Step'),
            check: same(
                elementReference(
                    'Property',
                    ['SubmodelElementList', 'Stages'],
                    ['SubmodelElementCollection', '1'],
                    'Step',
                ),
            ),
        },
        ...submodel.submodelElements.map((one) => ({
            name: one.modelType,
            params: at(one.idShort),
            check: same(elementReference(one.modelType, one.idShort)),
        })),
    ],
});
define(`GET ${E}/$path`, {
    params: at('Hydraulics'),
    status: 200,
    check: same(['Hydraulics', 'Hydraulics.Pressure', 'Hydraulics.Pump', 'Hydraulics.Pump.Flow']),
    also: [
        {
            name: 'core',
            query: { level: 'core' },
            check: same(['Hydraulics', 'Hydraulics.Pressure', 'Hydraulics.Pump']),
        },
        { name: 'without children', params: at('Tonnage'), check: same(['Tonnage']) },
        {
            name: 'a list',
            params: at('Stages'),
            check: same(['Stages', 'Stages[0]', 'Stages[0].Step', 'Stages[1]', 'Stages[1].Step']),
        },
    ],
    errors: [{ name: 'extent', query: { extent: 'withBlobValue' }, status: 400 }],
});
