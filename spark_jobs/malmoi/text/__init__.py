"""Text in, text and findings out: pure functions over strings, without engines.

The loops over single nodes and letters that Python is too slow for are in ``.pyx`` files: Cython, compiled in place by
``spark_jobs/compile.py``, which ``make setup`` runs whenever one of them changed. None of them has a second version in Python.
"""
