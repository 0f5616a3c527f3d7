/* SPDX-License-Identifier: Apache-2.0 */
#ifndef JIG_AAS_PROBLEM_H
#define JIG_AAS_PROBLEM_H
/*
 * Problems: what a reader finds that the element tree cannot hold, or only with a doubt.
 *
 * A reader reports every problem to a sink and goes on where it can, so that one run names every
 * slip. Texts are valid during the call only; a sink that keeps them copies them. The conformance
 * report is such a sink.
 */
#include <stdint.h>

struct aas_node;

enum aas_severity {
    AAS_INFO,
    AAS_WARNING,
    AAS_ERROR,      /* breaks a rule; the tree holds it all the same */
    AAS_UNREADABLE, /* has no place in the tree: the document is refused */
};

struct aas_problem {
    enum aas_severity severity;
    const char *rule;            /* "AASd-117", "JSON-syntax", "JSON-depth", "XML-DTD", ... */
    const struct aas_node *node; /* the nearest node, NULL before there is one */
    int slot;                    /* attribute of that node, -1 for the node itself */
    const char *pointer;         /* JSON pointer when it is not that of node and slot, else NULL */
    uint32_t line;               /* 1-based, 0 when unknown */
    uint32_t column;             /* 1-based bytes, 0 when unknown */
    const char *text;            /* what is wrong, one sentence */
    const char *remedy;          /* what to do about it, one sentence; NULL when obvious */
};

struct aas_sink {
    void (*add)(void *context, const struct aas_problem *problem);
    void *context;
};

#endif
