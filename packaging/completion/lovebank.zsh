#compdef lovebank
# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Completion of lovebank for zsh, as the file _lovebank in fpath. What fits is asked from the program
# itself.

_lovebank() {
    local line note typed fits=yes
    local -a found shown asked

    asked=("${(@Q)words[2,CURRENT]}")
    typed=$asked[-1]
    while IFS= read -r line; do
        if [[ $line == :files ]]; then
            _files
            return
        fi
        found+=("${line%%$'\t'*}")
        note=${line#*$'\t'}
        shown+=("${line%%$'\t'*}${note:+  -- $note}")
        [[ $found[-1] == "$typed"* ]] || fits=
    done < <(${(Q)words[1]} complete -- "$asked[@]" 2>/dev/null)

    ((${#found})) || return 1
    # Initials and names are replaced by what they mean, as soon as that is one thing.
    if [[ -z $fits && ${#found} -gt 1 ]]; then
        compstate[insert]=
        compstate[list]='list force'
    fi
    compadd -U -l -d shown -a found
}

if [[ $funcstack[1] == _lovebank ]]; then
    _lovebank "$@"
else
    compdef _lovebank lovebank
fi
