// SPDX-License-Identifier: Apache-2.0
// The server of the endpoint test and what it holds: the same before every case.
import { createHash } from 'node:crypto';
import { base64url, Client } from './http.mjs';
import { Server } from './server.mjs';
import { Worker } from './worker.mjs';
import { code, concept, ids, lonely, shell, submodel, unit } from '../fixtures.mjs';

const KINDS = [
    { list: '/submodels', things: [submodel, lonely], query: '?extent=withBlobValue' },
    { list: '/shells', things: [shell], query: '' },
    { list: '/concept-descriptions', things: [unit, concept], query: '' },
];
const REGISTRIES = ['/shell-descriptors', '/submodel-descriptors'];
const READS = ['GET', 'HEAD', 'OPTIONS'];
const SEEN = [
    ...KINDS.map(({ list, query }) => list + query),
    ...REGISTRIES,
    '/packages',
    '/lookup/shells',
    `/lookup/shells/${code.shell}`,
    `/shells/${code.shell}/asset-information/thumbnail`,
    `/submodels/${code.submodel}/submodel-elements/Manual/attachment`,
];

export class World {
    static async create(binary) {
        const world = new World();
        world.binary = binary;
        world.worker = await Worker.start();
        world.options = [
            '--aas',
            ids.shell,
            '--submodel',
            ids.submodel,
            '--delegate',
            world.worker.host,
        ];
        world.restarts = -1;
        await world.restart();
        return world;
    }

    // A new server with a new store.
    async restart() {
        const wrongs = this.server === undefined ? [] : await this.#end();
        this.server = await Server.start(this.binary, this.options);
        this.base = this.server.base;
        this.client = new Client(this.server.port);
        this.restarts++;
        for (const { list, things } of KINDS) {
            for (const thing of things) {
                await this.#must('POST', list, thing);
            }
        }
        this.baseline = await this.snapshot();
        this.touched = false;
        if (wrongs.length > 0) {
            throw new Error(wrongs.join('\n'));
        }
    }

    #end() {
        this.worker.release();
        this.client.close();
        return this.server.stop();
    }

    async stop() {
        const wrongs = await this.#end();
        await this.worker.stop();
        return wrongs;
    }

    call(method, path, options) {
        this.touched ||= !READS.includes(method);
        return this.client.call(method, path, options);
    }

    async #must(method, path, body) {
        const answer = await this.call(method, path, body === undefined ? {} : { body });
        if (answer.status >= 300) {
            throw new Error(`set-up: ${method} ${path}: ${answer}`);
        }
        return answer;
    }

    // Everything one can see of the store; two of them are equal when nothing has changed.
    async snapshot() {
        const seen = [];
        for (const path of SEEN) {
            const answer = await this.call('GET', path);
            const body =
                answer.status >= 400 ? '' : createHash('sha256').update(answer.bytes).digest('hex');
            seen.push(`${path} ${answer.status} ${body}`);
        }
        return seen.join('\n');
    }

    // Brings back what a case has changed.
    async restore() {
        if (!this.touched || (await this.isAsBefore())) {
            return;
        }
        try {
            await this.#undo();
        } catch {
            // a server that cannot undo is replaced below
        }
        if (!(await this.isAsBefore())) {
            await this.restart();
        }
    }

    async isAsBefore() {
        this.touched = (await this.snapshot()) !== this.baseline;
        return !this.touched;
    }

    async #undo() {
        for (const { list, things } of KINDS) {
            const there = (await this.call('GET', list)).json.result.map((one) => one.id);
            for (const id of there.filter((one) => !things.some((thing) => thing.id === one))) {
                await this.#must('DELETE', `${list}/${base64url(id)}`);
            }
            for (const thing of things) {
                await this.#must('PUT', `${list}/${base64url(thing.id)}`, thing);
            }
        }
        for (const list of REGISTRIES) {
            const answer = await this.call('GET', list);
            const byHand = (answer.json?.result ?? []).filter(
                (one) =>
                    !(one.endpoints ?? []).every((end) =>
                        end.protocolInformation.href.startsWith(this.base),
                    ),
            );
            for (const one of byHand) {
                await this.#must('DELETE', `${list}/${base64url(one.id)}`);
            }
        }
        const packages = await this.call('GET', '/packages');
        for (const one of packages.json?.result ?? []) {
            await this.#must('DELETE', `/packages/${base64url(one.packageId)}`);
        }
        const linked = await this.call('GET', '/lookup/shells');
        for (const id of (linked.json?.result ?? []).filter((one) => one !== ids.shell)) {
            await this.#must('DELETE', `/lookup/shells/${base64url(id)}`);
        }
    }
}
