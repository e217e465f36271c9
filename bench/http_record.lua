-- SPDX-License-Identifier: Apache-2.0
-- SPDX-FileCopyrightText: 2026 The LoveBank authors
--
-- For wrk, see http.sh: each request records a minute of the next member's, then the next day, under
-- an id of its own. For one thread of wrk on a fresh book; the category is that of `lovebank bench`.
local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
local number = 0

-- 16 bytes as base64: a mark, zeros, and a number of 48 bits.
local function id_of(value)
    local text = ""
    for _ = 1, 8 do
        local digit = value % 64 + 1
        text = alphabet:sub(digit, digit) .. text
        value = math.floor(value / 64)
    end
    return "lovebankAAAAA" .. text .. "A=="
end

function request()
    local body = string.format(
        '{"commands":[{"id":"%s","day":%d,"hasDay":true,"serviceRecord":' ..
        '{"member":{"member":"%d"},"category":%d,"minutes":1}}]}',
        id_of(number), 12000 + math.floor(number / 1000), 98000000 + number % 1000, 999999)
    number = number + 1
    return wrk.format("POST", "/lovebank.v1.Ledger/Write",
                      { ["Content-Type"] = "application/json" }, body)
end
