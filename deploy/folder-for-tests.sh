#!/bin/sh
# Prints the folder for the files of tests: memory where there is plenty, since tests commit to disk tens of thousands of times.
set -eu
plenty_kb=8000000
free_kb=$(df --output=avail -k /dev/shm 2>/dev/null | tail -1 || true)
if [ "${free_kb:-0}" -gt "$plenty_kb" ]; then
    echo /dev/shm
else
    echo "${TMPDIR:-/tmp}"
fi
