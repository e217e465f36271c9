# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Completion of lovebank for bash. What fits is asked from the program itself. Needs nothing of the
# package bash-completion.

_lovebank() {
    local before=${COMP_LINE:0:COMP_POINT} line word candidate cut="" fits=yes i
    local -a words=() notes=()

    COMPREPLY=()
    while IFS= read -r line; do
        if [[ $line == :files ]]; then
            compopt -o default
            return
        fi
        words+=("${line%%$'\t'*}")
        notes+=("${line#*$'\t'}")
    done < <("${COMP_WORDS[0]/#\~/$HOME}" complete --line "$before" 2>/dev/null)

    # Bash replaces only what stands behind the last "=" or ":", where its words end.
    word=${before##*[[:space:]]}
    if [[ $word == *[=:]* && $COMP_WORDBREAKS == *[=:]* ]]; then
        cut=${word%"${word##*[=:]}"}
    fi

    if ((${#words[@]} == 1)); then
        printf -v candidate %q "${words[0]}"
        [[ $candidate == \$\'* ]] && candidate=${words[0]}
        COMPREPLY=("${candidate#"$cut"}")
        return
    fi

    # Several: with their notes. If what was typed (initials, a name) is not how all of them begin,
    # an empty one keeps bash from putting their common beginning in its place.
    for i in "${!words[@]}"; do
        [[ ${words[i]} == "$word"* ]] || fits=
        COMPREPLY+=("${words[i]#"$cut"}")
    done
    if [[ ! $fits ]]; then
        COMPREPLY+=(" ")
    fi
    if [[ $COMP_TYPE == 63 || $COMP_TYPE == 33 || ! $fits ]]; then
        for i in "${!words[@]}"; do
            [[ ${notes[i]} ]] && COMPREPLY[i]+="  (${notes[i]})"
        done
    fi
}

complete -F _lovebank lovebank
