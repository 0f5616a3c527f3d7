// SPDX-License-Identifier: Apache-2.0
// Every operation of the official collection: the cases that succeed, and bad input of every kind.
// Each answer is compared with the official document; what is refused must not change anything.
import { code } from './fixtures.mjs';
import { Wrongs } from './lib/tap.mjs';
import { definitions, keyOf, valueOf } from './cases/define.mjs';
import { badInput, harmless } from './cases/generated.mjs';
import { spoiled } from './cases/mutations.mjs';
import './cases/identifiables.mjs';
import './cases/submodel.mjs';
import './cases/elements.mjs';
import './cases/forms.mjs';
import './cases/files.mjs';
import './cases/registry.mjs';
import './cases/invoke.mjs';
import './cases/others.mjs';

const DEFAULTS = {
    aasIdentifier: code.shell,
    submodelIdentifier: code.submodel,
    cdIdentifier: code.concept,
};
// Documented answers that every operation owes a case; the others need users or a broken machine.
const OWED_ERRORS = [400, 404, 405, 409];
const NOT_PROVOKED = {
    401: 'not applicable without users',
    403: 'not applicable without users',
    500: 'nothing may go wrong inside',
};
const LEAST_SENTENCE = 10;
const WITHOUT_TAG = /^\/(description|serialization|bulk|lookup)|\/operation-(status|results)\//;

function pathOf(operation, params) {
    return operation.path.replace(/\{(\w+)\}/g, (_, name) => {
        if (params[name] === undefined) {
            throw new Error(`no value for {${name}} of ${operation.id}`);
        }
        return params[name];
    });
}

function queryOf(query, raw) {
    const pairs = Object.entries(query).flatMap(([name, value]) =>
        value === undefined
            ? []
            : [value].flat().map((one) => `${name}=${encodeURIComponent(one)}`),
    );
    const text = [...pairs, ...(raw === undefined ? [] : [raw])].join('&');
    return text === '' ? '' : `?${text}`;
}

// An error is told as a Result with the status and a sentence.
function refusalWrongs(answer) {
    if (answer.status < 400) {
        return [];
    }
    const told = answer.json;
    if (told === undefined || answer.type !== 'application/json') {
        return ['a refusal that is no Result'];
    }
    const wrongs =
        told.code === answer.status
            ? []
            : [`code ${told.code} in a Result of status ${answer.status}`];
    const messages = told.messages ?? [];
    if (
        messages.length === 0 ||
        messages.some(
            (one) => !(one.text?.length >= LEAST_SENTENCE) || !one.messageType || !one.code,
        )
    ) {
        wrongs.push('a Result without a sentence');
    }
    return wrongs;
}

// One operation under test.
class Trial {
    constructor(world, official, operation, spoiled) {
        Object.assign(this, { world, official, operation, spoiled });
        this.definition = definitions.get(keyOf(operation));
        this.seen = new Map();
        this.wrongs = [];
        this.base = world.base;
    }

    call(method, path, options) {
        return this.world.call(method, path, options);
    }

    tell(request, got, expected) {
        this.wrongs.push(`${request}: got ${got}; expected ${expected}`);
    }

    // The set-up of a case; gives its path parameters.
    async prepare(variation) {
        this.base = this.world.base;
        const before = variation.before ?? this.definition.before;
        const made = before === undefined ? undefined : await before(this);
        return { ...DEFAULTS, ...this.definition.params, ...made, ...variation.params };
    }

