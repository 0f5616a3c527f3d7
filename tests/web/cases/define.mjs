// SPDX-License-Identifier: Apache-2.0
// The cases of every operation. Operations that differ only in the root of their address share one
// definition: SM stands for the four addresses of a submodel, AAS for the two of a shell.

const ROOTS = [
    ['/shells/{aasIdentifier}/submodels/{submodelIdentifier}', 'SM'],
    ['/aas/submodels/{submodelIdentifier}', 'SM'],
    ['/submodels/{submodelIdentifier}', 'SM'],
    ['/submodel', 'SM'],
    ['/shells/{aasIdentifier}', 'AAS'],
    ['/aas', 'AAS'],
];

export function keyOf(operation) {
    const { method, path } = operation;
    for (const [root, name] of ROOTS) {
        if (path === root || path.startsWith(`${root}/`)) {
            return `${method} ${name}${path.slice(root.length)}`.replace(
                'invoke-asnyc',
                'invoke-async',
            );
        }
    }
    return `${method} ${path}`;
}

export const definitions = new Map();

/* define('PUT SM', { … }):
 *   before(t)   set-up; what it returns are path parameters
 *   good        the request that succeeds: { params, query, headers, body, form }; may be a function of t
 *   status      what it is answered with; may be a function of the operation
 *   check(answer, t)
 *   also        more cases that succeed: { name, status, check, before, …what differs from good }
 *   errors      written cases that are refused: { name, status, … }
 *   creates     the path parameter whose unknown value is created
 *   wrongBodies JSON texts that are no body of this operation
 *   emptyObject true when {} is a body
 *   emptyBody   true when a body may be left out
 *   anyMember   true when members are names of the user's own
 *   lenient     members of the body that need not be as the official schema says
 *   judgedLater true when items of the body are judged after the answer
 *   badHandle   what an identifier that cannot be decoded is answered with, where not 400
 *   idOptional  true when the body need not tell the id
 *   notOffered  the operation is answered with 501 and nothing else is asked of it
 *   free        true when If-Match means nothing here
 *   missing     documented statuses that cannot be provoked: { status: reason }
 */
export function define(key, definition) {
    if (definitions.has(key)) {
        throw new Error(`${key} is defined twice`);
    }
    definitions.set(key, definition);
}

export const valueOf = (thing, ...args) => (typeof thing === 'function' ? thing(...args) : thing);
