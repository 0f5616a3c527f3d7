// SPDX-License-Identifier: Apache-2.0
// Where the official documents of IDTA-01002 v3.1.2 contradict themselves or the specification's
// text. `mend` corrects the document and tells in how many places (none is a fault: the quirk is not
// needed any more); `excuses` lets an answer differ from it. Nothing else is excused.

// Calls visit(object) for every object below a value.
function everywhere(value, visit) {
    if (value === null || typeof value !== 'object') {
        return;
    }
    visit(value);
    for (const below of Object.values(value)) {
        everywhere(below, visit);
    }
}

function count(documents, mend) {
    let places = 0;
    for (const document of documents) {
        everywhere(document, (object) => {
            if (mend(object)) {
                places++;
            }
        });
    }
    return places;
}

const PACKAGE_TYPES = ['asset-administration-shell-package', 'aasx+xml', 'aas+zip'].map(
    (one) => `type application/${one}`,
);

export const quirks = [
    {
        name: 'pattern with doubled backslashes',
        reason:
            'Some patterns are plain YAML scalars with \\\\x09 in place of \\x09: they would allow capital ' +
            'letters and digits only, so no URL could be an identifier.',
        mend: (official) =>
            count([...official.documents.values(), official.collection], (object) => {
                if (typeof object.pattern !== 'string' || !object.pattern.includes('\\\\x09')) {
                    return false;
                }
                object.pattern = object.pattern.replaceAll('\\\\', '\\');
                return true;
            }),
    },
    {
        name: 'overlapping value alternatives',
        reason:
            'SubmodelElementValue and SubmodelElementMetadata list alternatives with oneOf that describe the ' +
            'same JSON (a file and a blob, any object and a collection): anyOf is meant.',
        mend: (official) =>
            count(
                [
                    official.part(2).components.schemas.SubmodelElementValue,
                    official.part(2).components.schemas.SubmodelElementMetadata,
                ],
                (object) => {
                    if (object.oneOf === undefined) {
                        return false;
                    }
                    object.anyOf = object.oneOf;
                    delete object.oneOf;
                    return true;
                },
            ),
    },
    {
        name: 'no content with content',
        reason: 'The shared answer no-content (204) documents a shell as its body; 204 has none (RFC 9110, 15.3.5).',
        mend: (official) => {
            const response = official.part(2).components.responses['no-content'];
            const places = response.content === undefined ? 0 : 1;
            delete response.content;
            return places;
        },
    },
    {
        name: 'no default answer',
        reason:
            'The self-description, bulk work and deleting a submodel descriptor document no answer for other ' +
            'statuses as all other operations do (406, 412, 413, 415 of RFC 9110): the default of the others holds.',
        mend: (official) => {
            let places = 0;
            for (const item of Object.values(official.collection.paths)) {
                for (const told of Object.values(item).filter(
                    (one) => one.responses !== undefined,
                )) {
                    if (told.responses.default === undefined) {
                        told.responses.default = official.part(2).components.responses.default;
                        places++;
                    }
                }
            }
            return places;
        },
    },
    {
        name: 'parameter of no address',
        reason: 'Some operations below /aas name aasIdentifier as a parameter of an address that has no such part.',
        mend: (official) => {
            let places = 0;
            const named = (parameter) => official.resolve(parameter);
            for (const [path, item] of Object.entries(official.collection.paths)) {
                for (const holder of [item, ...Object.values(item)].filter((one) =>
                    Array.isArray(one.parameters),
                )) {
                    const kept = holder.parameters.filter(
                        (parameter) =>
                            named(parameter).in !== 'path' ||
                            path.includes(`{${named(parameter).name}}`),
                    );
                    places += holder.parameters.length - kept.length;
                    holder.parameters = kept;
                }
            }
            return places;
        },
    },
    {
        name: 'values of several submodels in one object',
        reason:
            'GetSubmodelsValueResult has one object as its result; submodels have no name that could tell their ' +
            'values apart there, and the operation gives a list of submodels: an array of them is meant.',
        mend: (official) => {
            const { properties } =
                official.part(2).components.schemas.GetSubmodelsValueResult.allOf[1];
            if (properties.result.$ref === undefined) {
                return 0;
            }
            properties.result = { type: 'array', items: { $ref: properties.result.$ref } };
            return 1;
        },
    },
    {
        name: 'files as octets only',
        reason:
            'Attachments and thumbnails document application/octet-stream as their only content type; the ' +
            'specification stores the content type of a file with it, and clients show pictures by it.',
        excuses: (operation, answer, what) =>
            /\/(attachment|thumbnail)$/.test(operation.path) &&
            operation.method === 'GET' &&
            ['type application/pdf', 'type image/png'].includes(what),
    },
    {
        name: 'one media type for packages',
        reason:
            'Serialization documents one media type for packages; the file server documents another for the same ' +
            'thing, and the specification names further ones that clients ask for.',
        excuses: (operation, answer, what) =>
            operation.id === 'GenerateSerializationByIds' && PACKAGE_TYPES.includes(what),
    },
];
