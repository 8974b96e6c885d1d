#!/usr/bin/env bash
# Rewrites requirements/*.lock from the *.in files: versions and hashes, no index address.
#
# torch has a lock of its own, installed by pip: its hashes cover the public default build and, where pip is
# configured with find-links, the CPU build found there. uv keeps the hashes of those two apart and would refuse one.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=${UV:-uv}
links=$(python3 -m pip config get global.find-links 2>/dev/null || true)
common=(--python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate
        --override requirements/overrides.txt --quiet)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

"$uv" pip compile requirements/runtime.in requirements/train.in ${links:+--find-links "$links"} "${common[@]}" -o "$work/all.lock"
grep '^torch==' requirements/train.in > "$work/torch.in"
"$uv" pip compile "$work/torch.in" --no-deps "${common[@]}" -o "$work/public.lock"
python3 - "$work/all.lock" "$work/public.lock" "$links" <<'P'
import hashlib, pathlib, re, sys
def entries(path):
    return re.split(r"(?m)^(?=[A-Za-z0-9])", pathlib.Path(path).read_text())
public = next(e for e in entries(sys.argv[2]) if e.startswith("torch=="))
version = re.match(r"torch==([\d.]+)", public)[1]
hashes = set(re.findall(r"sha256:[0-9a-f]{64}", public))
for wheel in pathlib.Path(sys.argv[3]).glob(f"torch-{version}+cpu-*.whl") if sys.argv[3] else []:
    hashes.add("sha256:" + hashlib.sha256(wheel.read_bytes()).hexdigest())
lines = [f"    --hash={h}" for h in sorted(hashes)]
pathlib.Path("requirements/torch.lock").write_text(" \\\n".join([f"torch=={version}", *lines]) + "\n")
rest = [e for e in entries(sys.argv[1]) if not e.startswith(("torch==", "nvidia-", "triton=="))]
pathlib.Path("requirements/runtime.lock").write_text("".join(rest))
P
# torch has its own lock; what the tests add must not bring another build of it.
{ cat requirements/overrides.txt; printf "torch ; python_version < '3'\n"; } > "$work/overrides.txt"
"$uv" pip compile requirements/dev.in -c requirements/runtime.lock "${common[@]}" --override "$work/overrides.txt" -o requirements/dev.lock
