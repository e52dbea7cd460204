"""Benchmark programs: ratios against something measured beside them in the same run. See README.md."""
