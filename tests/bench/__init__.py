"""Benchmarks: ratios measured in one run, printed as one table. Run them with `make bench`.

They are no tests: a figure depends on the machine and on what else it does. Each module measures
one promise against something known, in the same process and interleaved.
"""
