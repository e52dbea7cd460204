"""Promises written as Gherkin: the pytest plugin, its steps in Chinese and English, coverage of definitions."""
