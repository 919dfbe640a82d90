#!/bin/bash
# Fires real hooks for one app, one after the other, as Dokku would; the last argument is the event's number.
# Usage: writer.sh TRIGGERS APP FROM TO. Exits 1 when a hook failed or said anything.
triggers="$1" app="$2" failed=0
hooks=(post-config-update post-domains-update post-proxy-ports-update post-deploy)

for ((number = $3; number <= $4; number += 1)); do
  "$triggers/${hooks[number % 4]}" "$app" set '' "$number" || failed=1
done
exit "$failed"
