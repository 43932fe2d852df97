#!/bin/sh
# Puts a kubectl that carries kustomize 5 into the folder named, unless the machine has one. Debian 12's own is too old:
# then that of the next release is taken, from the same mirror, with apt's own checks, and nothing else of it.
# Usage: deploy/install-kubectl.sh .venv/bin
set -eu
suits() { "$1" version --client 2>/dev/null | grep -q 'Kustomize Version: v5'; }

suits kubectl && exit 0
suits "$1/kubectl" && exit 0
command -v apt-get >/dev/null || { echo "Install a kubectl that carries kustomize 5, then repeat." >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
# shellcheck disable=SC2016
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' | grep '/debian/$' | head -n 1)
[ -n "$mirror" ] || { echo "apt knows no mirror of Debian; install a kubectl that carries kustomize 5." >&2; exit 1; }
echo "deb $mirror trixie main" >"$work/sources"
: >"$work/status" # what is installed has no say in what is fetched
set -- "$1" -qq -o Dir::Etc::SourceList="$work/sources" -o Dir::Etc::SourceParts=- -o Dir::State::Lists="$work/lists" \
    -o Dir::Cache="$work/cache" -o Dir::State::status="$work/status" -o APT::Sandbox::User=root
into=$1
shift
apt-get "$@" update
(cd "$work" && apt-get "$@" download kubectl)
dpkg-deb --extract "$work"/kubectl_*.deb "$work/unpacked"
install "$work/unpacked/usr/bin/kubectl" "$into/kubectl"
suits "$into/kubectl" || { echo "The kubectl fetched carries no kustomize 5." >&2; exit 1; }
echo "Installed $("$into/kubectl" version --client | tr '\n' ' ')"
