// SPDX-License-Identifier: Apache-2.0
// What the server holds before every case, written by hand: a shell, a submodel with every kind of
// element, concept descriptions; and what every form of the submodel must look like.
import { base64url } from './lib/http.mjs';
import { zip } from './lib/zip.mjs';

export const external = (value) => ({
    type: 'ExternalReference',
    keys: [{ type: 'GlobalReference', value }],
});
export const modelReference = (...pairs) => ({
    type: 'ModelReference',
    keys: pairs.map(([type, value]) => ({ type, value })),
});
export const property = (idShort, valueType, value, more = {}) => ({
    modelType: 'Property',
    idShort,
    valueType,
    value,
    ...more,
});

export const ids = {
    shell: 'https://example.com/ids/aas/press-17',
    submodel: 'https://example.com/ids/sm/press-17',
    lonely: 'https://example.com/ids/sm/프레스-18', // a submodel that no shell refers to
    concept: 'https://example.com/ids/cd/tonnage',
    unit: 'https://example.com/ids/cd/kilonewton',
    asset: 'https://example.com/ids/asset/4711',
    unknown: 'https://example.com/ids/nothing/here',
    fresh: 'https://example.com/ids/fresh/1',
};

export const code = Object.fromEntries(
    Object.entries(ids).map(([name, id]) => [name, base64url(id)]),
);

export const pdf = Buffer.from('%PDF-1.4\n%\u00e2\u00e3 press 17, manual\n%%EOF\n', 'latin1');
export const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
    'base64',
);

const semantics = external(ids.concept);
const blobText = 'G-code of die D-2231\nG21 G90\n';

const shared = {
    operation: {
        modelType: 'Operation',
        idShort: 'Weigh',
        inputVariables: [{ value: property('Force', 'xs:double', '1.0') }],
        outputVariables: [{ value: property('Mass', 'xs:double', '0.0') }],
        inoutputVariables: [{ value: property('Count', 'xs:int', '0') }],
    },
};

// The blob comes with and without its value.
function elements(withBlob) {
    const blob = { modelType: 'Blob', idShort: 'Program', contentType: 'text/plain' };
    if (withBlob) {
        blob.value = Buffer.from(blobText).toString('base64');
    }
    return [
        property('Tonnage', 'xs:double', '1240.0', { semanticId: semantics }),
        property('StrokeCount', 'xs:unsignedLong', '18446744073709551615'),
        property('Running', 'xs:boolean', 'true'),
        {
            modelType: 'MultiLanguageProperty',
            idShort: 'Title',
            value: [
                { language: 'en', text: 'Press' },
                { language: 'ko', text: '프레스' },
            ],
        },
        { modelType: 'Range', idShort: 'Temperature', valueType: 'xs:int', min: '-10', max: '45' },
        {
            modelType: 'File',
            idShort: 'Drawing',
            contentType: 'image/png',
            value: 'https://example.com/d.png',
        },
        { modelType: 'File', idShort: 'Manual', contentType: 'application/pdf' },
        blob,
        {
            modelType: 'ReferenceElement',
            idShort: 'Vendor',
            value: external('https://example.com/vendor'),
        },
        {
            modelType: 'RelationshipElement',
            idShort: 'Drives',
            first: external('https://example.com/motor'),
            second: external('https://example.com/ram'),
        },
        {
            modelType: 'AnnotatedRelationshipElement',
            idShort: 'Feeds',
            first: external('https://example.com/coil'),
            second: external('https://example.com/die'),
            annotations: [property('Rate', 'xs:decimal', '2.50')],
        },
        {
            modelType: 'Entity',
            idShort: 'Motor',
            entityType: 'SelfManagedEntity',
            globalAssetId: 'https://example.com/ids/asset/motor-3',
            specificAssetIds: [{ name: 'serial', value: 'M-3' }],
            statements: [property('Power', 'xs:int', '55')],
        },
        {
            modelType: 'BasicEventElement',
            idShort: 'Changed',
            observed: modelReference(['Submodel', ids.submodel], ['Property', 'Tonnage']),
            direction: 'output',
            state: 'on',
            messageTopic: 'press/17',
        },
        { modelType: 'Capability', idShort: 'Pressing' },
        shared.operation,
        {
            modelType: 'SubmodelElementCollection',
            idShort: 'Hydraulics',
            value: [
                property('Pressure', 'xs:decimal', '210.50'),
                {
                    modelType: 'SubmodelElementCollection',
                    idShort: 'Pump',
                    value: [property('Flow', 'xs:float', '12.5')],
                },
            ],
        },
        {
            modelType: 'SubmodelElementList',
            idShort: 'Stages',
            typeValueListElement: 'SubmodelElementCollection',
            value: [
                {
                    modelType: 'SubmodelElementCollection',
                    value: [property('Step', 'xs:string', 'blank')],
                },
                {
                    modelType: 'SubmodelElementCollection',
                    value: [property('Step', 'xs:string', 'draw')],
                },
            ],
        },
        {
            modelType: 'SubmodelElementList',
            idShort: 'Shifts',
            typeValueListElement: 'Property',
            valueTypeListElement: 'xs:int',
            orderRelevant: true,
            value: [
                { modelType: 'Property', valueType: 'xs:int', value: '1' },
                { modelType: 'Property', valueType: 'xs:int', value: '2' },
            ],
        },
    ];
}

