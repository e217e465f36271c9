-- SPDX-License-Identifier: Apache-2.0
-- SPDX-FileCopyrightText: 2026 The LoveBank authors
--
-- For wrk, see http.sh: balances of a thousand members in turn, as JSON.
local number = 0

function request()
    number = (number + 1) % 1000
    local body = string.format('{"member":{"member":"%d"},"balancesOnly":true}', 98000000 + number)
    return wrk.format("POST", "/lovebank.v1.Members/MemberGet",
                      { ["Content-Type"] = "application/json" }, body)
end
