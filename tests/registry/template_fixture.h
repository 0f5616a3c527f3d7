/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_TESTS_REGISTRY_TEMPLATE_FIXTURE_H
#define JIG_TESTS_REGISTRY_TEMPLATE_FIXTURE_H
/*
 * Small templates of our own as files, for tests that import many of them.
 */
#include <stdbool.h>
#include <stddef.h>

#include "registry/registry.h"

enum { TEMPLATE_JSON = 2048 };

/* An environment with one template "https://a.example/<name>" of a version (family
 * "a.example-smt-<name>", label "<version>.0") and the concept description "urn:concept:<name>". */
void template_json(char json[TEMPLATE_JSON], const char *name, int version);

/* A package with that environment and a supplementary file of `filler` bytes, malloc'd. */
char *template_package(const char *json, size_t filler, size_t *len);

/* Imports a file and gives the code. */
enum err_code template_import(
    struct registry *registry, const char *bytes, size_t len, const char *source, struct err *err);

/* The same in place of what is stored under the same ids. */
enum err_code template_import_replacing(
    struct registry *registry, const char *bytes, size_t len, const char *source, struct err *err);

/* True when a version is there and its environment can be read. */
bool template_version_exists(struct registry *registry, const char *name, int version);

#endif
