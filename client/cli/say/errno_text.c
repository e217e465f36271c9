/* SPDX-License-Identifier: Apache-2.0 */
/* SPDX-FileCopyrightText: 2026 The LoveBank authors */
/*
 * The errors that people meet with files, disks, printers and terminals. Pure; safe from any
 * thread.
 */
#include "errno_text.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

const char *errno_text(bool is_chinese, int number)
{
    static const struct {
        int number;
        const char *text;
    } texts[] = {
        {EACCES, "没有权限"},
        {EPERM, "没有权限"},
        {ENOENT, "没有这个文件"},
        {ENOTDIR, "路径里有一段不是文件夹"},
        {EISDIR, "这是一个文件夹"},
        {ENOSPC, "磁盘满了"},
        {EDQUOT, "磁盘配额用完了"},
        {EROFS, "磁盘只读"},
        {EIO, "读写出错"},
        {ENXIO, "设备没有连上"},
        {ENODEV, "设备没有连上"},
        {EBUSY, "正被占用"},
        {EPIPE, "对方不再接收"},
        {ENAMETOOLONG, "文件名太长"},
        {ELOOP, "链接绕成了圈"},
        {EFBIG, "文件太大"},
        {EMFILE, "打开的文件太多"},
        {ENFILE, "打开的文件太多"},
        {ENOMEM, "内存不够"},
        {ENOTTY, "这不是终端"},
        {EOPNOTSUPP, "这里不能这样写"},
        {ESPIPE, "这种格式只能写到普通文件"},
        {EINVAL, "这里不能这样写"},
    };
    for (size_t i = 0; is_chinese && i < sizeof(texts) / sizeof(texts[0]); i++) {
        if (texts[i].number == number) {
            return texts[i].text;
        }
    }
    return strerror(number);
}