function submodelWith(withBlob) {
    return {
        modelType: 'Submodel',
        id: ids.submodel,
        idShort: 'PressData',
        kind: 'Instance',
        administration: { version: '1', revision: '2' },
        description: [
            { language: 'en', text: 'Data of press 17' },
            { language: 'ko', text: '프레스 17 데이터' },
        ],
        semanticId: external('https://example.com/ids/template/press/1'),
        supplementalSemanticIds: [external('https://example.com/ids/template/machine/1')],
        qualifiers: [{ type: 'Site', valueType: 'xs:string', value: 'Ulsan' }],
        submodelElements: elements(withBlob),
    };
}

export const submodel = submodelWith(true);
export const submodelWithoutBlob = submodelWith(false);

export const lonely = {
    modelType: 'Submodel',
    id: ids.lonely,
    idShort: 'Spare',
    semanticId: external('https://example.com/ids/template/spare/1'),
    submodelElements: [property('Note', 'xs:string', 'in the warehouse')],
};

export const shell = {
    modelType: 'AssetAdministrationShell',
    id: ids.shell,
    idShort: 'Press17',
    assetInformation: {
        assetKind: 'Instance',
        globalAssetId: ids.asset,
        assetType: 'https://example.com/press',
        specificAssetIds: [
            { name: 'serialNumber', value: 'P-17' },
            { name: 'site', value: 'Ulsan' },
        ],
    },
    submodels: [modelReference(['Submodel', ids.submodel])],
};

export const concept = {
    modelType: 'ConceptDescription',
    id: ids.concept,
    idShort: 'Tonnage',
    isCaseOf: [external('0173-1#02-AAB999#001')],
    embeddedDataSpecifications: [
        {
            dataSpecification: external(
                'https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3',
            ),
            dataSpecificationContent: {
                modelType: 'DataSpecificationIec61360',
                preferredName: [
                    { language: 'en', text: 'tonnage' },
                    { language: 'ko', text: '톤수' },
                ],
                definition: [{ language: 'en', text: 'largest force of a press' }],
                dataType: 'REAL_MEASURE',
                unit: 'kN',
                unitId: external(ids.unit),
            },
        },
    ],
};

export const unit = { modelType: 'ConceptDescription', id: ids.unit, idShort: 'Kilonewton' };

const reference = (value) => ({
    type: 'ExternalReference',
    keys: [{ type: 'GlobalReference', value }],
});

// The value of every element that has one (IDTA-01001, value-only serialisation).
export function values(withBlob) {
    return {
        Tonnage: 1240.0,
        StrokeCount: '18446744073709551615',
        Running: true,
        Title: [{ en: 'Press' }, { ko: '프레스' }],
        Temperature: { min: -10, max: 45 },
        Drawing: { contentType: 'image/png', value: 'https://example.com/d.png' },
        Manual: { contentType: 'application/pdf' },
        Program: withBlob
            ? { contentType: 'text/plain', value: Buffer.from(blobText).toString('base64') }
            : { contentType: 'text/plain' },
        Vendor: reference('https://example.com/vendor'),
        Drives: {
            first: reference('https://example.com/motor'),
            second: reference('https://example.com/ram'),
        },
        Feeds: {
            first: reference('https://example.com/coil'),
            second: reference('https://example.com/die'),
            annotations: [{ Rate: 2.5 }],
        },
        Motor: {
            statements: { Power: 55 },
            entityType: 'SelfManagedEntity',
            globalAssetId: 'https://example.com/ids/asset/motor-3',
            specificAssetIds: [{ serial: 'M-3' }],
        },
        Changed: {
            observed: modelReference(['Submodel', ids.submodel], ['Property', 'Tonnage']),
        },
        Hydraulics: { Pressure: 210.5, Pump: { Flow: 12.5 } },
        Stages: [{ Step: 'blank' }, { Step: 'draw' }],
        Shifts: [1, 2],
    };
}

