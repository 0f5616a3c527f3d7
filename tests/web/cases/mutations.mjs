// SPDX-License-Identifier: Apache-2.0
// A good body with one place in it spoiled. The official schema is the judge: what it refuses, the
// server must refuse; so must it members that nobody knows.
const PER_PLACE = 2; // of the ways to spoil a place, taken in turn

const LONG = 'x'.repeat(3000);
const WAYS = {
    string: [17, {}, [], null, '', LONG, true, 'a\u0001b'],
    number: ['x', {}, [], null],
    boolean: ['x', {}, [], null, 1],
    array: [{}, 17, null, [], 'x', [null], [17], [[]]],
    object: [17, 'x', null, [], {}, true],
};
const kindOf = (value) => (Array.isArray(value) ? 'array' : typeof value);

// Every place below a value: the steps to it and what is there.
function* places(value, steps = []) {
    if (steps.length > 0) {
        yield [steps, value];
    }
    if (value !== null && typeof value === 'object') {
        for (const [name, below] of Object.entries(value)) {
            yield* places(below, [...steps, Array.isArray(value) ? Number(name) : name]);
        }
    }
}

// A copy with something else at a place; undefined takes the place away.
function changed(value, [step, ...rest], to) {
    const copy = Array.isArray(value) ? [...value] : { ...value };
    if (rest.length > 0) {
        copy[step] = changed(value[step], rest, to);
    } else if (to !== undefined) {
        copy[step] = to;
    } else if (Array.isArray(copy)) {
        copy.splice(step, 1);
    } else {
        delete copy[step];
    }
    return copy;
}

const told = (value) => {
    const text = JSON.stringify(value) ?? 'nothing';
    return text.length > 30 ? `${text.slice(0, 20)}… (${text.length})` : text;
};

// `refuses(body)`: whether the official schema refuses a body. `parts`: members may be left out, and
// null takes them away. `lenient`: members that need not be as the schema says.
export function* spoiled(good, refuses, { parts, anyMember, lenient = [] }) {
    if (good === null || typeof good !== 'object') {
        return;
    }
    let turn = 0;
    for (const [steps, value] of places(good)) {
        const ways = WAYS[kindOf(value)] ?? [];
        const chosen = [...(parts ? [] : [undefined])];
        for (let i = 0; i < PER_PLACE && i < ways.length; i++) {
            chosen.push(ways[turn++ % ways.length]);
        }
        for (const to of chosen) {
            const body = changed(good, steps, to);
            if (refuses(body) && !(parts && to === null) && !lenient.includes(steps[0])) {
                yield { name: `${steps.join('/')} = ${told(to)}`, body };
            }
        }
        if (kindOf(value) === 'object' && !anyMember) {
            yield {
                name: `${steps.join('/')} with an unknown member`,
                body: changed(good, [...steps, 'Nonsense'], 1),
            };
        }
    }
}
