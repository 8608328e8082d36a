#!/bin/sh
# layers.sh DISTRIBUTION DIRECTORY: unpacks a distribution into two directories, which become layers of the image: the libraries,
# which change seldom, and the rest.
set -eu
mkdir -p "$2/application" "$2/libraries/lib"
tar -xzf "$1" -C "$2/application" --strip-components=1
for jar in "$2"/application/lib/*.jar; do
  [ "${jar##*/}" = tally.jar ] || mv "$jar" "$2/libraries/lib/"
done
