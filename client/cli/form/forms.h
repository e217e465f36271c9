/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The forms whose acts also come as rows of files; each is where its command is. Static data.
 */
#ifndef CLI_FORMS_H
#define CLI_FORMS_H

#include "form.h"

extern const struct form org_form;
extern const struct form class_form;
extern const struct form category_form;
extern const struct form item_form;
extern const struct form counter_form;
extern const struct form member_form;
extern const struct form stock_form;
extern const struct form record_form;
extern const struct form redeem_form;
extern const struct form service_form;
extern const struct form undo_form;
extern const struct form opening_form;

#endif
