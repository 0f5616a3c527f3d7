/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decode → encode → decode → encode: what was read once must read and write the same again, pretty
 * or not, and the libxml2 document made from the tree must be the same document.
 */
#include <libxml/tree.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "aas/xml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ROOM = 64 * 1024 * 1024 };

static void demand(int condition)
{
    if (!condition) {
        abort();
    }
}

/* Reads what was written and demands the tree it was written from. */
static void read_again(struct arena *arena, const char *bytes, size_t len,
    const struct aas_node *expected, enum meta_version version)
{
    struct aas_xml again;
    demand(aas_xml_read(arena, bytes, len, expected->cls, NULL, &again, NULL) == ERR_OK);
    demand(again.version == version && aas_equal(expected, again.root));
    aas_xml_finish(&again);
}

static void check_built(struct arena *arena, const struct aas_node *root, enum meta_version version)
{
    struct aas_xml built;
    demand(aas_xml_from_tree(root, version, &built) == ERR_OK);
    xmlChar *bytes = NULL;
    int len = 0;
    xmlDocDumpMemoryEnc(built.doc, &bytes, &len, "UTF-8");
    demand(bytes != NULL);
    read_again(arena, (const char *)bytes, (size_t)len, root, version);
    xmlFree(bytes);
    aas_xml_finish(&built);
}

static void check_written(struct arena *arena, const struct aas_xml *xml)
{
    struct buf plain;
    struct buf pretty;
    buf_init(&plain, ROOM);
    buf_init(&pretty, ROOM);
    aas_xml_write(&plain, xml->root, xml->version, false);
    aas_xml_write(&pretty, xml->root, xml->version, true);
    if (!buf_failed(&plain) && !buf_failed(&pretty)) {
        read_again(arena, plain.bytes, plain.len, xml->root, xml->version);
        read_again(arena, pretty.bytes, pretty.len, xml->root, xml->version);
        check_built(arena, xml->root, xml->version);
    }
    buf_finish(&plain);
    buf_finish(&pretty);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct aas_xml xml;
    aas_xml_start();
    arena_init(&arena, ROOM);
    enum err_code code = aas_xml_read(&arena, (const char *)data, size, NULL, NULL, &xml, NULL);
    demand(code != ERR_OK || xml.root != NULL);
    if (xml.root != NULL && code != ERR_TOO_LARGE) {
        check_written(&arena, &xml);
    }
    aas_xml_finish(&xml);
    arena_finish(&arena);
    return 0;
}
