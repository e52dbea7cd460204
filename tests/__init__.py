"""Tests of partybuild_flow."""