    // Sends the good request with a variation and compares the answer.
    async send(variation, params) {
        const good = valueOf(this.definition.good, this) ?? {};
        const path = pathOf(this.operation, { ...params, ...variation.params });
        this.path = path + queryOf({ ...good.query, ...variation.query }, variation.rawQuery);
        const request = {
            headers: { ...good.headers, ...(await valueOf(variation.headers, this)) },
            body: 'body' in variation ? variation.body : valueOf(good.body),
            promised: variation.promised,
        };
        const answer = await this.call(this.operation.method, this.path, request);
        const label = `[${variation.name ?? 'good'}] ${this.operation.method} ${this.path.slice(0, 300)}`;
        this.seen.set(answer.status, (this.seen.get(answer.status) ?? 0) + 1);
        const wanted = [valueOf(variation.status ?? this.definition.status, this.operation)].flat();
        if (!wanted.includes(answer.status)) {
            this.tell(label, answer, wanted.join(' or '));
            return;
        }
        const wrongs = [
            ...refusalWrongs(answer),
            ...this.official.answerWrongs(this.operation, answer),
        ];
        if (wrongs.length > 0) {
            this.tell(label, answer, wrongs.join('; '));
        } else {
            await this.check(label, variation, answer);
            await this.checkTag(label, variation, answer);
        }
    }

    // A single thing has an entity tag, and is not sent again to who has it.
    async checkTag(label, variation, answer) {
        const single =
            this.operation.method === 'GET' &&
            answer.status === 200 &&
            variation.name === undefined &&
            answer.json?.paging_metadata === undefined &&
            !WITHOUT_TAG.test(this.operation.path);
        if (!single) {
            return;
        }
        const { etag } = answer.headers;
        const again =
            etag === undefined
                ? undefined
                : await this.call('GET', this.path, { headers: { 'If-None-Match': etag } });
        if (again?.status !== 304) {
            this.tell(
                label,
                etag === undefined ? 'no ETag' : again,
                'an ETag, and 304 for who sends it back',
            );
        }
    }

    async check(label, variation, answer) {
        const check = 'check' in variation ? variation.check : undefined;
        try {
            await check?.(answer, this);
        } catch (error) {
            this.tell(label, answer, error.code === 'ERR_ASSERTION' ? error.message : error.stack);
        }
    }

    async guarded(variation, body) {
        try {
            await body();
        } catch (error) {
            this.tell(
                `[${variation.name ?? 'good'}] ${this.operation.method} ${this.operation.path}`,
                error.message,
                'an answer',
            );
        }
    }

    // What is refused, each followed by a look at the store when `watch` says so.
    async refuse(variations, watch) {
        await this.world.restore();
        let params = await this.prepare({});
        let before = await this.world.snapshot();
        for (const variation of variations) {
            await this.guarded(variation, () => this.send(variation, params));
            if (watch && (await this.world.snapshot()) !== before) {
                this.tell(
                    `[${variation.name}]`,
                    'a changed store',
                    'a refused request that changes nothing',
                );
                await this.world.restore();
                params = await this.prepare({});
                before = await this.world.snapshot();
            }
        }
        return (await this.world.snapshot()) === before;
    }

    // Bodies with one place spoiled: once for all roots of an address.
    spoiledBodies(good) {
        const schema = this.operation.body?.['application/json']?.schema;
        const key = keyOf(this.operation);
        if (schema === undefined || this.spoiled.has(key) || this.definition.judgedLater) {
            return [];
        }
        this.spoiled.add(key);
        const strict = this.official.strict(schema);
        const refuses = (body) => !this.official.takes(strict, body);
        const parts = this.operation.method === 'PATCH';
        const bodies = [...spoiled(good, refuses, { ...this.definition, parts })];
        return bodies.map((one) => ({ ...one, status: 400 }));
    }

    async refusals() {
        const good = valueOf(this.definition.good, this) ?? {};
        const mine = (this.definition.errors ?? []).filter(
            (one) => one.only?.(this.operation) ?? true,
        );
        const plain = [
            ...badInput(this.operation, this.definition, good),
            ...this.spoiledBodies(valueOf(good.body)),
            ...mine.filter((one) => one.before === undefined),
        ];
        const [counted, earlier] = [new Map(this.seen), [...this.wrongs]];
        if (!(await this.refuse(plain, false))) {
            this.wrongs = earlier;
            this.seen = counted;
            await this.refuse(plain, true);
        }
        for (const variation of mine.filter((one) => one.before !== undefined)) {
            await this.world.restore();
            await this.guarded(variation, async () => {
                const params = await this.prepare(variation);
                const before = await this.world.snapshot();
                await this.send(variation, params);
                if ((await this.world.snapshot()) !== before) {
                    this.tell(
                        `[${variation.name}]`,
                        'a changed store',
                        'a refused request that changes nothing',
                    );
                }
            });
        }
    }

