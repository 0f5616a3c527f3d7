// SPDX-License-Identifier: Apache-2.0
// Shows the OpenAPI document of the server this page comes from.

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type JsonObject = { [name: string]: Json };

interface Document {
    components: { schemas: { [name: string]: JsonObject } };
}

declare const SwaggerUIBundle: (options: object) => unknown;

const SCHEMAS = "#/components/schemas/";

/** Classes that stand in nearly every other one; shown once, not at each of their places. */
const COMMON = ["Reference", "Qualifier", "Extension", "EmbeddedDataSpecification"];

function isObject(json: Json): json is JsonObject {
    return typeof json === "object" && json !== null && !Array.isArray(json);
}

function target(json: JsonObject): string | null {
    const ref = json["$ref"];
    return typeof ref === "string" && ref.startsWith(SCHEMAS) ? ref.slice(SCHEMAS.length) : null;
}

/** The names of the schemas that a schema chooses from. */
function choices(schema: JsonObject): string[] {
    const list = schema["oneOf"];
    return Array.isArray(list)
        ? list.filter(isObject).map((item) => target(item) ?? "")
        : [];
}

/**
 * Elements lie inside elements without end, and the viewer writes out what a schema refers to: inside
 * the schemas, references that lead in circles become a word.
 */
function unroll(document: Document): Document {
    const schemas = document.components.schemas;
    const stub = (name: string): JsonObject | null => {
        const list = schemas[name] === undefined ? [] : choices(schemas[name]);
        if (list.length > 0) {
            return { type: "object", description: `any ${name}: ${list.join(", ")}` };
        }
        return COMMON.includes(name) ? { type: "object", description: `a ${name}` } : null;
    };
    const walk = (json: Json): Json => {
        if (Array.isArray(json)) {
            return json.map(walk);
        }
        if (!isObject(json)) {
            return json;
        }
        const name = target(json);
        if (name !== null) {
            return stub(name) ?? json;
        }
        const copy: JsonObject = {};
        for (const [key, value] of Object.entries(json)) {
            copy[key] = walk(value);
        }
        return copy;
    };
    const unrolled: { [name: string]: JsonObject } = {};
    for (const [name, schema] of Object.entries(schemas)) {
        unrolled[name] = choices(schema).length > 0 ? schema : (walk(schema) as JsonObject);
    }
    return { ...document, components: { ...document.components, schemas: unrolled } };
}

async function show(): Promise<void> {
    const answer = await fetch("openapi.json");
    if (!answer.ok) {
        throw new Error(`the server answered with status ${answer.status}`);
    }
    SwaggerUIBundle({
        spec: unroll((await answer.json()) as Document),
        dom_id: "#docs",
        docExpansion: "none",
        defaultModelsExpandDepth: 0,
        defaultModelExpandDepth: 1,
        deepLinking: true,
        displayOperationId: true,
        displayRequestDuration: true,
        filter: true,
        validatorUrl: null,
    });
}

show().catch((reason: unknown) => {
    const place = document.getElementById("docs");
    if (place !== null) {
        place.textContent = `The document cannot be shown: ${String(reason)}`;
    }
});
