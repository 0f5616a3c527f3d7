// SPDX-License-Identifier: Apache-2.0
// Query, serialisation and self-description.
import assert from 'node:assert/strict';
import { code, concept, ids, shell, submodel, unit } from '../fixtures.mjs';
import { define } from './define.mjs';
import { same } from './checks.mjs';

// The evaluator is not there yet: every query is answered with 501, whatever it asks for.
const query = { $condition: { $eq: [{ $field: '$sm#idShort' }, { $strVal: 'PressData' }] } };
for (const list of [
    'shells',
    'submodels',
    'concept-descriptions',
    'shell-descriptors',
    'submodel-descriptors',
]) {
    define(`POST /query/${list}`, { notOffered: true, good: { body: query }, status: 501 });
}

const AASX = [
    'application/asset-administration-shell-package',
    'application/asset-administration-shell-package+xml',
    'application/aasx+xml',
    'application/aas+zip',
];
const environment = {
    assetAdministrationShells: [shell],
    submodels: [submodel],
    conceptDescriptions: [unit, concept],
};
const { conceptDescriptions, ...bare } = environment;
const isZip = (answer) =>
    assert.equal(answer.bytes.subarray(0, 4).toString('latin1'), 'PK\x03\x04');
const unordered = (expected) => (answer) => {
    const sorted = (value) => ({
        ...value,
        conceptDescriptions: [...value.conceptDescriptions].sort((a, b) => (a.id < b.id ? -1 : 1)),
    });
    assert.deepEqual(sorted(answer.json), sorted(expected));
};
define('GET /serialization', {
    good: {
        query: { aasIds: code.shell, submodelIds: code.submodel },
        headers: { Accept: 'application/json' },
    },
    status: 200,
    check: unordered(environment),
    also: [
        {
            name: 'without concept descriptions',
            query: { includeConceptDescriptions: 'false' },
            check: same(bare),
        },
        {
            name: 'XML',
            headers: { Accept: 'application/xml' },
            check: (answer) => {
                assert.equal(answer.type, 'application/xml');
                assert.match(
                    answer.text,
                    /<environment xmlns="https:\/\/admin-shell\.io\/aas\/3\/1"/,
                );
                assert.ok(answer.text.includes(`<id>${ids.submodel}</id>`));
            },
        },
        ...AASX.map((type) => ({ name: type, headers: { Accept: type }, check: isZip })),
        {
            name: 'of several submodels',
            query: { aasIds: undefined, submodelIds: [code.submodel, code.lonely] },
            check: (answer) =>
                assert.deepEqual(
                    answer.json.submodels.map((one) => one.id).sort(),
                    [ids.submodel, ids.lonely].sort(),
                ),
        },
    ],
    errors: [
        { name: 'an unknown shell', query: { aasIds: code.unknown }, status: [400, 404] },
        { name: 'an unknown submodel', query: { submodelIds: code.unknown }, status: [400, 404] },
        { name: 'a picture', headers: { Accept: 'image/png' }, status: 406 },
    ],
});

define('GET /description', {
    status: 200,
    check: (answer) => {
        assert.ok(
            answer.json.profiles.includes(
                'https://admin-shell.io/aas/API/3/1/SubmodelRepositoryServiceSpecification/SSP-002',
            ),
        );
        assert.ok(
            !answer.json.profiles.some(
                (one) =>
                    /RepositoryServiceSpecification\/SSP-00[35]|RegistryServiceSpecification\/SSP-00[45]/.test(
                        one,
                    ) && /Query/.test(one),
            ),
        );
    },
});
