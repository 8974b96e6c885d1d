"""One packed release for all tests of this folder."""

import pytest
from tests.train.corpus import pack_release


@pytest.fixture(scope="session")
def packed(tmp_path_factory):
    """``(lake, recipe, path of tokens.json)``; not to be changed."""
    return pack_release(tmp_path_factory.mktemp("lake"))
