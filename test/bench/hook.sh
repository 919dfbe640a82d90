#!/bin/bash
# Times a hook against an empty bash and an empty program, taking turns. Prints one line a start, `NAME MICROSECONDS`;
# then how often the hook failed, how many bytes it said, and whether it left stdin whole.
# Usage: hook.sh RUNS SAID HOOK [ARGUMENT...]
LC_ALL=C
runs="$1" said="$2" failed=0
shift 2

started() {
  local from="$EPOCHREALTIME" name="$1"
  shift
  "$@" >>"$said" 2>&1
  local exit=$? until="$EPOCHREALTIME"
  echo "$name $((${until/./} - ${from/./}))"
  return "$exit"
}

: >"$said"
exec <<<'for somebody else'
for ((run = 0; run < runs; run += 1)); do
  started program /bin/true
  started bash /bin/bash -c :
  started hook "$@" || failed=$((failed + 1))
done
read -r left
[[ $left == 'for somebody else' ]] && stdin=whole || stdin=eaten
echo "failed $failed"
echo "said $(wc -c <"$said")"
echo "stdin $stdin"
