// SPDX-License-Identifier: Apache-2.0
// The smallest writer of ZIP files: every member is stored as it is.
const table = Array.from({ length: 256 }, (_, byte) => {
    let value = byte;
    for (let bit = 0; bit < 8; bit++) {
        value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    }
    return value >>> 0;
});

function crc32(bytes) {
    let crc = 0xffffffff;
    for (const byte of bytes) {
        crc = table[(crc ^ byte) & 0xff] ^ (crc >>> 8);
    }
    return (crc ^ 0xffffffff) >>> 0;
}

const DATE_1980 = 0x21;

// Fields that the local header and the directory have in common, 26 bytes.
function fields(name, bytes) {
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(DATE_1980, 8);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(bytes.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(name.length, 22);
    return common;
}

// `members`: [name, text or bytes] in order.
export function zip(members) {
    const parts = [];
    const directory = [];
    let offset = 0;
    for (const [title, content] of members) {
        const name = Buffer.from(title);
        const bytes = Buffer.from(content);
        const common = fields(name, bytes);
        const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, name, bytes]);
        const tail = Buffer.alloc(14);
        tail.writeUInt32LE(offset, 10);
        directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), common, tail, name]));
        parts.push(local);
        offset += local.length;
    }
    const list = Buffer.concat(directory);
    const end = Buffer.alloc(22);
    end.write('PK\x05\x06', 'latin1');
    end.writeUInt16LE(members.length, 8);
    end.writeUInt16LE(members.length, 10);
    end.writeUInt32LE(list.length, 12);
    end.writeUInt32LE(offset, 16);
    return Buffer.concat([...parts, list, end]);
}
