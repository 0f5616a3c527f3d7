// SPDX-License-Identifier: Apache-2.0
// The submodel of the cases and what becomes of it when something in it changes.
import assert from 'node:assert/strict';
import { code, metadataOf, submodel, submodelWithoutBlob } from '../fixtures.mjs';

export const press = `/submodels/${code.submodel}`;
export const whole = `${press}?extent=withBlobValue`;
export const element = (idShort) =>
    submodel.submodelElements.find((one) => one.idShort === idShort);
// The submodel with one element changed.
export const changedTo = (changed) => ({
    ...submodel,
    submodelElements: submodel.submodelElements.map((one) =>
        one.idShort === changed.idShort ? changed : one,
    ),
});
export const without = (idShort) => ({
    ...submodel,
    submodelElements: submodel.submodelElements.filter((one) => one.idShort !== idShort),
});
export const withMore = (...more) => ({
    ...submodel,
    submodelElements: [...submodel.submodelElements, ...more],
});
export const isPutBySuperpath = (operation) =>
    operation.path.startsWith('/shells') || operation.path.startsWith('/aas');
export const hasIdentifier = (operation) => operation.path.includes('{submodelIdentifier}');

// An element cut to itself and its direct children.
export const cut = (one) => {
    const names = {
        SubmodelElementCollection: 'value',
        SubmodelElementList: 'value',
        Entity: 'statements',
        AnnotatedRelationshipElement: 'annotations',
    };
    const { [names[one.modelType] ?? '']: children, ...rest } = one;
    return rest;
};
export const core = {
    ...submodelWithoutBlob,
    submodelElements: submodelWithoutBlob.submodelElements.map(cut),
};

// Every element itself with its children, and these without theirs.
export const cutBelow = submodelWithoutBlob.submodelElements.map((one) => {
    const [name] =
        Object.entries(one).find(([, value]) => Array.isArray(value) && value[0]?.modelType) ?? [];
    return name === undefined ? one : { ...one, [name]: one[name].map(cut) };
});

// The document does not list these as metadata, the specification's table does.
const EITHER = ['entityType', 'inputVariables', 'outputVariables', 'inoutputVariables'];
export const withoutEither = (one) =>
    Object.fromEntries(Object.entries(one).filter(([name]) => !EITHER.includes(name)));
export const metadata = (one) => (answer) =>
    assert.deepEqual(withoutEither(answer.json), metadataOf(one));

export const afterValues = changedTo({ ...element('Tonnage'), value: '1300.50' });
export const E = 'SM/submodel-elements/{idShortPath}';
export const at = (path) => ({ idShortPath: path });
