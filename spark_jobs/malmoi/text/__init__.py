"""Text in, text and findings out: pure functions over strings, without engines.

The loops over single nodes and letters that Python is too slow for are in ``.pyx`` files: Cython, compiled in place by
``spark_jobs/compile.py``, which ``make setup`` runs whenever one of them changed. None of them has a second version in Python.
"""

from pathlib import Path

if not (Path(__file__).parents[1] / "compiled").exists():
    raise ImportError("the modules in Cython are not compiled: run `make setup`, or python spark_jobs/compile.py")
