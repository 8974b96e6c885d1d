"""Components against a plain union-find, on shapes that break naive label passing."""

import random

import pytest

from malmoi.spark.components import components

pytestmark = pytest.mark.spark


def union_find(edges):
    parent = {}

    def root(node):
        parent.setdefault(node, node)
        while parent[node] != node:
            node = parent[node]
        return node

    for one, two in edges:
        one, two = sorted((root(one), root(two)))
        parent[two] = one
    return {node: root(node) for node in parent}


def shapes():
    rng = random.Random(1)
    yield "path", [(f"n{i:03d}", f"n{i + 1:03d}") for i in range(60)]
    yield "star", [("n500", f"n{i:03d}") for i in range(40)]
    yield "two", [("a", "b"), ("c", "d"), ("d", "e"), ("a", "a")]
    yield "random", [(f"n{rng.randrange(120):03d}", f"n{rng.randrange(120):03d}") for _ in range(110)]


@pytest.mark.parametrize(("name", "edges"), list(shapes()), ids=lambda v: v if isinstance(v, str) else "")
def test_components_are_those_of_union_find(spark, name, edges):
    found = components(spark, spark.createDataFrame(edges, "low string, high string")).collect()
    expected = {n: r for n, r in union_find([e for e in edges if e[0] != e[1]]).items()}
    assert {row.id: row.component for row in found} == expected
    assert len(found) == len(expected)
