"""One small Spark session for the tests of this folder."""

import pytest


@pytest.fixture(scope="session")
def spark():
    from malmoi.spark.session import session

    session_ = session("tests")
    yield session_
    session_.stop()
