/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * docs/protocol.md names every method with its messages, and every field with its number and name.
 * Whether it tells the truth about them is for its readers. Single thread.
 */
#include "lovebank/v1/services.pb-c.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define DOC_BYTES_MAX (1u << 20)
#define ROW_BYTES_MAX 512

static char doc[DOC_BYTES_MAX];

static int read_doc(void **state)
{
    (void)state;
    FILE *file = fopen(LB_SOURCE_DIR "/docs/protocol.md", "rb");
    assert_non_null(file);
    size_t size = fread(doc, 1, sizeof(doc) - 1, file);
    fclose(file);
    doc[size] = '\0';
    return 0;
}

static bool text_has_row(const char *from, const char *to, const char *row)
{
    const char *found = strstr(from, row);
    return found != NULL && (to == NULL || found < to);
}

static void check_fields(const ProtobufCMessageDescriptor *message)
{
    char title[ROW_BYTES_MAX];
    snprintf(title, sizeof(title), "**%s**", message->short_name);
    const char *section = strstr(doc, title);
    if (section == NULL) {
        fail_msg("%s is not there", message->short_name);
        return;
    }
    const char *end = strstr(section + strlen(title), "\n**");
    for (unsigned i = 0; i < message->n_fields; i++) {
        char row[ROW_BYTES_MAX];
        const ProtobufCFieldDescriptor *field = &message->fields[i];
        snprintf(row, sizeof(row), "\n| %u | `%s` |", field->id, field->name);
        if (!text_has_row(section, end, row)) {
            fail_msg("%s.%s = %u is not there", message->short_name, field->name, field->id);
        }
        if (field->type == PROTOBUF_C_TYPE_MESSAGE) {
            check_fields(field->descriptor); /* messages do not contain themselves */
        }
    }
}

static void every_method_and_field_is_in_the_protocol_document(void **state)
{
    (void)state;
    static const ProtobufCServiceDescriptor *const services[] = {
        &lovebank__v1__ledger__descriptor,  &lovebank__v1__registry__descriptor,
        &lovebank__v1__members__descriptor, &lovebank__v1__reports__descriptor,
        &lovebank__v1__access__descriptor,
    };
    for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
        for (unsigned k = 0; k < services[i]->n_methods; k++) {
            char row[ROW_BYTES_MAX];
            const ProtobufCMethodDescriptor *method = &services[i]->methods[k];
            snprintf(row, sizeof(row), "| `%s` | %s | `%s` | `%s` |", method->name,
                     services[i]->short_name, method->input->short_name,
                     method->output->short_name);
            if (strstr(doc, row) == NULL) {
                fail_msg("%s is not there", row);
            }
            check_fields(method->input);
            check_fields(method->output);
        }
    }
    check_fields(&lovebank__v1__entry__descriptor); /* inside StoredEntry.packed */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_method_and_field_is_in_the_protocol_document),
    };
    return cmocka_run_group_tests(tests, read_doc, NULL);
}
