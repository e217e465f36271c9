# SPDX-License-Identifier: Apache-2.0
# SPDX-FileCopyrightText: 2026 The LoveBank authors
#
# Completion of lovebank for bash. What fits is asked from the program itself. Needs nothing of the
# package bash-completion.

# Puts into `quoted` what bash reads as the word. Letters that it cannot print it would write as
# $'\345': they stay letters, unless the word holds what means something to bash.
_lovebank_quote() {
    local special=$' \t\n\\\'"`$&|;<>(){}[]*?!~#'

    printf -v quoted %q "$1"
    if [[ $quoted == \$\'* && $1 != *["$special"]* ]]; then
        quoted=$1
    fi
}

_lovebank() {
    local before=${COMP_LINE:0:COMP_POINT} line word quoted cut="" fits=yes i
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
        _lovebank_quote "${words[0]}"
        COMPREPLY=("${quoted#"$cut"}")
        return
    fi

    # Several: with their notes. If what was typed (initials, a name) is not how all of them begin,
    # an empty one keeps bash from putting their common beginning in its place.
    for i in "${!words[@]}"; do
        [[ ${words[i]} == "$word"* ]] || fits=
        _lovebank_quote "${words[i]}"
        COMPREPLY+=("${quoted#"$cut"}")
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