// Every idShort path, parents before children.
export const paths = [
    'Tonnage',
    'StrokeCount',
    'Running',
    'Title',
    'Temperature',
    'Drawing',
    'Manual',
    'Program',
    'Vendor',
    'Drives',
    'Feeds',
    'Feeds.Rate',
    'Motor',
    'Motor.Power',
    'Changed',
    'Pressing',
    'Weigh',
    'Hydraulics',
    'Hydraulics.Pressure',
    'Hydraulics.Pump',
    'Hydraulics.Pump.Flow',
    'Stages',
    'Stages[0]',
    'Stages[0].Step',
    'Stages[1]',
    'Stages[1].Step',
    'Shifts',
    'Shifts[0]',
    'Shifts[1]',
];
// level=core: direct children only.
export const corePaths = paths.filter((path) => !/[.[]/.test(path));

export const submodelReference = modelReference(['Submodel', ids.submodel]);
export const shellReference = modelReference(['AssetAdministrationShell', ids.shell]);
export const elementReference = (modelType, ...steps) =>
    modelReference(
        ['Submodel', ids.submodel],
        ...steps.map((step, i) =>
            Array.isArray(step)
                ? step
                : [i === steps.length - 1 ? modelType : 'SubmodelElementCollection', step],
        ),
    );

export const submodelMetadata = (() => {
    const { submodelElements, ...rest } = submodel;
    return rest;
})();

// What every kind keeps for $value and leaves out of $metadata.
const VALUES = {
    Property: ['value', 'valueId'],
    MultiLanguageProperty: ['value', 'valueId'],
    Range: ['min', 'max'],
    File: ['value', 'contentType'],
    Blob: ['value', 'contentType'],
    ReferenceElement: ['value'],
    RelationshipElement: ['first', 'second'],
    AnnotatedRelationshipElement: ['first', 'second', 'annotations'],
    Entity: ['statements', 'entityType', 'globalAssetId', 'specificAssetIds'],
    BasicEventElement: ['observed'],
    Capability: [],
    Operation: ['inputVariables', 'outputVariables', 'inoutputVariables'],
    SubmodelElementCollection: ['value'],
    SubmodelElementList: ['value'],
};
export const metadataOf = (element) =>
    Object.fromEntries(
        Object.entries(element).filter(([name]) => !VALUES[element.modelType].includes(name)),
    );

// ---------------------------------------------------------------- packages

const RELATIONSHIPS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const AASX = 'http://admin-shell.io/aasx/relationships';

function relationships(rows) {
    const list = rows.map(
        ([type, target], i) => `<Relationship Type="${type}" Target="${target}" Id="R${i}"/>`,
    );
    return (
        `<?xml version="1.0" encoding="utf-8"?><Relationships xmlns="${RELATIONSHIPS}">${list.join('')}` +
        '</Relationships>'
    );
}

export const packaged = {
    shell: 'https://example.com/ids/aas/packaged',
    submodel: 'https://example.com/ids/sm/packaged',
    asset: 'https://example.com/ids/asset/packaged',
};

// A package with one shell, one submodel and a file that the submodel names.
export function aasx(names = packaged) {
    const environment = {
        assetAdministrationShells: [
            {
                modelType: 'AssetAdministrationShell',
                id: names.shell,
                idShort: 'Packaged',
                assetInformation: { assetKind: 'Instance', globalAssetId: names.asset },
                submodels: [modelReference(['Submodel', names.submodel])],
            },
        ],
        submodels: [
            {
                modelType: 'Submodel',
                id: names.submodel,
                idShort: 'Papers',
                submodelElements: [
                    {
                        modelType: 'File',
                        idShort: 'Manual',
                        contentType: 'application/pdf',
                        value: '/aasx/files/manual.pdf',
                    },
                ],
            },
        ],
    };
    return zip([
        [
            '[Content_Types].xml',
            '<?xml version="1.0" encoding="utf-8"?>' +
                '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">' +
                '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>' +
                '<Default Extension="json" ContentType="application/json"/>' +
                '<Default Extension="pdf" ContentType="application/pdf"/>' +
                '<Override PartName="/aasx/aasx-origin" ContentType="text/plain"/></Types>',
        ],
        ['_rels/.rels', relationships([[`${AASX}/aasx-origin`, '/aasx/aasx-origin']])],
        ['aasx/aasx-origin', 'Intentionally empty.'],
        ['aasx/_rels/aasx-origin.rels', relationships([[`${AASX}/aas-spec`, '/aasx/data.json']])],
        ['aasx/data.json', JSON.stringify(environment)],
        [
            'aasx/_rels/data.json.rels',
            relationships([[`${AASX}/aas-suppl`, '/aasx/files/manual.pdf']]),
        ],
        ['aasx/files/manual.pdf', pdf],
    ]);
}

// ---------------------------------------------------------------- descriptors

export const endpoint = (type, href) => ({
    interface: type,
    protocolInformation: { href, endpointProtocol: 'HTTP', endpointProtocolVersion: ['1.1'] },
});

export const submodelDescriptor = (id, idShort = 'Elsewhere') => ({
    id,
    idShort,
    endpoints: [endpoint('SUBMODEL-3.0', 'https://plant.example.com/submodels/1')],
    semanticId: external('https://example.com/ids/template/press/1'),
});

export const shellDescriptor = (id, idShort = 'Elsewhere') => ({
    id,
    idShort,
    assetKind: 'Instance',
    assetType: 'https://example.com/lathe',
    globalAssetId: 'https://example.com/ids/asset/elsewhere',
    specificAssetIds: [{ name: 'serialNumber', value: 'L-1' }],
    endpoints: [endpoint('AAS-3.0', 'https://plant.example.com/shells/1')],
    submodelDescriptors: [submodelDescriptor('https://example.com/ids/sm/elsewhere')],
});

export const registered = {
    shell: 'https://example.com/ids/aas/registered',
    submodel: 'https://example.com/ids/sm/registered',
    nested: 'https://example.com/ids/sm/elsewhere',
};
