#!/bin/sh
# Puts a greeting and the day of the build into a page: render.sh GREETING FILE
set -eu
sed -i "s|{{greeting}}|$1|g; s|{{built}}|$(date -u +%Y-%m-%d)|g" "$2"
echo "rendered $2 with \"$1\""
