#!/usr/bin/env bats
# `commands` answers for this plugin's help and stands in nobody's way: a `git push` asks it too.

load stage

setup() {
  installed
}

@test "dokku help shows one line, first the name, then a comma, then what it is" {
  run --separate-stderr "$PLUGIN/commands" help
  [[ $status -eq 0 && -z $stderr && $output =~ ^'    dokkubase, '[^,]+,?.*$ && ${#lines[@]} -eq 1 ]]
}

@test "dokku help --all shows a line for each subcommand" {
  # Dokku tells the two apart by its own command line.
  run bash -c '"$1" help; :' --all "$PLUGIN/commands"
  for subcommand in "$REPO"/subcommands/*; do
    [[ ${subcommand##*/} == default || $output == *"    dokkubase:${subcommand##*/}"* ]]
  done
  [[ $output != *'    dokkubase,'* ]]
}

@test "dokkubase:help and dokkubase say how it is used" {
  run --separate-stderr "$PLUGIN/commands" dokkubase:help
  help="$output"
  [[ $status -eq 0 && $help == 'Usage: dokku dokkubase[:COMMAND]'* && $help == *dokkubase:containers* ]]
  run --separate-stderr "$PLUGIN/subcommands/default" dokkubase
  [[ $status -eq 0 && $output == "$help" ]]
}

@test "any other word is left to other plugins, silently" {
  for word in git-hook apps:create dokkubase:nope '' ' ' '*' help:help hel; do
    run "$PLUGIN/commands" "$word" blog
    [[ $status -eq 10 && -z $output ]]
  done
  run "$PLUGIN/commands"
  [[ $status -eq 10 && -z $output ]]
}
