#!/bin/sh
# PostgreSQL's archive_command: keeps a finished segment of the write-ahead log, whole and on disk, or fails.
#   archive_command = 'deploy/postgres/archive-wal.sh %p %f /archive'
set -eu
segment=$1 name=$2 archive=$3

if [ -e "$archive/$name" ]; then
    # After a crash the server offers a segment again; another one of that name is never overwritten.
    cmp -s "$segment" "$archive/$name" && exit 0
    echo "$archive/$name is there and is another segment" >&2
    exit 1
fi
cp "$segment" "$archive/.$name.part"
sync "$archive/.$name.part"
mv "$archive/.$name.part" "$archive/$name"
sync "$archive"