    async successes() {
        const { check, also = [] } = this.definition;
        const reads = this.operation.method === 'GET';
        const plain = reads && this.definition.before === undefined;
        const variations = [{ check }, ...(reads ? harmless(this.operation) : []), ...also].filter(
            (one) => one.only?.(this.operation) ?? true,
        );
        for (const variation of variations) {
            if (!plain || variation.before !== undefined) {
                await this.world.restore();
            }
            await this.guarded(variation, async () =>
                this.send(variation, await this.prepare(variation)),
            );
        }
        await this.world.restore();
    }

    // The body that succeeds is one by the official schema, too.
    checkGoodBody() {
        const schema = this.operation.body?.['application/json']?.schema;
        const good = valueOf(valueOf(this.definition.good, this)?.body);
        if (schema === undefined) {
            return;
        }
        const body = typeof good === 'string' ? JSON.parse(good) : good;
        const wrongs = this.official.wrongs(this.official.strict(schema), body);
        if (wrongs.length > 0) {
            this.wrongs.push(`the good body is not as documented: ${wrongs.join('; ')}`);
        }
    }

    // Documented answers that no case has shown.
    unseen() {
        const excused = this.definition.missing ?? {};
        const owed = [
            ...this.operation.success,
            ...this.operation.errors.filter((status) => OWED_ERRORS.includes(status)),
        ];
        return owed.filter((status) => !this.seen.has(status) && !(status in excused));
    }

    async run() {
        this.checkGoodBody();
        await this.world.restore();
        if (this.definition.notOffered) {
            await this.send({}, await this.prepare({}));
            return;
        }
        await this.successes();
        await this.refusals();
        for (const status of this.unseen()) {
            this.wrongs.push(`the documented answer ${status} was never given`);
        }
    }
}

function table(trials) {
    const statuses = [...new Set(trials.flatMap((trial) => [...trial.seen.keys()]))].sort(
        (a, b) => a - b,
    );
    const head = ['operation', 'cases', ...statuses.map(String), ''];
    const rows = trials.map((trial) => {
        const cases = [...trial.seen.values()].reduce((sum, one) => sum + one, 0);
        return [
            `${trial.operation.method} ${trial.operation.path}`,
            String(cases),
            ...statuses.map((status) => String(trial.seen.get(status) ?? '.')),
            trial.outcome,
        ];
    });
    const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => row[i].length)));
    return [head, ...rows].map((row) =>
        row
            .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i])))
            .join('  ')
            .trimEnd(),
    );
}

// Documented answers without a case, and why.
function notProvoked(trials) {
    const reasons = new Map();
    for (const { operation, definition, seen } of trials) {
        const missing = { ...NOT_PROVOKED, ...definition?.missing };
        for (const status of [...operation.success, ...operation.errors]) {
            if (!seen.has(status) && status in missing) {
                const line = `${status} not provoked: ${missing[status]}`;
                reasons.set(line, (reasons.get(line) ?? 0) + 1);
            }
        }
    }
    return [...reasons].map(([line, count]) => `${line} (${count} operations)`).sort();
}

export async function testEndpoints({ world, official, results, only }) {
    const trials = [];
    const seenBodies = new Set();
    for (const operation of official.operations.filter(
        (one) => only === undefined || only.test(`${one.method} ${one.path}`),
    )) {
        const trial = new Trial(world, official, operation, seenBodies);
        trials.push(trial);
        if (trial.definition === undefined) {
            trial.wrongs.push('no cases are written for this operation');
        } else {
            await trial.guarded({}, () => trial.run());
        }
        const name = `operation ${operation.id} (${operation.method} ${operation.path})`;
        const fails = trial.wrongs.length > 0;
        trial.outcome = fails ? 'FAILED' : 'ok';
        await results.test(name, () => Wrongs.check(trial.wrongs));
    }
    return { trials, lines: [...table(trials), '', ...notProvoked(trials)] };
}
