#!/bin/sh
# Makes sure that Debian's Chromium is there for the browser tests. Does nothing where it is.
set -eu

if command -v chromium >/dev/null 2>&1; then
    chromium --version 2>/dev/null
    exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
    echo "install-chromium: chromium is missing and this is not Debian: install it, or set CHROMIUM to its path" >&2
    exit 1
fi
if [ "$(id -u)" -ne 0 ]; then
    echo "install-chromium: chromium is missing: run 'sudo $0', or set CHROMIUM to its path" >&2
    exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -q
apt-get install -y -q --no-install-recommends chromium fonts-dejavu-core
chromium --version 2>/dev/null
