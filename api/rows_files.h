/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the route table, included by api/routes.c: files, packages, serialisation and upload. */
ROW(POST, "/upload", upload, CREATE, "Upload", false, NO_KIND, PACKAGE_MEMORY, ROOT_NONE),

    AAS(GET, "/serialization", serialization, READ, "GenerateSerializationByIds", NO_KIND),
