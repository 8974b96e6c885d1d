"""The order of training: shares kept, every window once an epoch, the same after a restart."""

from collections import Counter

import numpy as np
import pytest

from malmoi.contracts.errors import ContractError
from malmoi.contracts.tokens import TokensManifest
from malmoi.train.loader import Loader
from malmoi.train.order import BLOCK, Order, permuted


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1_000, 4_097])
def test_a_permutation_meets_every_window_once(size):
    keys = np.full(size, 12345, np.uint64)
    assert sorted(permuted(np.arange(size), size, keys)) == list(range(size))


def test_another_key_gives_another_permutation():
    one, two = (permuted(np.arange(1_000), 1_000, np.full(1_000, key, np.uint64)) for key in (1, 2))
    assert (one == two).mean() < 0.05


def test_every_window_once_before_any_twice():
    order = Order([0.5, 0.5], [10, 40], seed=3)
    drawn = Counter(order.samples(0, 400))
    for source, windows in ((0, 10), (1, 40)):
        counts = [drawn[source, window] for window in range(windows)]
        assert max(counts) - min(counts) <= 1


@pytest.mark.parametrize("count", [100, 10_000, 3 * BLOCK])
def test_shares_are_kept_at_every_length(count):
    shares = [0.6, 0.3, 0.1]
    drawn = Counter(source for source, _ in Order(shares, [50, 50, 50], seed=9).samples(0, count))
    for source, share in enumerate(shares):
        assert abs(drawn[source] - share * count) <= 5


def test_a_restart_goes_on_where_it_stopped():
    whole = Order([0.7, 0.3], [900, 70], seed=5).samples(BLOCK - 50, 200)
    parts = Order([0.7, 0.3], [900, 70], seed=5)
    assert parts.samples(BLOCK + 50, 100) == whole[100:]
    assert parts.samples(BLOCK - 50, 100) == whole[:100]


def test_another_seed_gives_another_order():
    one, two = (Order([0.5, 0.5], [100, 100], seed=seed).samples(0, 100) for seed in (1, 2))
    assert one != two


def test_ranks_share_a_batch_and_windows_are_tokens_of_the_files(packed):
    lake, _, path = packed
    manifest = TokensManifest.load(path)
    loader = Loader(lake, manifest, 32, 8, seed=1)
    whole = loader.batch(3)
    assert whole.shape == (8, 33)
    assert np.array_equal(np.concatenate([loader.batch(3, rank, 4) for rank in range(4)]), whole)
    held = {tuple(row) for step in range(200) for row in loader.batch(step)}
    from malmoi.train.tokens import open_tokens

    windows = set()
    for file in manifest.of("train"):
        ids = open_tokens(lake.join(file.prefix)).ids
        windows |= {tuple(ids[start : start + 33].tolist()) for start in range(0, len(ids) - 32, 32)}
    assert held <= windows
    assert len(held) == len(windows) == sum(loader.windows.values())


def test_a_release_that_fills_no_window(packed):
    lake, _, path = packed
    with pytest.raises(ContractError, match=r"no source has 1000001 tokens .* lower train\.sequence_tokens"):
        Loader(lake, TokensManifest.load(path), 1_000_000, 4, seed=1)
