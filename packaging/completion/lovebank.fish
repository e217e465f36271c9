# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Completion of lovebank for fish. What fits is asked from the program itself. Fish offers only what
# holds the letters typed: initials and names of members are for the command itself to understand.

function __lovebank_complete
    set -l words (commandline --tokenize --cut-at-cursor --current-process)
    set -l typed (commandline --current-token --cut-at-cursor)
    set -l found ($words[1] complete -- $words[2..] "$typed" 2>/dev/null)
    if test "$found[1]" = :files
        __fish_complete_path "$typed"
    else if set -q found[1]
        printf '%s\n' $found
    end
end

complete --command lovebank --no-files --arguments '(__lovebank_complete)'
